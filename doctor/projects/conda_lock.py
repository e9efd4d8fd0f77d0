"""conda-lock.yml, the unified lock file of conda-lock."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects.mentions import ABOVE, EXPORTED, METAPACKAGE, Build, build_in, rows

FORM = "conda-lock lock file"
PLACES: tuple[tuple[str, str], ...] = (
    ("", "*conda-lock.yml"),
    ("", "*conda-lock.yaml"),
    ("conda", "*conda-lock.yml"),
)

LEVEL1 = "conda-lock-defaults-level1"


def fits(name: str, text: str) -> bool:
    """By its name, or by the sections of the unified format."""
    if name.lower().endswith(("conda-lock.yml", "conda-lock.yaml")):
        return True
    return all(
        re.search(pattern, text)
        for pattern in (r"(?m)^package[ \t]*:", r"(?m)^[ \t]+manager: ", r"(?m)^metadata[ \t]*:")
    )


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """The URL of each level package, once: noarch packages are listed for every platform."""
    seen = set()
    for number, line in rows(text):
        if "-microarch-level-" not in line or line.lstrip().startswith("#"):
            continue
        build = build_in(line)
        if build is not None and build not in seen:
            seen.add(build)
            yield PinnedLine(path, number, line, rule(build), build.name, build.level)


def rule(build: Build) -> str:
    """Which check judges a level package of a lock file."""
    if not build.package.startswith("_"):
        return METAPACKAGE
    if build.level in (1, 8):
        return LEVEL1
    return EXPORTED if build.name else ABOVE
