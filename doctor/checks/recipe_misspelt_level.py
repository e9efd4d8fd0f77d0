"""A recipe spells a level or its package with the wrong mixture of hyphens and underscores."""

from collections.abc import Iterator

from doctor.checks.recipe_lines import DOCUMENTATION, finding, lines
from doctor.model import Finding, Report, Severity

ID = "recipe-misspelt-level"
GROUP = "recipes"
SYMPTOM = "nothing provides _x86-64-microarch-level, or __archspec x86_64-v3"
CAUSE = (
    "The packages are _x86_64-microarch-level and x86_64-microarch-level, the names x86_64_v2 to "
    "x86_64_v4: a build string cannot contain a hyphen."
)
DETECTED = (
    "Names in the recipe are compared with those of the levels and of their packages, without "
    "regard to hyphens and underscores; this one differs in those only."
)
REMEDIES = ("correct-line",)
SOURCES = (DOCUMENTATION, "https://github.com/mamba-org/mamba/issues/3222")


def check(report: Report) -> Iterator[Finding]:
    """One error per such spelling."""
    for line in lines(report, ID):
        yield finding(
            report,
            line,
            Severity.ERROR,
            "A level that is spelt as no package is",
            "No package and no CPU has that name, so no client can build or install this.",
        )
