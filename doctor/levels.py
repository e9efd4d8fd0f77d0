"""The level packages that conda-forge published, and which builds a solver can match.

Source: conda-forge/microarch-level-feedstock, recipe/gen.py and recipe/variants.yaml at the
commits below. Legacy builds (`N_NAME`) accept exactly one name; since build number 4 there are
also level builds (`4_levelN`) whose regular expression lists every name of that level or higher.
"""

from msgspec import Struct

from doctor.model import VirtualPackage

X86_NAMES: dict[int, tuple[str, ...]] = {
    1: ("x86_64", "nocona", "core2", "k10"),
    2: (
        "x86_64_v2", "nehalem", "westmere", "sandybridge", "ivybridge", "bulldozer", "piledriver",
        "steamroller",
    ),
    3: (
        "x86_64_v3", "haswell", "broadwell", "skylake", "mic_knl", "cannonlake", "excavator", "zen",
        "zen2", "zen3",
    ),
    4: (
        "x86_64_v4", "skylake_avx512", "cascadelake", "icelake", "zen4", "sapphirerapids", "zen5",
    ),
}  # fmt: skip
"""Names by level, feedstock commit 0d86631 (archspec 0.2.5's table)."""

PPC64LE_NAMES: dict[int, tuple[str, ...]] = {
    8: ("ppc64le", "power8le"),
    9: ("power9le",),
    10: ("power10le",),
}


class Generation(Struct, frozen=True):
    """The level builds with one build number, as they were last published."""

    number: int
    since: str
    commit: str
    dependency: str
    lacks: tuple[str, ...] = ()
    level_builds: bool = False

    def names(self, family: str) -> dict[int, tuple[str, ...]]:
        """Names by level that this generation's builds know, for `x86_64` or `ppc64le`."""
        table = PPC64LE_NAMES if family == "ppc64le" else X86_NAMES
        return {
            level: tuple(name for name in names if name not in self.lacks)
            for level, names in table.items()
        }


GENERATIONS = (
    Generation(0, "2023-11-07", "ca02b76", "__archspec 1=NAME", ("sapphirerapids", "zen5")),
    Generation(1, "2023-11-07", "721d441", "__archspec 1=NAME", ("zen5",)),
    Generation(2, "2024-06-05", "fe52406", "__archspec 1=NAME"),
    Generation(3, "2025-11-24", "7a7e24d", "__archspec 1.* NAME"),
    Generation(4, "2026-06-17", "0d86631", "__archspec 1.* NAME", level_builds=True),
)
"""Build number 1 gained sapphirerapids and 2 gained zen5 later, without a new number."""

NEWEST = GENERATIONS[-1]


def family_of(subdir: str | None) -> str | None:
    """Which level packages a subdir has: `x86_64`, `ppc64le`, or `None` for none."""
    if subdir is None:
        return None
    if subdir == "linux-ppc64le":
        return "ppc64le"
    return "x86_64" if subdir.endswith("-64") else None


def accepted_names(number: int = NEWEST.number) -> frozenset[str]:
    """All CPU names for which some level build of that number exists."""
    generation = GENERATIONS[number]
    tables = (generation.names("x86_64"), generation.names("ppc64le"))
    return frozenset(name for table in tables for names in table.values() for name in names)


def level_name(number: int) -> str:
    """archspec's generic name for a level: `x86_64_v3` for 3, `power9le` for 9."""
    return X86_NAMES[number][0] if number in X86_NAMES else PPC64LE_NAMES[number][-1]


def level_number(name: str) -> int | None:
    """The level (1 to 4, or 8 to 10) whose builds list a name, `None` if none does."""
    for table in (X86_NAMES, PPC64LE_NAMES):
        for level, names in table.items():
            if name in names:
                return level
    return None


def installable(
    archspec: VirtualPackage | None,
    family: str,
    regex: bool,
    number: int = NEWEST.number,
    ignore_case: bool = False,
) -> tuple[int, ...]:
    """Levels of which some build can be installed where `__archspec` is `archspec`.

    `regex` says that the solver matches regular expressions in repodata (rattler's does).
    """
    generation = GENERATIONS[number]
    if archspec is None or not (archspec.version == "1" or archspec.version.startswith("1.")):
        return ()
    value = archspec.build.lower() if ignore_case else archspec.build
    own = next((n for n, names in generation.names(family).items() if value in names), None)
    if own is None:
        return ()
    if not (regex and generation.level_builds):
        return (own,)
    return tuple(level for level in generation.names(family) if level <= own)


def accepts(levels: tuple[int, ...], family: str) -> dict[str, bool]:
    """Answers to `=N` and `>=N` for every level of a family, given the installable levels."""
    known = PPC64LE_NAMES if family == "ppc64le" else X86_NAMES
    exact = {f"={level}": level in levels for level in known}
    return exact | {f">={level}": any(have >= level for have in levels) for level in known}
