"""A level is built, and its tests are left out, or run only where a runner has that CPU."""

from collections.abc import Iterator, Sequence

from doctor.checks.project_lines import at, evidence
from doctor.checks.recipe_lines import FEEDSTOCK, lines
from doctor.model import Evidence, Finding, PinnedLine, Remedy, Report, Severity

ID = "recipe-level-not-tested"
GROUP = "recipes"
SYMPTOM = "The build for AVX-512 is broken, and continuous integration was green"
CAUSE = (
    "Runners of continuous integration cannot be relied on to have level 4, so recipes skip the "
    "tests of that build."
)
DETECTED = (
    "A line of the recipe leaves out the tests of a level that it builds, or a job of continuous "
    "integration builds level 4, which runners need not have."
)
REMEDIES = ("advice",)
ADVICE = (
    "Run its tests where `lscpu` on the runner lists the features of that level.",
    "Otherwise try the built package on such a machine before you merge.",
)
SOURCES = (FEEDSTOCK, "conda-forge/graph-tool-feedstock 41ec9a5:recipe/meta.yaml")

SHOWN = 6
"""As many lines are shown: a feedstock has one job per level and Python."""


def check(report: Report) -> Iterator[Finding]:
    """One note per level."""
    found = list(lines(report, ID))
    for level in sorted({line.level or 0 for line in found}):
        yield _finding(level, [line for line in found if (line.level or 0) == level])


def _finding(level: int, found: Sequence[PinnedLine]) -> Finding:
    return Finding(
        ID,
        at(found[0]),
        Severity.NOTE,
        f"The build of level {level} may never be tested",
        "If it is broken, the first to notice are users whose CPU has that level, because they "
        "get this build before all others.",
        (),
        tuple(_evidence(found)),
        tuple(Remedy(words) for words in ADVICE),
        SOURCES[0],
    )


def _evidence(found: Sequence[PinnedLine]) -> Iterator[Evidence]:
    yield from (evidence(line) for line in found[:SHOWN])
    if len(found) > SHOWN:
        yield Evidence(f"and {len(found) - SHOWN} more such lines", at(found[SHOWN]))
