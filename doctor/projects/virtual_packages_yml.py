"""virtual-packages.yml, by which conda-lock is told what machine to solve for."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.naming import meant
from doctor.projects import override_lines
from doctor.projects.conda_lock import LEVEL1
from doctor.projects.mentions import rows

FORM = "conda-lock virtual packages"
PLACES: tuple[tuple[str, str], ...] = (
    ("", "*virtual-packages*.yml"),
    ("", "*virtual-packages*.yaml"),
)

_ARCHSPEC = re.compile(
    r"[ \t]*[\"']?__archspec[\"']?[ \t]*:[ \t]*[\"']?[\d.*]{1,10}[ =]{1,10}([^\s\"'#]{1,100})"
)


def fits(name: str, text: str) -> bool:
    """YAML with `subdirs:` and `packages:`, as conda-lock's own defaults have it."""
    if not name.lower().endswith((".yml", ".yaml")):
        return False
    named = "virtual-packages" in name.lower() or "__" in text
    return named and re.search(r"(?m)^\ufeff?subdirs[ \t]*:", text) is not None


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Names of one CPU, and names that archspec does not know."""
    for number, line in rows(text):
        found = _ARCHSPEC.match(line)
        if found is None:
            continue
        name = meant(found[1])
        level = override_lines.generic(name) if name else None
        if name is not None and override_lines.level_of(name) is None:
            continue  # of a family that has no levels
        if level != found[1]:
            fixed = line[: found.start(1)] + level + line[found.end(1) :] if level else None
            number_of = override_lines.level_of(name)
            yield PinnedLine(path, number, line, LEVEL1, name, number_of, fixed)
