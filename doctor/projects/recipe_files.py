"""The files of one recipe side by side: what is listed, built, skipped and asked for."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from doctor.levels import X86_NAMES
from doctor.projects.conditions import LEVEL_NAME, names, truth
from doctor.projects.expressions import evaluate
from doctor.projects.recipes import Row
from doctor.requirements import Requirement

BUILD_PACKAGE = "x86_64-microarch-level"
"""Sets the compiler's flags, and makes what is built depend on `_x86_64-microarch-level`."""

_SAID = re.compile(r"[=<>]=?[ \t]*[\"']?([1-4])\b")


class Part(Struct, frozen=True):
    """One file of a recipe, and what it asks for; a script has lines only, without keys."""

    path: str
    rows: tuple[Row, ...]
    asked: tuple[tuple[Row, Requirement], ...] = ()
    script: bool = False


class Recipe(Struct, frozen=True):
    """The files of one recipe, by what they are."""

    recipes: tuple[Part, ...] = ()
    variants: tuple[Part, ...] = ()
    scripts: tuple[Part, ...] = ()


class Listed(Struct, frozen=True):
    """A value of the variable that holds the level; `level` is `None` for one that is no level."""

    path: str
    row: Row
    level: int | None


def listed(part: Part) -> Iterator[Listed]:
    """The levels that a file of variants lists, first to last."""
    for row in part.rows:
        if row.keys and LEVEL_NAME.fullmatch(row.keys[-1]) and len(row.keys) == 1:
            for word in row.value.strip("[]").split(",")[:20]:
                bare = word.strip(" \t\"'")
                known = bare.isascii() and bare.isdigit() and int(bare[:3]) in X86_NAMES
                yield Listed(part.path, row, int(bare[:3]) if known else None)


def built(recipe: Recipe, values: Sequence[Listed]) -> list[int]:
    """The levels that are built; where no list is seen, 1, 3 and what the recipe speaks of."""
    if values:
        return sorted({one.level for one in values if one.level})
    said = (text for part in recipe.recipes for row in part.rows for text in row.texts)
    spoken = (found for text in said if "microarch" in text for found in _SAID.finditer(text))
    return sorted({1, 3, *(int(found[1]) for found in spoken)})


def _skipped(recipe: Sequence[Row], subdir: str, level: int) -> Row | None:
    look = names(subdir, level)
    for row in recipe:
        skips = row.keys[:2] == ("build", "skip") and row.holds(subdir, level)
        if skips and truth(evaluate(row.expression, look)):
            return row
    return None


def counting(values: Sequence[Listed], subdir: str) -> list[Listed]:
    """The values that count on a platform; where that cannot be told, they do."""
    return [one for one in values if one.row.holds(subdir, one.level or 1) is not False]


def asking(recipe: Recipe, subdir: str, level: int) -> bool:
    """Whether the build for a platform and level depends on level packages."""
    for part in recipe.recipes:
        for row, asked in part.asked:
            able = asked.family or (asked.name == BUILD_PACKAGE and subdir != "win-64")
            if able and row.holds(subdir, level) is not False:
                return True
    return False


def skipping(recipe: Recipe, subdir: str, level: int) -> tuple[Part, Row] | None:
    """The line that says not to build for a platform at a level, if one surely does."""
    for part in recipe.recipes:
        if row := _skipped(part.rows, subdir, level):
            return part, row
    return None
