"""Which of a recipe's builds a solver prefers: the lines that prefer the one for less of a CPU."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from doctor.model import PinnedLine
from doctor.projects.conditions import LEVEL_NAME, Look, Value, names
from doctor.projects.expressions import evaluate
from doctor.projects.recipes import Row

RULE = "recipe-prefers-slow-build"
WHERE = "linux-64"
"""The platform that every recipe with levels has builds for."""

_TERNARY = re.compile(r"(\s*)(\S[^{}]*?)\s+if\s+(\S[^{}]*?)\s+else\s+([^{}]*\S)(\s*)")
_ABOVE = re.compile(rf"\b({LEVEL_NAME.pattern})(\s*)(==|!=|>=|>)(\s*)([1-4])\b")
_BELOW = {"==": "<", ">=": "<", ">": "<=", "!=": "<="}

By = dict[int, int]
"""A number for every level for which it is known."""


def judged(path: str, recipe: Sequence[Row], levels: Sequence[int]) -> Iterator[PinnedLine]:
    """The lines that give a higher level less priority than a lower one, of those built."""
    looks = {level: _look(recipe, level) for level in levels}
    for _, group in groupby(recipe, key=lambda row: row.output):
        own = list(group)
        yield from _features(path, own, levels)
        marks = [row for row in own if row.keys[-1:] == ("down_prioritize_variant",)]
        down = _values(looks, marks)
        if rises(down):
            yield from _corrected(path, marks, down)
        numbers = [row for row in own if row.keys[-2:] == ("build", "number")]
        found = {level: -number for level, number in _values(looks, numbers).items()}
        if rises(found) and not falls(down):
            yield from _corrected(path, numbers, found)


def rises(values: By) -> bool:
    """Whether some higher level has more than a lower one."""
    found = [values[level] for level in sorted(values)]
    return any(a < b for a, b in pairwise(found))


def falls(values: By) -> bool:
    """Whether a lower level is marked down already, which decides before any number."""
    return rises({level: -value for level, value in values.items()})


def _values(looks: dict[int, Look], wanted: Sequence[Row]) -> By:
    found = {level: _at(look, wanted, level) for level, look in looks.items()}
    return {level: value for level, value in found.items() if value is not None}


def _at(look: Look, wanted: Sequence[Row], level: int) -> int | None:
    """What the line that counts at a level says, `None` where that cannot be told."""
    counting = [row for row in wanted if row.holds(WHERE, level)]
    if not counting:
        return None
    value = evaluate(counting[-1].expression, look)
    return int(value) if isinstance(value, int) else None


def _look(recipe: Sequence[Row], level: int) -> Look:
    """Names as set by the recipe, one after the other; one that it does not set counts as 0."""
    base = names(WHERE, level, otherwise=0)
    own: dict[str, Value] = {}

    def look(name: str) -> Value:
        return own[name] if name in own else base(name)

    for row in recipe:
        if row.keys[:1] == ("context",) and len(row.keys) == 2 and row.holds(WHERE, level):
            value = evaluate(row.expression, look)
            own[row.keys[1]] = 0 if value is None else value
    return look


def _corrected(path: str, wanted: Sequence[Row], cost: By) -> Iterator[PinnedLine]:
    """The lines whose value has to change, so that a higher level costs less than a lower one."""
    counting = {n: [row for row in wanted if row.holds(WHERE, n)][-1] for n in sorted(cost)}
    order = list(dict.fromkeys(counting.values()))
    if len(order) == 1:
        swapped = _swapped(order[0])
        yield order[0].pinned(path, RULE, None, swapped)
        return
    first = {row: min(n for n, one in counting.items() if one is row) for row in order}
    values = sorted(order, key=lambda row: -cost[first[row]])
    for row, other in zip(order, values, strict=True):
        if row is not other:
            value = other.line[other.start : other.end]
            yield row.pinned(path, RULE, first[row], row.replaced(value))


def _swapped(row: Row) -> str | None:
    """The line with the two outcomes of its condition exchanged, `None` if it is none."""
    found = _TERNARY.fullmatch(row.expression)
    if not found or " if " in found[2] or " if " in found[4]:
        return None
    inner = f"{found[2]} if {found[3]} else {found[4]}"
    swapped = f"{found[4]} if {found[3]} else {found[2]}"
    raw = row.line[row.start : row.end]
    return row.replaced(raw.replace(inner, swapped, 1)) if inner in raw else None


def _features(path: str, own: Sequence[Row], levels: Sequence[int]) -> Iterator[PinnedLine]:
    """Lines that track a feature, which makes a build the last choice, at higher levels only."""
    marks = [row for row in own if row.keys[-1:] == ("track_features",)]
    for row in marks:
        if not rises({level: int(bool(row.holds(WHERE, level))) for level in levels}):
            continue
        found = _ABOVE.search(row.line, row.end)
        corrected = None
        if found:
            below = f"{found[1]}{found[2]}{_BELOW[found[3]]}{found[4]}{found[5]}"
            corrected = row.line[: found.start()] + below + row.line[found.end() :]
        yield row.pinned(path, RULE, None, corrected)
