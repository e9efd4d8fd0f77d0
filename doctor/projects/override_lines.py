"""CONDA_OVERRIDE_ARCHSPEC in a line of text: its value, and the archspec name that was meant."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from doctor.levels import level_name, level_number
from doctor.microarch import installed
from doctor.model import PinnedLine
from doctor.naming import meant
from doctor.projects.mentions import item

VARIABLE = "CONDA_OVERRIDE_ARCHSPEC"
RULE = "override-in-project-file"

_VALUE = r"(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"',;&|}\])]*))"
_SET = re.compile(rf"{VARIABLE}[\"']?[ \t]{{0,20}}[:=](?!=)[ \t]{{0,20}}{_VALUE}")
_SPACED = re.compile(rf"{VARIABLE}[ \t]{{1,20}}(?=[^\s=]){_VALUE}")


class Setting(Struct, frozen=True):
    """An override as a line sets it: where it begins and ends, and where its value does."""

    start: int
    end: int
    value: str
    value_start: int
    value_end: int


def settings(line: str, spaced: bool = False) -> Iterator[Setting]:
    """Overrides that a line sets; `spaced` takes Docker's old `ENV NAME VALUE` as well."""
    pattern = _SPACED if spaced and _SET.search(line) is None else _SET
    for found in pattern.finditer(line):
        before = line[max(0, found.start() - 2) : found.start()]
        if before[-1:].isalnum() or before.endswith(("_", "$", ".", "${")):
            continue  # it is read here, not set
        group = next((n for n in (1, 2) if found[n] is not None), 3)
        yield Setting(found.start(), found.end(), found[group], *found.span(group))


def known(name: str) -> bool:
    """Whether archspec knows a name, or it is the `0` that means none."""
    return name == "0" or name in installed().targets


@lru_cache(maxsize=1024)
def level_of(name: str | None) -> int | None:
    """The number of the level that a name implies: as builds list it, else as archspec does."""
    if name is None:
        return None
    return level_number(name) or level_number(installed().level(name) or "")


def generic(name: str) -> str | None:
    """The level that a name implies, by its archspec name: what is portable of it."""
    number = level_number(name)
    if number is not None and number <= 4:  # as builds list it: cannonlake is of level 3 there
        return level_name(number)
    return installed().level(name)


def pinned(path: str, row: tuple[int, str], setting: Setting, corrected: str | None) -> PinnedLine:
    """The line, with the name that its value is or was meant to be."""
    if "$" in setting.value:  # known only when it runs
        return PinnedLine(path, *row, RULE)
    name = meant(setting.value)
    return PinnedLine(path, *row, RULE, name, level_of(name), corrected)


def respelt(path: str, row: tuple[int, str], setting: Setting) -> PinnedLine | None:
    """An override for one command: nothing to say, unless it is misspelt."""
    if known(setting.value) or not setting.value.strip() or "$" in setting.value:
        return None
    name, line = meant(setting.value), row[1]
    fixed = line[: setting.value_start] + (name or "") + line[setting.value_end :]
    return pinned(path, row, setting, fixed if name else None)


def without(line: str, setting: Setting) -> str | None:
    """Nothing, where the line does nothing else; else the line without it, where that is sure."""
    before, after = line[: setting.start], line[setting.end :].strip(" \t\"'")
    ahead = re.sub(r"(?:export|set|setx|\$env:|echo)[ \t\"']{0,4}$", "", before.rstrip("\"'"))
    whole = ahead.strip() in ("", "-")
    if whole and (not after or "GITHUB_ENV" in after):
        return ""
    if before.rstrip().endswith(("{", ",")):
        start, end = item(line, setting.start, setting.end)
        return line[:start] + line[end:]
    if after.startswith("&&") and before != ahead:
        return ahead + after.removeprefix("&&").lstrip()
    return None
