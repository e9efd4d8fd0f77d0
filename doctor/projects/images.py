"""Old clients that a container image or a CI step names by version."""

import re

from doctor.model import PinnedLine
from doctor.virtual import era_at
from doctor.virtual.libmamba import ERAS

RULE = "old-client-in-project-file"
NEWER = "2.0.5"
"""A release of micromamba that spells levels rightly and reads the override."""

_SUFFIXES = {"": "", "-bookworm-slim": "-debian12-slim", "-debian12-slim": "-debian12-slim"}
"""Image tags of 1.5 -> what the same base is called for the newer release, where that is known."""

_VERSION = r"(\d{1,2}\.\d{1,2}\.\d{1,2}(?:(?:alpha|beta|rc)\d{1,2})?)"
_IMAGE = re.compile(rf"(?:mambaorg|mamba-org)/micromamba:{_VERSION}((?:-[\w.-]*)?)(@sha256:)?")
_INPUT = re.compile(rf"micromamba-version[\"']?[ \t]{{0,20}}:[ \t]{{0,20}}[\"']?{_VERSION}(-\d+)?")
_DOWNLOAD = re.compile(rf"/micromamba/(?:linux|osx|win)-[\w-]{{2,10}}/{_VERSION}(?![\w.])")


def old_client(path: str, row: tuple[int, str], code: str) -> PinnedLine | None:
    """The line, if it names a release of micromamba that spells levels with a hyphen."""
    number, line = row
    for pattern in (_IMAGE, _INPUT, _DOWNLOAD):
        found = pattern.search(code)
        if found is not None and "hyphen" in (era_at(ERAS, found[1]).fault or ""):
            return PinnedLine(path, number, line, RULE, corrected=_corrected(line, found))
    return None


def _corrected(line: str, found: re.Match[str]) -> str | None:
    if found.re is not _IMAGE:
        new = f"{NEWER}-0" if found.re is _INPUT else NEWER
        return line[: found.start(1)] + new + line[found.end() :]
    suffix = _SUFFIXES.get(found[2])
    if suffix is None or found[3]:
        return None
    return line[: found.start(1)] + NEWER + suffix + line[found.end() :]
