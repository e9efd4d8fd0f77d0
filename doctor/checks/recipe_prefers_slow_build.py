"""A recipe gives its build for more capable CPUs less priority than the one for all."""

from collections.abc import Iterator

from doctor.checks.recipe_lines import DOCUMENTATION, finding, lines
from doctor.model import Finding, Report, Severity

ID = "recipe-prefers-slow-build"
GROUP = "recipes"
SYMPTOM = "I have AVX2, and the solver chose the level-1 build"
CAUSE = (
    "On a capable CPU every build fits. Of those of one version the solver takes the one with the "
    "fewest track_features (down_prioritize_variant adds some), then the highest build number: "
    "the recipe gives that place to a lower level."
)
DETECTED = (
    "Build numbers and down_prioritize_variant are worked out for every level that the recipe "
    "builds, and compared as solvers do."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (
    DOCUMENTATION,
    "conda-forge/awkward-cpp-feedstock 30ffcc8:recipe/recipe.yaml",
    "conda-forge/suitesparse-feedstock 9aa816e:recipe/recipe.yaml",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per line that prefers the slower build."""
    for line in lines(report, ID):
        yield finding(
            report,
            line,
            Severity.WARNING,
            "Solvers prefer the slower build",
            "Users whose CPU could run the faster build get the slower one without a word, unless "
            "they ask for the other build by its string.",
            ""
            if line.corrected is not None
            else "Turn it round: the higher the level, the higher the build number and the lower "
            "down_prioritize_variant.",
        )
