"""A recipe names builds of a level package, or matches CPU names by a regular expression."""

from collections.abc import Iterator

from doctor.checks.recipe_lines import finding, lines
from doctor.model import Finding, Report, Severity

ID = "recipe-regex-requirement"
GROUP = "recipes"
SYMPTOM = "My package installs with pixi, and with conda and mamba not"
CAUSE = (
    "Only rattler's solver matches regular expressions on builds in repodata. conda's classic "
    "solver and libsolv do not, so neither an expression nor a build N_levelM, which depends on "
    "one, ever fits; any other build of a level package fits one CPU name only."
)
DETECTED = (
    "A requirement of the recipe matches the build of a level package or of __archspec by a "
    "regular expression, or names such a build."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/1853",
    "https://github.com/mamba-org/mamba/issues/3169",
    "conda-forge/microarch-level-feedstock 6858122:recipe/gen.py",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per such requirement."""
    for line in lines(report, ID):
        yield finding(
            report,
            line,
            Severity.ERROR,
            "A requirement on builds that not every solver can match",
            "Some clients cannot install the package on any CPU, or on one kind of CPU only.",
            "" if line.corrected else "Ask for a level instead: _x86_64-microarch-level >=N",
            SOURCES[0],
        )
