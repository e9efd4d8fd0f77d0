"""Recorded CPU facts -> archspec's name, level, and what is missing.

archspec's data, our reading: `archspec.cpu.host()` looks at the running machine only, so this
applies the selection of each release (archspec/cpu/detect.py, `host`) to facts from anywhere,
over the JSON that any root's archspec ships.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from doctor.cpu import archspec_folder
from doctor.model import Cpu, LevelFeatures, Microarchitecture, Nearest
from doctor.version import at_least

X86_LEVELS = ("x86_64", "x86_64_v2", "x86_64_v3", "x86_64_v4")

LEVEL_ONE = frozenset(("cmov", "cx8", "fpu", "fxsr", "mmx", "sse", "sse2", "syscall"))
"""Features of level 1, which archspec leaves unsaid or asks for at level 2 (x86-64 psABI, table of
micro-architecture levels); a CPU in 64-bit mode has them all."""


class Target(Struct, frozen=True):
    """One archspec target: a named microarchitecture or a generic level."""

    name: str
    parents: tuple[str, ...]
    vendor: str
    features: frozenset[str]
    generation: int = 0
    part: str = ""


class Database:
    """The targets that one archspec release knows, with the way that release selects."""

    def __init__(
        self,
        release: str,
        targets: Mapping[str, Target],
        darwin_flags: Mapping[str, str],
        arm_vendors: Mapping[str, str],
    ) -> None:
        """Holds one release's tables."""
        self.release = release
        self.targets = targets
        self.darwin_flags = darwin_flags
        self.arm_vendors = arm_vendors

    @cached_property
    def ancestors(self) -> Mapping[str, tuple[str, ...]]:
        """Ancestors of every target, nearest first, in archspec's order."""
        known: dict[str, tuple[str, ...]] = {}

        def climb(name: str) -> tuple[str, ...]:
            if name not in known:
                order = list(self.targets[name].parents)
                for parent in self.targets[name].parents:
                    order.extend(a for a in climb(parent) if a not in order)
                known[name] = tuple(order)
            return known[name]

        for name in self.targets:
            climb(name)
        return known

    def generic(self, name: str) -> str:
        """Deepest generic target that `name` implies, which is archspec's `.generic`."""
        line = [n for n in (name, *self.ancestors[name]) if self.targets[n].vendor == "generic"]
        return max(line, key=lambda n: len(self.ancestors[n]))

    def level(self, name: str) -> str | None:
        """Level of a target: its generic target; for Power its generation (`power9le`)."""
        if name not in self.targets:
            return None
        line = (name, *self.ancestors[name])
        if "ppc64le" in line or "ppc64" in line:
            return name
        return self.generic(name)

    def required(self, name: str) -> frozenset[str]:
        """Features that a target and all its ancestors ask for."""
        line = (name, *self.ancestors[name])
        return frozenset().union(*(self.targets[n].features for n in line))

    def host(self, cpu: Cpu) -> str | None:
        """The name that this release's `archspec.cpu.host()` gives; `None` if nothing is known."""
        if cpu.architecture is None or (cpu.features is None and cpu.architecture == "x86_64"):
            return None
        if cpu.system == "windows" and not at_least(self.release, "0.2.3"):
            return "AMD64" if cpu.architecture == "x86_64" else cpu.architecture
        compatible = self._compatible(cpu)
        return self._select(cpu, compatible) if compatible else cpu.architecture

    def _select(self, cpu: Cpu, candidates: list[str]) -> str:
        """Step 5 of `host()`: the best descendant of the best generic candidate."""

        def rank(name: str) -> tuple[int, int]:
            size = len(self.targets[name].features) if at_least(self.release, "0.1.2") else 0
            return len(self.ancestors[name]), size

        if not at_least(self.release, "0.1.3"):
            return max(candidates, key=rank)
        best = max((n for n in candidates if self.targets[n].vendor == "generic"), key=rank)
        if cpu.part and at_least(self.release, "0.2.5"):
            same = [n for n in candidates if self.targets[n].part == cpu.part]
            candidates = same or candidates
        better = [n for n in candidates if best in self.ancestors[n]]
        return max(better, key=rank) if better else best

    def _compatible(self, cpu: Cpu) -> list[str]:
        """Targets of the CPU's family that its facts admit."""
        root = cpu.architecture
        if root not in self.targets or root not in _ADMITS:
            return []
        admits = _ADMITS[root]
        family = [n for n in self.targets if n == root or root in self.ancestors[n]]
        facts = _Facts(cpu, self)
        return [n for n in family if admits(self, facts, self.targets[n])]


class _Facts:
    """A CPU as one release's detection code sees it."""

    def __init__(self, cpu: Cpu, database: Database) -> None:
        self.cpu = cpu
        self.features = frozenset(_with_sse3(_features(cpu, database), database.release))
        self.vendor = database.arm_vendors.get(cpu.vendor or "", cpu.vendor or "generic")
        self.model = _apple_model(cpu, database)


def _with_sse3(features: Iterable[str], release: str) -> set[str]:
    """ssse3 implies sse3 for CPUs and targets alike since 0.2.6 (Microarchitecture.__init__)."""
    found = set(features)
    return found | {"sse3"} if "ssse3" in found and at_least(release, "0.2.6") else found


def _features(cpu: Cpu, database: Database) -> Iterable[str]:
    """Features after this release's conversions (detect.py, `adjust_raw_flags` up to 0.2.2)."""
    if cpu.architecture != "x86_64" or not cpu.printed or cpu.system == "windows":
        return cpu.features or ()
    if cpu.system == "linux":
        if at_least(database.release, "0.2.3"):
            return cpu.features or ()
        return _by_substring(cpu.printed.get("flags", ""), database.darwin_flags).split()
    fields = ["features", "leaf7_features"]
    if at_least(database.release, "0.2.6"):
        fields.append("extfeatures")
    text = " ".join(cpu.printed.get(field, "") for field in fields).lower()
    if not at_least(database.release, "0.2.3"):
        return _by_substring(text, database.darwin_flags).split()
    found = set(text.split())
    for darwin, linux in database.darwin_flags.items():
        words = darwin.split() if at_least(database.release, "0.2.6") else [darwin]
        if found.issuperset(words):
            found.update(linux.split())
    return found


def _by_substring(text: str, conversions: Mapping[str, str]) -> str:
    """Releases up to 0.2.2 converted on every system, by substring of the whole line."""
    for darwin, linux in conversions.items():
        if darwin in text:
            text += f" {linux}"
    return text


def _apple_model(cpu: Cpu, database: Database) -> str:
    """The Apple model that this release reads out of the brand string."""
    brand = cpu.uarch
    if not at_least(database.release, "0.2.6"):
        known = "m2" if "m2" in brand and at_least(database.release, "0.2.0") else "m1"
        return known if "apple" in brand else "unknown"
    match = re.search(r"apple\s+m(\d{1,3})(?!\d)", brand)
    for number in range(int(match[1]) if match else 0, 0, -1):
        if f"m{number}" in database.targets:
            return f"m{number}"
    return "m1" if brand == "apple processor" else "aarch64"


def _admits_x86(database: Database, facts: _Facts, target: Target) -> bool:
    return target.vendor in (facts.vendor, "generic") and target.features <= facts.features


def _admits_power(database: Database, facts: _Facts, target: Target) -> bool:
    return target.generation <= (facts.cpu.generation or 0)


def _admits_aarch64(database: Database, facts: _Facts, target: Target) -> bool:
    if (
        target.vendor == "generic"
        and target.name != "aarch64"
        and at_least(database.release, "0.2.0")
    ):
        return False
    if target.vendor not in (facts.vendor, "generic"):
        return False
    if facts.cpu.system != "darwin":
        return target.features <= facts.features
    if not at_least(database.release, "0.2.0"):
        return True
    return target.name in (facts.model, *database.ancestors.get(facts.model, ()))


def _admits_riscv64(database: Database, facts: _Facts, target: Target) -> bool:
    name = (
        facts.cpu.uarch if facts.cpu.uarch in database.targets else facts.cpu.printed.get("uarch")
    )
    return target.vendor == "generic" or target.name == (name or "riscv64")


_ADMITS: dict[str, Callable[[Database, _Facts, Target], bool]] = {
    "x86_64": _admits_x86,
    "ppc64le": _admits_power,
    "ppc64": _admits_power,
    "aarch64": _admits_aarch64,
    "riscv64": _admits_riscv64,
}


# --- where databases come from ---------------------------------------------------------------


def from_json(text: str, release: str) -> Database:
    """The database in archspec's own `microarchitectures.json`.

    Raises ValueError if the text is not in that shape.
    """
    try:
        data = json.loads(text)
        targets = _targets(data["microarchitectures"], release)
        conversions = data.get("conversions", {})
        return Database(
            release,
            targets,
            conversions.get("darwin_flags", {}),
            conversions.get("arm_vendors", {}),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"is not archspec's microarchitectures.json: {error!r}") from None


def _targets(raw: Mapping[str, Mapping[str, Any]], release: str) -> dict[str, Target]:
    """All targets, parents first: archspec fills its table so, and ties go to the first."""
    found: dict[str, Target] = {}

    def fill(name: str) -> None:
        target = _target(name, raw[name], release)
        for parent in target.parents:
            if parent not in found:
                fill(parent)
        found[name] = target

    for name in raw:
        if name not in found:
            fill(name)
    return found


def _target(name: str, raw: Mapping[str, Any], release: str) -> Target:
    features = frozenset(_with_sse3(raw["features"], release))
    parents = raw.get("from") or ()  # a string or null in releases up to 0.1.2
    return Target(
        name,
        (parents,) if isinstance(parents, str) else tuple(parents),
        raw["vendor"],
        features,
        raw.get("generation", 0),
        raw.get("cpupart", ""),
    )


@cache
def installed() -> Database:
    """The database of the archspec that envdoctor itself depends on."""
    text = (archspec_folder() / "microarchitectures.json").read_text(encoding="utf-8")
    return from_json(text, newest_release())


@cache
def _differences() -> list[dict[str, Any]]:
    path = Path(__file__).parent / "data" / "archspec_releases.json"
    return json.loads(path.read_text(encoding="utf-8"))["releases"]  # type: ignore[no-any-return]


def releases() -> tuple[str, ...]:
    """The archspec releases whose differences we carry, oldest first."""
    return tuple(difference["release"] for difference in _differences())


def newest_release() -> str:
    """The newest release that we carry."""
    return releases()[-1]


@cache
def release(version: str) -> Database:
    """The database of an archspec release, or of the newest one we know that is not newer.

    Raises ValueError for a version older than the first release.
    """
    raw: dict[str, dict[str, Any]] = {}
    darwin: dict[str, str] = {}
    vendors: dict[str, str] = {}
    found = False
    for difference in _differences():
        if not at_least(version, difference["release"]):
            break
        found = True
        _apply(raw, difference)
        darwin.update(difference.get("darwin_flags", {}))
        vendors.update(difference.get("arm_vendors", {}))
        order = difference.get("order")
        if order:
            raw = {name: raw[name] for name in order.split()}
    if not found:
        raise ValueError(f"archspec {version} is older than the first release, {releases()[0]}")
    return Database(version, _targets(raw, version), darwin, vendors)


def _apply(raw: dict[str, dict[str, Any]], difference: Mapping[str, Any]) -> None:
    """Applies one release's changes; feature changes are written `+added -removed`."""
    for name in difference.get("dropped", ()):
        del raw[name]
    for name, change in difference["changed"].items():
        entry = {"features": [], **raw.get(name, {}), **change}
        features = list(raw.get(name, {}).get("features", []))
        for word in change.get("features", "").split():
            if word.startswith("-"):
                features.remove(word[1:])
            else:
                features.append(word.removeprefix("+"))
        raw[name] = {**entry, "features": features}


# --- what a CPU is and lacks -----------------------------------------------------------------


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
