"""Levels that a recipe is built for: those that leave CPUs out, and those that nobody tests."""

from collections.abc import Iterator, Sequence

from doctor.levels import X86_NAMES
from doctor.model import PinnedLine
from doctor.projects.conditions import SUBDIRS, names
from doctor.projects.expressions import evaluate
from doctor.projects.recipe_files import Listed, Part, Recipe, asking, counting, skipping
from doctor.projects.recipes import Row

UNTESTABLE = 4
"""No runner can be relied on to have this level: microarch-level-feedstock's own description."""


def judged(recipe: Recipe, values: Sequence[Listed], levels: Sequence[int]) -> Iterator[PinnedLine]:
    """Lists that begin too high, then lines that leave a level's tests out."""
    yield from _without_lower(recipe, values)
    yield from _not_tested(recipe, values, levels)


def _without_lower(recipe: Recipe, values: Sequence[Listed]) -> Iterator[PinnedLine]:
    """The lowest level that is built, where the CPUs below it get nothing."""
    rule = "recipe-level-without-lower-build"
    seen = set()
    for subdir in SUBDIRS:
        found = sorted(counting(values, subdir), key=lambda one: one.level or 0)
        cuts = {n: skipping(recipe, subdir, n) for n in X86_NAMES}
        free = [n for n in X86_NAMES if not (cuts[n] or _needs(recipe, subdir, n))]
        lowest = next((one for one in found if one.level is None or not cuts[one.level]), None)
        if lowest is None or lowest.level in (None, 1) or {one.level for one in found} & {*free}:
            continue
        at = cuts[found[0].level or 1]
        line = _listing(rule, lowest) if at is None else _cut(rule, at, recipe, lowest)
        if (line.path, line.line) not in seen:
            seen.add((line.path, line.line))
            yield line


def _needs(recipe: Recipe, subdir: str, level: int) -> bool:
    return not recipe.recipes or asking(recipe, subdir, level)


def _listing(rule: str, lowest: Listed) -> PinnedLine:
    """The line of the list; where the list is on one line, that with level 1 added."""
    row = lowest.row
    raw = row.line[row.start : row.end]
    quote = next((mark for mark in "\"'" if mark in raw), "")
    corrected = row.replaced(f"[{quote}1{quote}, {raw[1:].lstrip()}") if raw[:1] == "[" else None
    return row.pinned(lowest.path, rule, lowest.level, corrected)


def _cut(rule: str, at: tuple[Part, Row], recipe: Recipe, lowest: Listed) -> PinnedLine:
    """The line that leaves the lower level out; to delete, if it leaves nothing else out."""
    part, row = at
    elsewhere = (skipping(recipe, subdir, lowest.level or 1) for subdir in SUBDIRS)
    alone = all(other is None or other[1] is not row for other in elsewhere)
    return row.pinned(part.path, rule, lowest.level, "" if alone else None)


def _not_tested(
    recipe: Recipe, values: Sequence[Listed], levels: Sequence[int]
) -> Iterator[PinnedLine]:
    """Lines that build a level that runners may lack, and that leave out a level's tests."""
    rule = "recipe-level-not-tested"
    for part in recipe.recipes:
        seen: set[tuple[int, str]] = set()
        for row in part.rows:
            if not {"test", "tests"} & set(row.keys):
                continue
            left = [n for n in levels if row.holds("linux-64", n) is False]
            why = _why(row, left[-1]) if left and levels[0] not in left else ""
            if why and (row.output, why) not in seen:
                seen.add((row.output, why))
                yield row.pinned(part.path, rule, left[-1])
    for one in values:
        if one.level == UNTESTABLE and any(one.row.holds(s, 4) is not False for s in SUBDIRS):
            yield one.row.pinned(one.path, rule, one.level)


def _why(row: Row, level: int) -> str:
    """The condition that leaves a line out at a level."""
    look = names("linux-64", level)
    return next((text for text in row.conditions if evaluate(text, look) is False), "")
