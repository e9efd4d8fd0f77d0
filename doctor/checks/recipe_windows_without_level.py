"""A recipe uses levels in a way that fails on Windows, or that leaves Windows users unprotected."""

from collections.abc import Iterator

from doctor.checks.recipe_lines import DOCUMENTATION, finding, lines
from doctor.model import Finding, PinnedLine, Report, Severity

ID = "recipe-windows-without-level"
GROUP = "recipes"
SYMPTOM = "My recipe with levels does not build on Windows, or crashes there on older CPUs"
CAUSE = (
    "x86_64-microarch-level is for unix: on Windows it sets no flags and adds no dependency. "
    "_x86_64-microarch-level can be installed there, but has to be asked for."
)
DETECTED = (
    "The lines that hold on Windows are read: a requirement for the package that is for unix, a "
    "compiler's flag /arch:AVX2 or /arch:AVX512, or a build of a higher level that asks for no "
    "level."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (
    DOCUMENTATION,
    "conda-forge/microarch-level-feedstock 6858122:recipe/recipe.yaml",
    "conda-forge/blasfeo-feedstock e5986e5:recipe/meta.yaml",
)
ASK = "  - _x86_64-microarch-level >=N  with N the build's level, on Windows"


def check(report: Report) -> Iterator[Finding]:
    """An error per line that cannot work; a warning for levels that nothing asks for."""
    for line in lines(report, ID):
        if "microarch-level" in line.text and line.level is None:
            yield _unbuildable(report, line)
        elif "/arch:" in line.text.lower():
            yield _flag(report, line)
        else:
            yield _unasked(report, line)


def _unbuildable(report: Report, line: PinnedLine) -> Finding:
    return finding(
        report,
        line,
        Severity.ERROR,
        "The Windows build needs a package that is for unix only",
        "It cannot be built: x86_64-microarch-level needs __unix.",
        "" if line.corrected else "Ask for it on unix only, with `if: unix and x86_64`.",
    )


def _flag(report: Report, line: PinnedLine) -> Finding:
    return finding(
        report,
        line,
        Severity.ERROR,
        f"The Windows build is compiled for level {line.level} and asks for no level",
        "It installs on every CPU, and stops with an illegal instruction on those below.",
        f"Add to the run requirements: {ASK.strip()}",
    )


def _unasked(report: Report, line: PinnedLine) -> Finding:
    return finding(
        report,
        line,
        Severity.WARNING,
        f"A Windows build of level {line.level} that asks for no level",
        "Nothing keeps it from CPUs below. If it is compiled for that level it stops there with "
        "an illegal instruction; if not, it is the same build twice.",
        f"List the level for unix only, or add to the run requirements: {ASK.strip()}",
    )
