"""pixi.toml, and pyproject.toml with `[tool.pixi]` tables."""

import re
from collections.abc import Iterator

from msgspec import Struct

from doctor.model import PinnedLine
from doctor.naming import meant
from doctor.projects import override_lines
from doctor.projects.mentions import ABOVE, EXPORTED, LOWER, METAPACKAGE, Pin, item, pin, rows
from doctor.projects.pixi_lock import PLATFORM
from doctor.projects.toml_lines import Path, load, tables, values

FORM = "pixi manifest"
PLACES: tuple[tuple[str, str], ...] = (("", "pixi.toml"), ("", "pyproject.toml"))

DEAD = "pixi-system-requirements-archspec-ignored"
MAX_FACTS = 200

_LEVEL_PACKAGE = re.compile(r"_?(?:x86_64|ppc64le)-microarch-level")
_BUILD_TABLES = ("package", "build-dependencies")
"""Where the build metapackage belongs: pixi builds packages from these."""


class _Fact(Struct, frozen=True):
    """A value of the manifest that matters: its path, and how it stands in the text."""

    path: Path
    key: str
    words: str
    pin: Pin


def fits(name: str, text: str) -> bool:
    """pixi.toml by its name, pyproject.toml by its tables."""
    return name == "pixi.toml" or (name == "pyproject.toml" and "[tool.pixi" in text)


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Declared CPUs, dead keys, overrides and level packages, where the text has them."""
    facts = list(_facts(text))[:MAX_FACTS]
    if not facts:
        return
    lines = [row for row in tables(text) if any(fact.key in row[1] for fact in facts)]
    raw = dict(rows(text))
    taken: set[tuple[int, str, str]] = set()
    for fact in facts:
        number, code = _line(fact, lines, taken)
        if number:
            taken.add((number, fact.key, fact.words))
            corrected = _corrected(fact, raw[number], code)
            yield PinnedLine(
                path, number, raw[number], fact.pin.rule, fact.pin.name, fact.pin.level, corrected
            )


def _facts(text: str) -> Iterator[_Fact]:
    everything = list(values(load(text)))
    paths = {path for path, _ in everything}
    for full, value in everything:
        path = full[2:] if full[:2] == ("tool", "pixi") else full
        fact = _fact(path, value)
        if fact is None:
            continue
        asked = fact.pin
        if asked.rule == METAPACKAGE and (*full[:-1], f"_{fact.key}") in paths:
            asked = Pin(asked.rule, asked.name, asked.level, "")  # no key can stand there twice
        yield _Fact(full, fact.key, fact.words, asked)


def _fact(path: Path, value: object) -> _Fact | None:
    key = path[-1] if path else ""
    if _LEVEL_PACKAGE.fullmatch(key):
        return _dependency(path, key, value)
    if not isinstance(value, str):
        return None
    if key == override_lines.VARIABLE and "activation" in path:
        name = meant(value)
        asked = Pin(override_lines.RULE, name, override_lines.level_of(name), "")
        return _Fact(path, key, value, asked)
    if key == "archspec" and "system-requirements" in path:
        return _Fact(path, key, value, Pin(DEAD, value, override_lines.level_of(value), ""))
    if "platforms" in path:
        return _platform(path, key, value)
    return None


def _platform(path: Path, key: str, value: str) -> _Fact | None:
    """A declared CPU: `archspec = NAME`, or a raw virtual package."""
    if key == "archspec":
        written = value
    elif key == "__archspec" or value.startswith("__archspec="):
        written = value.rpartition("=")[2]
    else:
        return None
    name = meant(written)
    level = override_lines.level_of(name)
    if name == written and level in (None, 1, 8):
        return None
    instead = name if name != written else None
    word = "archspec" if key == "archspec" else "__archspec"
    return _Fact(path, word, written, Pin(PLATFORM, name, level, instead))


def _dependency(path: Path, key: str, value: object) -> _Fact | None:
    """A level package among the workspace's dependencies, as pixi's solver takes it."""
    if not any(part.endswith("dependencies") for part in path[:-1]):
        return None
    if any(part in _BUILD_TABLES for part in path):
        return None
    table = value if isinstance(value, dict) else {"version": value}
    version, build = str(table.get("version") or "*"), table.get("build")
    asked = pin(f"{key}[version='{version}'" + (f",build='{build}']" if build else "]"))
    words = str(build or version)
    if asked is None:
        return None
    if asked.rule in (EXPORTED, METAPACKAGE):
        return _Fact(path, key, words, asked)
    bounded = asked.rule == LOWER and asked.name is None
    if asked.level in (None, 1, 8) or bounded:
        return None
    return _Fact(path, key, words, Pin(ABOVE, None, asked.level))


def _line(
    fact: _Fact, lines: list[tuple[int, str, Path]], taken: set[tuple[int, str, str]]
) -> tuple[int, str]:
    """The first line in a fitting table with the key and the value that is not taken yet."""
    for number, code, table in lines:
        if (number, fact.key, fact.words) in taken or not _has(code, fact.key):
            continue
        inside = fact.path[: len(table)] == table
        if inside and (fact.words in code or table == fact.path):
            return number, code
    return 0, ""


def _has(code: str, key: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", code) is not None


def _corrected(fact: _Fact, line: str, code: str) -> str | None:
    instead = fact.pin.instead
    if instead is None or fact.key not in code or code.lstrip().startswith("["):
        return None
    if fact.pin.rule == PLATFORM:
        return line.replace(fact.words, instead)
    whole = re.fullmatch(rf"([ \t]*)([\w.\"'-]*\.)?[\"']?{fact.key}[\"']?([ \t]*=[ \t]*)(.*)", code)
    if whole is None:
        return _without(fact, line)
    if instead or (fact.pin.rule == EXPORTED and fact.pin.level):
        return _dependency_line(fact, line, code, whole)
    return ""


def _without(fact: _Fact, line: str) -> str | None:
    """The line without a key of an inline table."""
    key, words = re.escape(fact.key), re.escape(fact.words)
    pair = re.search(rf"(?<=[{{, ])[\"']?{key}[\"']?[ \t]*=[ \t]*[\"']{words}[\"']", line)
    if pair is None or fact.pin.rule == METAPACKAGE:
        return None
    start, end = item(line, *pair.span())
    return line[:start] + line[end:]


def _dependency_line(fact: _Fact, line: str, code: str, found: re.Match[str]) -> str:
    name = f"_{fact.key.removeprefix('_')}"
    bound = f">={fact.pin.level}" if fact.pin.level not in (None, 1, 8) else "*"
    gap = code[len(code.rstrip()) :]
    return f'{found[1]}{found[2] or ""}{name}{found[3]}"{bound}"{gap}{line[len(code) :]}'
