"""environment.yml as conda, mamba and micromamba read and export it."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects import override_lines
from doctor.projects.mentions import (
    BLOCK,
    FLOW,
    Mention,
    Pin,
    code,
    is_only_child,
    item,
    mentions,
    pin,
    replaced,
    rows,
)

FORM = "conda environment"
PLACES: tuple[tuple[str, str], ...] = tuple(
    (folder, pattern)
    for folder in ("", "envs", "environments", "conda", "ci", "binder", ".binder", "workflow/envs")
    for pattern in ("*.yml", "*.yaml")
)

_KEY = re.compile(r"[\"']?([A-Za-z][\w-]*)[\"']?[ \t]*:")
_PIP = re.compile(r"([ \t]*)-[ \t]+[\"']?pip[\"']?[ \t]*:")
_SELECTOR = re.compile(r"sel\([^()]{0,40}\):|![\w!]{0,40}")
_ANCHOR = re.compile(r"&\S{1,60}")


def fits(name: str, text: str) -> bool:
    """A YAML file with `dependencies:` that is no lock file."""
    if not name.lower().endswith((".yml", ".yaml")):
        return False
    if re.search(r"(?m)^\ufeff?[\"']?dependencies[\"']?[ \t]*:", text) is None:
        return False
    return re.search(r"(?m)^(?:package|requirements)[ \t]*:", text) is None


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Pins among the dependencies, and an override among the environment's variables."""
    for row, section in _sections(text):
        if section == "dependencies" and "-microarch-level" in row[1]:
            yield from _dependencies(path, row)
        elif section == "variables" and override_lines.VARIABLE in row[1]:
            for setting in override_lines.settings(code(row[1])):
                left = override_lines.without(row[1], setting)
                alone = left == "" and is_only_child(text.split("\n"), row[0])
                yield override_lines.pinned(path, row, setting, None if alone else left)


def _sections(text: str) -> Iterator[tuple[tuple[int, str], str]]:
    """Lines with the top-level key they stand under, without what pip installs."""
    section, pip = "", None
    for number, line in rows(text):
        key = _KEY.match(line)
        if key is not None:
            section, pip = key[1], None
        indent = len(line) - len(line.lstrip())
        if pip is not None and line.strip() and indent <= pip:
            pip = None
        if pip is None:
            yield (number, line), section
        nested = _PIP.match(line)
        if nested is not None:
            pip = len(nested[1])


def _dependencies(path: str, row: tuple[int, str]) -> Iterator[PinnedLine]:
    line = code(row[1])
    found = [
        (mention, asked)
        for mention in mentions(line, BLOCK if line.lstrip().startswith("- ") else FLOW)
        if (asked := pin(mention.text))
    ]
    corrected = _corrected(row[1], line, found)
    for _, asked in found:
        instead = corrected if asked.instead is not None else None
        yield PinnedLine(path, *row, asked.rule, asked.name, asked.level, instead)


def _corrected(line: str, read: str, found: list[tuple[Mention, Pin]]) -> str | None:
    """The line with every requirement put right; empty if nothing is left of it.

    `None` where what is left is an anchor that other lines may name.
    """
    changes = []
    for mention, asked in found:
        if asked.instead:
            changes.append((mention.start, mention.end, asked.instead))
        elif asked.instead == "":
            quotes = len(mention.quote)
            changes.append((*item(read, mention.start - quotes, mention.end + quotes), ""))
    left = replaced(read, changes).strip(" \t-,")
    if _ANCHOR.fullmatch(left):
        return None
    return "" if not left or _SELECTOR.fullmatch(left) else replaced(line, changes)
