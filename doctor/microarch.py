"""Recorded CPU facts -> archspec's name, level, and what is missing."""

from collections.abc import Iterable

from doctor.archspec_database import Database
from doctor.archspec_releases import from_json, installed, newest_release, release, releases
from doctor.model import Cpu, LevelFeatures, Microarchitecture, Nearest

__all__ = [
    "LEVEL_ONE", "X86_LEVELS", "Database", "describe", "from_json", "hidden", "installed",
    "level_features", "newest_release", "release", "releases",
]  # fmt: skip

X86_LEVELS = ("x86_64", "x86_64_v2", "x86_64_v3", "x86_64_v4")

LEVEL_ONE = frozenset(("cmov", "cx8", "fpu", "fxsr", "mmx", "sse", "sse2", "syscall"))
"""Features of level 1, which archspec leaves unsaid or asks for at level 2 (x86-64 psABI, table of
micro-architecture levels); a CPU in 64-bit mode has them all."""


def describe(cpu: Cpu, database: Database | None = None) -> Microarchitecture:
    """Name, level, features by level, and what is missing for higher levels and nearby names."""
    database = database or installed()
    name = database.host(cpu)
    if name is None:
        return Microarchitecture(release=database.release)
    level = database.level(name) or name
    if cpu.architecture != "x86_64":
        return Microarchitecture(name, level, release=database.release)
    levels = level_features(cpu, database)
    return Microarchitecture(
        name,
        level,
        missing=_missing(cpu, database, level),
        nearest=_nearest(cpu, database, name),
        levels=levels,
        release=database.release,
    )


def level_features(cpu: Cpu, database: Database) -> tuple[LevelFeatures, ...]:
    """What each x86-64 level adds, split into have and lacks."""
    have = _printed_features(cpu)
    rows = []
    below: frozenset[str] = frozenset()
    for level in X86_LEVELS:
        wanted = database.required(level) if level in database.targets else frozenset()
        added = wanted - below | (LEVEL_ONE if level == "x86_64" else frozenset())
        below |= added
        rows.append(LevelFeatures(level, _sorted(added & have), _sorted(added - have)))
    return tuple(rows)


def hidden(cpu: Cpu, name: str, database: Database | None = None) -> Nearest:
    """The features of a named microarchitecture that a CPU, which is one, does not show."""
    database = database or installed()
    wanted = database.required(name) if name in database.targets else frozenset()
    return Nearest(name, _sorted(wanted - _printed_features(cpu)))


def _printed_features(cpu: Cpu) -> frozenset[str]:
    """Features with what they imply: ssse3 implies sse3, 64-bit mode the rest of level 1."""
    have = frozenset(cpu.features or ())
    if "pni" in have or "ssse3" in have:
        have |= {"sse3"}
    if cpu.system != "linux" or "lm" in have:
        have |= LEVEL_ONE
    return have


def _missing(cpu: Cpu, database: Database, level: str) -> dict[str, tuple[str, ...]]:
    have = _printed_features(cpu)
    higher = [n for n in X86_LEVELS if n in database.targets and level in database.ancestors[n]]
    return {name: _sorted(database.required(name) - have) for name in higher}


def _nearest(cpu: Cpu, database: Database, name: str, limit: int = 3) -> tuple[Nearest, ...]:
    """Named targets of this vendor beyond the detected one, fewest missing features first.

    Of a CPU that has a name only its descendants are near: other families are not what it lacks.
    """
    have = _printed_features(cpu)
    generic = database.targets[name].vendor == "generic"
    family = [
        target
        for target in database.targets.values()
        if target.vendor == cpu.vendor
        and "x86_64" in database.ancestors[target.name]
        and target.name not in (name, *database.ancestors[name])
    ]
    ranked = [Nearest(t.name, _sorted(database.required(t.name) - have)) for t in family]
    floor = len(database.ancestors[database.generic(name)])
    near = [
        n
        for n in ranked
        if 0 < len(n.missing) <= 6
        and len(database.ancestors[database.generic(n.name)]) >= floor
        and (generic or name in database.ancestors[n.name])
    ]
    depth = database.ancestors
    near.sort(key=lambda n: (len(n.missing), -len(depth[n.name]), n.name))
    return tuple(near[:limit])


def _sorted(features: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(features))
