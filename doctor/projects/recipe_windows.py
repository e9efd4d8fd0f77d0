"""Recipes that use levels on Windows, where the package that sets their flags is not."""

import re
from collections.abc import Collection, Iterator, Sequence

from doctor.levels import X86_NAMES
from doctor.model import PinnedLine
from doctor.projects.recipe_files import (
    BUILD_PACKAGE,
    Listed,
    Part,
    Recipe,
    asking,
    counting,
    skipping,
)
from doctor.projects.recipes import Row

RULE = "recipe-windows-without-level"

_WINDOWS = re.compile(r"\bwin(?:64)?\b|\.bat\b")
_FLAG = re.compile(r"/arch:AVX(512)?", re.IGNORECASE)


def judged(recipe: Recipe, values: Sequence[Listed]) -> Iterator[PinnedLine]:
    """Requirements that no Windows build can have, then builds that ask for no level."""
    made = [n for n in X86_NAMES if not skipping(recipe, "win-64", n)]
    for part in recipe.recipes:
        if recipe.scripts or any(_speaks(row) for row in part.rows):
            yield from _unbuildable(part, made)
    if any(asking(recipe, "linux-64", n) for n in X86_NAMES):
        yield from _unasked(recipe, values)


def _speaks(row: Row) -> bool:
    """Whether a line speaks of Windows: other recipes may never be built there."""
    return any(_WINDOWS.search(text) for text in row.texts)


def _unbuildable(part: Part, made: Sequence[int]) -> Iterator[PinnedLine]:
    for row, asked in part.asked:
        if asked.name == BUILD_PACKAGE and any(row.holds("win-64", n) for n in made):
            yield row.pinned(part.path, RULE, None, _unix_only(row))


def _unix_only(row: Row) -> str | None:
    """The line with a selector for unix, `None` in a form without selectors."""
    if row.selector is None:
        return None
    if not row.selector:
        return f"{row.line[: row.end]}  # [unix and x86_64]{row.line[row.end :]}"
    inner = f"({row.selector})" if " or " in row.selector else row.selector
    tail = row.line[row.end :].replace(f"[{row.selector}]", f"[unix and {inner}]", 1)
    return row.line[: row.end] + tail


def _unasked(recipe: Recipe, values: Sequence[Listed]) -> Iterator[PinnedLine]:
    """Windows builds for levels, or with a level's flags, that depend on no level."""
    mine = counting(values, "win-64")
    levels = {one.level for one in mine if one.level}
    bare = [n for n in levels or {1} if not skipping(recipe, "win-64", n)]
    bare = [n for n in bare if not asking(recipe, "win-64", n)]
    if not bare:
        return
    for one in mine:
        if one.level and one.level > 1 and one.level in bare:
            yield one.row.pinned(one.path, RULE, one.level)
    for part in (*recipe.recipes, *recipe.scripts):
        yield from _flags(part, bare, levels)


def _flags(part: Part, bare: Sequence[int], levels: Collection[int]) -> Iterator[PinnedLine]:
    """Flags of a level, unless a script that looks at the level never comes to set them."""
    looks = part.script and any("microarch" in row.value for row in part.rows)
    for row in part.rows:
        found = _FLAG.search(row.value)
        level = 4 if found and found[1] else 3
        dead = looks and level > max(levels, default=1)
        if found and not dead and any(row.holds("win-64", n) is not False for n in bare):
            yield row.pinned(part.path, RULE, level)
