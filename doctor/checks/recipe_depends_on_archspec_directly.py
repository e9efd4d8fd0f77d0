"""A recipe's package depends on one CPU name instead of on a level."""

from collections.abc import Iterator

from doctor.checks.recipe_lines import DOCUMENTATION, finding, lines
from doctor.model import Finding, Report, Severity

ID = "recipe-depends-on-archspec-directly"
GROUP = "recipes"
SYMPTOM = "My package installs on the machine that built it, and nowhere else"
CAUSE = (
    "__archspec has one name per CPU, and a build is matched as it is: `skylake` fits no zen4, and "
    "`x86_64_v3` fits only clients that know levels and no names."
)
DETECTED = (
    "A run requirement of the recipe is __archspec itself, with the name of a CPU or of a level."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (DOCUMENTATION, "conda-forge/microarch-level-feedstock 6858122:recipe/gen.py")


def check(report: Report) -> Iterator[Finding]:
    """One error per requirement for a CPU name."""
    for line in lines(report, ID):
        yield finding(
            report,
            line,
            Severity.ERROR,
            "The package asks for one CPU name",
            "It cannot be installed on any other CPU, not on newer ones either; and conda, which "
            "says skylake where mamba says x86_64_v3, disagrees with mamba about the same machine.",
            "" if line.corrected else "Ask for a level instead: _x86_64-microarch-level >=N",
        )
