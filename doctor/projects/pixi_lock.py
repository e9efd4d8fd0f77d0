"""pixi.lock, versions 6 and 7."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects import override_lines
from doctor.projects.mentions import ABOVE, METAPACKAGE, Build, build_in, rows

FORM = "pixi lock file"
PLACES: tuple[tuple[str, str], ...] = (("", "pixi.lock"),)

LEVEL1 = "pixi-solver-ignores-host"
PLATFORM = "pixi-v3-platform-accepted-on-old-host"

_DECLARED = re.compile(r"[ \t]*-[ \t]+[\"']?__archspec=[\w.*]{0,20}=(\w{1,60})")


def fits(name: str, text: str) -> bool:
    """By its name."""
    return name == "pixi.lock"


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Declared CPUs above the lowest level, and the URL of each level package, once.

    The version 0 of `__archspec=0=x86_64` is pixi's way of writing it: nothing is wrong with that.
    """
    seen: set[Build] = set()
    for number, line in rows(text):
        declared = _DECLARED.match(line)
        if declared is not None:
            level = override_lines.level_of(declared[1])
            if level not in (None, 1, 8):
                yield PinnedLine(path, number, line, PLATFORM, declared[1], level)
        elif "-microarch-level-" in line and not line.lstrip().startswith("#"):
            build = build_in(line)
            if build is not None and build not in seen:
                seen.add(build)
                yield PinnedLine(path, number, line, _rule(build), build.name, build.level)


def _rule(build: Build) -> str:
    if not build.package.startswith("_"):
        return METAPACKAGE
    return LEVEL1 if build.level in (1, 8) else ABOVE
