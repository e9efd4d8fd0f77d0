"""Recipes of conda packages, line by line: keys by indentation, and under which conditions.

A recipe with selectors or jinja is no YAML before it is rendered, so it is read as it stands.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from doctor.projects.recipes import Row

LONGEST = 2000
"""Longer lines are no recipe's, nor are more lines than `MOST`: neither is looked at."""

MOST = 10_000
_DEEPEST = 12

_DASHES = re.compile(r"(?:-[ \t]+)*")
_KEY = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+|$)")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")
_SELECTOR = re.compile(r"\[([^\[\]]*)\]")
_STATEMENT = re.compile(r"\{%[-+]?[ \t]*(if|elif|else|endif|set)\b([^%]*)%\}")


class _Open(Struct, frozen=True):
    """A key that the next lines may be below; `condition` is that of `if`, `then` and `else`."""

    indent: int
    key: str
    condition: str = ""


def rows(text: str, selectors: bool) -> list[Row]:
    """The lines that hold something. `selectors` says that `# [linux]` is one in this form."""
    reader = _Reader(selectors)
    lines = text.removeprefix("\ufeff").split("\n", MOST)[:MOST]
    return [row for number, line in enumerate(lines, 1) for row in reader.take(number, line)]


class _Reader:
    """What is open while lines are read one after the other."""

    def __init__(self, selectors: bool) -> None:
        self.selectors = selectors
        self.open: list[_Open] = []
        self.branches: list[str] = []
        self.block: int | None = None
        self.output = 0

    def take(self, number: int, line: str) -> Iterator[Row]:
        """The rows of one line: one or none."""
        line = line.rstrip("\r")
        bare = line.strip()
        if len(line) > LONGEST or not bare or bare.startswith("#"):
            return
        indent = len(line) - len(line.lstrip())
        if bare.startswith("{%"):
            yield from self._statement(number, line)
        elif self.block is None or indent <= self.block:
            self.block = None
            yield from self._entry(number, line, indent)

    def _statement(self, number: int, line: str) -> Iterator[Row]:
        for found in _STATEMENT.finditer(line):
            word, rest = found[1], found[2].strip(" \t-+")
            if word == "if":
                self.branches.append(rest)
            elif word == "endif":
                del self.branches[-1:]
            elif word == "set":
                yield from self._set(number, line, found)
            elif self.branches:
                before = f"not ({self.branches[-1]})"
                self.branches[-1] = f"{before} and ({rest})" if rest else before
                self.branches[-1] = self.branches[-1][:LONGEST]

    def _set(self, number: int, line: str, found: re.Match[str]) -> Iterator[Row]:
        name, equals, _ = found[2].partition("=")
        if equals and name.strip().isidentifier():
            start = found.start(2) + len(name) + 1
            selector = self._selector(line[found.end() :])
            keys = ("context", name.strip())
            yield Row(number, line, keys, start, found.end(2), self._conditions(selector))

    def _entry(self, number: int, line: str, indent: int) -> Iterator[Row]:
        dashes = _DASHES.match(line, indent)
        column = dashes.end() if dashes else indent
        before = self._close(indent, column > indent)
        if column > indent and self.open and self.open[-1].key == "outputs":
            self.output += 1
        comment = _COMMENT.search(line, column)
        end = comment.start() if comment else len(line)
        selector = self._selector(line[end:])
        end = column + len(line[column:end].rstrip())
        key = _KEY.match(line, column, end)
        start = key.end() if key else column
        word = key[1] if key else ""
        if key:
            self._push(column, word, line[start:end], before)
        item = column > indent if not key else word in ("then", "else")
        if start < end and word != "if" and (key or item):
            keys = tuple(one.key for one in self.open[-8:] if one.key not in ("if", "then", "else"))
            conditions = self._conditions(selector)
            shown = selector if self.selectors else None
            yield Row(number, line, keys, start, end, conditions, item, shown, self.output)

    def _close(self, indent: int, dash: bool) -> _Open | None:
        """Ends what a line at `indent` is not below; the last that was on the same column."""
        last = None
        while self.open and self.open[-1].indent >= indent + dash:
            last = self.open.pop()
        return last if last and last.indent == indent and not dash else None

    def _push(self, column: int, key: str, value: str, before: _Open | None) -> None:
        condition = value if key == "if" else ""
        if key in ("then", "else") and before is not None:
            condition = before.condition if key == "then" else f"not ({before.condition})"
        self.open.append(_Open(column, key, condition))
        if value[:1] in ("|", ">") and not value.strip("|>+-0123456789"):
            self.block = column

    def _selector(self, comment: str) -> str:
        found = _SELECTOR.search(comment) if self.selectors else None
        return found[1].strip() if found else ""

    def _conditions(self, selector: str) -> tuple[str, ...]:
        nested = [one.condition for one in self.open[-_DEEPEST:] if one.key in ("then", "else")]
        found = (selector, *nested, *self.branches[-_DEEPEST:])
        return tuple(dict.fromkeys(text for text in found if text))
