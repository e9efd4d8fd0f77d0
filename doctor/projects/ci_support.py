""".ci_support/*.yaml: one file per job of continuous integration, with the level it builds."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects.recipe_files import Part, listed
from doctor.projects.recipe_levels import UNTESTABLE
from doctor.projects.recipe_reader import rows

FORM = "continuous integration of a recipe"
PLACES: tuple[tuple[str, str], ...] = (
    ("", "linux_64_*.yaml"),
    ("", "osx_64_*.yaml"),
    ("", "win_64_*.yaml"),
    (".ci_support", "*.yaml"),
)

_SIGNS = tuple(
    re.compile(rf"^{key}:", re.MULTILINE) for key in ("channel_sources", "target_platform")
)


def fits(name: str, text: str) -> bool:
    """Whether it holds what every file that conda-smithy makes holds."""
    return name.endswith(".yaml") and all(sign.search(text) for sign in _SIGNS)


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """The level that is built, where a runner cannot be relied on to have it."""
    for one in listed(Part(path, tuple(rows(text, selectors=False)))):
        if one.level == UNTESTABLE:
            yield one.row.pinned(path, "recipe-level-not-tested", one.level)
