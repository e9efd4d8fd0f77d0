"""A recipe is built for higher levels only: the CPUs below get no build."""

import re
from collections.abc import Iterator

from doctor.checks.recipe_lines import DOCUMENTATION, finding, lines
from doctor.clean import one_line
from doctor.model import Finding, PinnedLine, Report, Severity

ID = "recipe-level-without-lower-build"
GROUP = "recipes"
SYMPTOM = "My package installs on my machine, and on older CPUs or with pixi not at all"
CAUSE = (
    "The variants list levels, each build asks for its level or more, and there is none for "
    "level 1, nor one that asks for no level."
)
DETECTED = (
    "The levels that the recipe's variants list are read, with the lines that skip some of them: "
    "the lowest that is built is above level 1, and nothing is built that asks for no level."
)
REMEDIES = ("correct-line", "advice")
SOURCES = (DOCUMENTATION, "https://github.com/conda-forge/conda-forge.github.io/issues/1261")


def check(report: Report) -> Iterator[Finding]:
    """One error per list of levels that begins above level 1."""
    for line in lines(report, ID):
        yield finding(
            report,
            line,
            Severity.ERROR,
            f"The lowest build is of level {line.level}: CPUs below get none",
            "The package cannot be installed below that level, nor with clients that treat every "
            "CPU as level 1: pixi as long as its project declares nothing else, micromamba before "
            "1.5.3, conda-lock by default. Where an older version without levels exists, they "
            "install that without a word.",
            _advice(line),
        )


def _advice(line: PinnedLine) -> str:
    if line.corrected is not None:
        return ""
    if line.path.endswith(("meta.yaml", "recipe.yaml")):
        return "Do not skip the lower level."
    added = re.sub(r"\b[2-4]\b", "1", line.text.strip(), count=1)
    if not added.startswith("-"):
        return "Add level 1 to the list."
    return f"Add this line above it: {one_line(added)}"
