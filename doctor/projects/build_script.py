"""Scripts that build a package on Windows: what they tell the compiler about the CPU."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine

FORM = "Windows build script of a recipe"
PLACES: tuple[tuple[str, str], ...] = (("", "bld.bat"), ("", "build.bat"), ("recipe", "*.bat"))

_FLAG = re.compile(r"/arch:AVX", re.IGNORECASE)


def fits(name: str, text: str) -> bool:
    """Whether it sets such a flag at all."""
    return name.endswith(".bat") and _FLAG.search(text) is not None


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Nothing: a flag is right or wrong beside what the recipe depends on."""
    yield from ()
