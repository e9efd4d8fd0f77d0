"""Level packages in a line of text: where they stand, and what they tie a project to."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec
from msgspec import Struct

from doctor.levels import PPC64LE_NAMES, X86_NAMES, level_number
from doctor.requirements import Requirement, parsed

MAX_LINE = 10_000
"""Longest line that is looked into; what people and clients write is far shorter."""

EXPORTED = "exported-yaml-pins-cpu-build"
REGEX = "regex-level-builds-vs-conda-mamba"
LOWER = "level-lower-than-host-not-installable"
ABOVE = "level-above-this-machine"
METAPACKAGE = "build-metapackage-in-environment"

BLOCK = re.compile(r"\Z")
FLOW = re.compile(r"[,\]]")
WORD = re.compile(r"[\s;&|)<>\"'`,\]\\]")

_NAME = re.compile(r"_?(?:x86_64|ppc64le)-microarch-level(?![\w-])")
_URL = re.compile(r"/(_?)(x86_64|ppc64le)-microarch-level-(\d{1,3})-(\w{1,60})\.(?:conda|tar\.bz2)")
_BEFORE = " \t\"'[,("


class Pin(Struct, frozen=True):
    """What a requirement ties a project to, and the check that judges it.

    `instead` is the requirement to put for it: empty for none at all, `None` to leave it.
    """

    rule: str
    name: str | None
    level: int | None
    instead: str | None = None


class Mention(Struct, frozen=True):
    """A requirement on a level package: where it stands in its line, and in which quotes."""

    start: int
    end: int
    text: str
    quote: str = ""


class Build(Struct, frozen=True):
    """A level package that a URL names; `name` is `None` for builds that take several names."""

    package: str
    level: int
    name: str | None


def rows(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, without line ends; those that are too long are left out."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if len(line) <= MAX_LINE:
            yield number, line.removesuffix("\r")


def code(line: str) -> str:
    """A line without its comment: `#` at the start or after white space, outside of quotes."""
    quote = ""
    for at, char in enumerate(line):
        before = line[at - 1] if at else " "
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and before in " \t[{(,=:-":  # an apostrophe within a word opens nothing
            quote = char
        elif char == "#" and before in " \t":
            return line[:at]
    return line


def mentions(line: str, until: re.Pattern[str]) -> Iterator[Mention]:
    """Requirements on level packages in a line; unquoted ones reach to what `until` finds."""
    line = line.rstrip()
    for found in _NAME.finditer(line):
        before = line[max(0, found.start() - 80) : found.start()]
        channel = before[max(before.rfind(char) for char in _BEFORE) + 1 :]
        if channel and not channel.endswith("::"):
            continue
        start = found.start() - len(channel)
        quote = line[start - 1 : start] if start else ""
        if quote not in ("'", '"'):
            quote = ""
        stop = line.find(quote, found.end()) if quote else _stop(until, line, found.end())
        end = len(line) if stop < 0 else stop
        words = line[start:end].rstrip()
        yield Mention(start, start + len(words), words, quote)


def _stop(until: re.Pattern[str], line: str, start: int) -> int:
    found = until.search(line, start)
    return found.start() if found else -1


def replaced(line: str, changes: list[tuple[int, int, str]]) -> str:
    """A line with stretches of it replaced; they do not overlap."""
    for start, end, new in sorted(changes, reverse=True):
        line = line[:start] + new + line[end:]
    return line


def item(line: str, start: int, end: int) -> tuple[int, int]:
    """Where an item of a list stands with the comma that goes with it."""
    after = re.compile(r"[ \t]*,[ \t]*").match(line, end)
    if after is not None:
        return start, after.end()
    before = line[:start].rstrip()
    return (len(before) - 1, end) if before.endswith(",") else (start, end)


def build_in(line: str) -> Build | None:
    """The level package that a URL in the line names."""
    found = _URL.search(line)
    if found is None:
        return None
    name = re.fullmatch(r"\d{1,4}_(?!level\d)(\w+)", found[4])
    return Build(f"{found[1]}{found[2]}-microarch-level", int(found[3]), name and name[1])


@lru_cache(maxsize=4096)
def pin(text: str) -> Pin | None:
    """What a requirement ties a project to, `None` for nothing."""
    asked = parsed(text)
    if asked is None or not _NAME.fullmatch(asked.name):
        return None
    channel, mark, _ = text.rpartition("::")
    wanted = msgspec.structs.replace(asked, name=f"_{asked.name.removeprefix('_')}")
    new = f"{channel}{mark}{wanted.name}"
    if wanted.name != asked.name:
        bound = f" >={wanted.lowest}" if asked.version and wanted.lowest else ""
        return Pin(METAPACKAGE, None, wanted.lowest if asked.version else None, new + bound)
    return _by_build(wanted) or _by_version(wanted, new)


def _by_build(wanted: Requirement) -> Pin | None:
    build = wanted.build or ""
    if of_level := re.fullmatch(r"(?:\d{1,4}_|\*_?)level(\d{1,2})\*?", build):
        return Pin(REGEX, None, int(of_level[1]), "")
    if of_name := re.fullmatch(r"(?:\d{1,4}_|\*_?)(\w{1,60})", build):
        return Pin(EXPORTED, of_name[1], level_number(of_name[1]) or wanted.lowest, "")
    return None


def _by_version(wanted: Requirement, new: str) -> Pin | None:
    table = PPC64LE_NAMES if wanted.family == "ppc64le" else X86_NAMES
    bottom, top = min(table), max(table)
    taken = wanted.levels
    if not taken:
        number = re.search(r"\d{1,3}", wanted.version or "")
        return Pin(ABOVE, None, int(number[0])) if number and int(number[0]) > top else None
    low, high = min(taken), max(taken)
    if high < top and low == high:
        return Pin(LOWER, table[low][0], low, f"{new} >={low}")
    if high < top and low == bottom:
        return Pin(LOWER, None, high, new)
    return Pin(ABOVE, None, low) if low > bottom else None


def is_only_child(lines: Sequence[str], number: int) -> bool:
    """Whether a line of YAML is all that stands under its key: without it the key holds nothing."""
    own = _indent(lines[number - 1])
    above = next((lines[n] for n in range(number - 2, -1, -1) if _counts(lines[n])), "")
    below = next((lines[n] for n in range(number, len(lines)) if _counts(lines[n])), "")
    first = above.rstrip().endswith((":", "|", ">", "|-", ">-")) and _indent(above) < own
    return first and (not below or _indent(below) < own)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
