"""The meaning of a TOML file, and the lines that its values stand on."""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from doctor.projects.mentions import code, rows

MAX_TEXT = 2**19
"""Longest file that is read as TOML: manifests are written by hand."""

MAX_DOTS = 32
"""Most dots outside of strings in one line: the parser takes cubic time over dotted keys."""

Path = tuple[str, ...]

_STRINGS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_HEADER = re.compile(r"[ \t]*\[\[?([^\[\]]{1,500})\]")


def load(text: str) -> dict[str, Any]:
    """What the file holds; nothing where it is broken, or is too large to be a manifest."""
    if len(text) > MAX_TEXT or any(_dotted(line) for line in text.split("\n")):
        return {}
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}


def values(tree: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every value with its path, in order of the file; items of arrays have their array's path."""
    waiting: list[tuple[Path, object]] = [(path, tree)]
    while waiting:
        path, here = waiting.pop()
        yield path, here
        if isinstance(here, dict):
            waiting.extend(reversed([((*path, str(key)), value) for key, value in here.items()]))
        elif isinstance(here, list):
            waiting.extend((path, item) for item in reversed(here))


def tables(text: str) -> Iterator[tuple[int, str, Path]]:
    """Lines with their numbers, without comments, and the table that they stand in."""
    table: Path = ()
    for number, line in rows(text):
        header = _HEADER.match(line)
        if header is not None:
            table = _keys(header[1]) or table
        yield number, code(line), table


@lru_cache(maxsize=1024)
def _keys(dotted: str) -> Path:
    """The parts of a dotted key, as TOML reads them."""
    if _dotted(dotted):
        return ()
    try:
        tree: object = tomllib.loads(f"[{dotted}]")
    except ValueError:
        return ()
    path: list[str] = []
    while isinstance(tree, dict) and tree:
        key = next(iter(tree))
        path.append(str(key))
        tree = tree[key]
    return tuple(path)


def _dotted(line: str) -> bool:
    if line.count(".") <= MAX_DOTS:
        return False
    return _STRINGS.sub("", line).partition("#")[0].count(".") > MAX_DOTS
