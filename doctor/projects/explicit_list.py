"""Explicit lists (`@EXPLICIT`): URLs that are installed without a solve."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects.mentions import ABOVE, EXPORTED, METAPACKAGE, build_in, rows

FORM = "explicit list"
PLACES: tuple[tuple[str, str], ...] = tuple(
    (folder, pattern)
    for folder in ("", "envs", "conda")
    for pattern in (
        "*explicit*", "*.lock", "*spec*.txt", "*conda*.txt", "*env*.txt", "*lock*.txt",
        "*linux-64*.txt", "*osx-64*.txt", "*win-64*.txt", "*packages*.txt", "requirements*.txt",
    )
)  # fmt: skip
"""Names that people give such lists: any other text file here is none of our business."""


def fits(name: str, text: str) -> bool:
    """Any file with the line `@EXPLICIT`."""
    return re.search(r"(?m)^\ufeff?@EXPLICIT[ \t]*\r?$", text) is not None


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Level packages above the lowest level; build metapackages."""
    for number, line in rows(text):
        if "-microarch-level-" not in line or line.lstrip().startswith("#"):
            continue
        build = build_in(line)
        if build is None:
            continue
        if not build.package.startswith("_"):
            yield PinnedLine(path, number, line, METAPACKAGE, None, build.level, "")
        elif build.level not in (1, 8):
            rule = EXPORTED if build.name else ABOVE
            yield PinnedLine(path, number, line, rule, build.name, build.level)
