"""A recipe's package depends on exactly one level, where that level or more is meant."""

from collections.abc import Iterator

from doctor.checks.recipe_lines import DOCUMENTATION, finding, lines
from doctor.levels import PPC64LE_NAMES, X86_NAMES
from doctor.model import Finding, PinnedLine, Report, Severity

ID = "recipe-exact-level"
GROUP = "recipes"
SYMPTOM = "The optimised build of my package does not install on newer CPUs"
CAUSE = (
    "A version alone is an exact one. conda and mamba can install the level package of the CPU's "
    "own level only, so level 3 exactly leaves level 4 out."
)
DETECTED = "A run requirement of the recipe names a level package with a version and no comparison."
REMEDIES = ("correct-line",)
SOURCES = (
    DOCUMENTATION,
    "conda-forge/graph-tool-feedstock 41ec9a5:recipe/meta.yaml",
    "https://github.com/mamba-org/mamba/issues/3698",
)

_HIGHEST = (max(X86_NAMES), max(PPC64LE_NAMES))


def check(report: Report) -> Iterator[Finding]:
    """An error per exact level; a note for the highest, above which there is nothing yet."""
    for line in lines(report, ID):
        yield _highest(report, line) if line.level in _HIGHEST else _other(report, line)


def _other(report: Report, line: PinnedLine) -> Finding:
    return finding(
        report,
        line,
        Severity.ERROR,
        f"The package asks for CPUs of level {line.level} and not of more"
        if line.level
        else "The package asks for a level that does not exist",
        "With conda, mamba and micromamba it cannot be installed on CPUs of a higher level, which "
        "run it as well; they get a slower build, or none.",
    )


def _highest(report: Report, line: PinnedLine) -> Finding:
    return finding(
        report,
        line,
        Severity.NOTE,
        f"The package asks for exactly level {line.level}, the highest there is",
        "Nothing breaks today. On the day that a higher level is published, CPUs of that level "
        "cannot install it any more.",
    )
