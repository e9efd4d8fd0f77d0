"""What a recipe asks of the CPU of those who install its package: the lines that ask wrongly."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from doctor.levels import PPC64LE_NAMES, X86_NAMES, level_number
from doctor.model import PinnedLine
from doctor.projects.conditions import SUBDIRS, names
from doctor.projects.expressions import evaluate
from doctor.projects.recipes import Row
from doctor.requirements import Requirement, parsed

LEVELS = tuple(X86_NAMES)
LONGEST = 1000
"""Longer values are no requirements."""

_BUILD = frozenset(("build", "host"))
_RUN = frozenset(
    ("run", "run_constrained", "run_constraints", "run_exports", "strong", "weak", "noarch")
)
_TESTS = frozenset(("test", "tests"))
_JINJA = re.compile(r"\$?\{\{([^{}]*)\}\}")
_LIKE_LEVEL = re.compile(r"(_?)(x86[-_]64|ppc64le)[-_]microarch[-_]level")
_LIKE_NAME = re.compile(r"x86[-_]64[-_]v([1-4])")
_NUMBERED = re.compile(r"[0-9]+_(?:level([0-9]{1,2})|(\w+))")


def judged(path: str, recipe: Sequence[Row]) -> Iterator[PinnedLine]:
    """The requirements that are wrong, first to last."""
    for row in recipe:
        requirement = required(row)
        if requirement is not None:
            yield from _judged(path, row, requirement)


def required(row: Row) -> Requirement | None:
    """The requirement for a level package or `__archspec` on a line, `None` if it is none."""
    value = row.value
    if (
        not row.item
        or len(value) > LONGEST
        or not any(word in value for word in ("microarch", "archspec"))
    ):
        return None
    if _section(row) not in _BUILD | _RUN:
        return None
    text = _rendered(value, least(row))
    return _parsed(text) if text else None


def least(row: Row) -> int:
    """The lowest level at which a line may count."""
    able = (n for n in LEVELS if any(row.holds(subdir, n) is not False for subdir in SUBDIRS))
    return next(able, 1)


def _section(row: Row) -> str:
    """Which requirements an item of a list stands among; those of tests bind no user."""
    return "test" if _TESTS & set(row.keys) or not row.keys else row.keys[-1]


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Requirement | None:
    return parsed(text)


def _rendered(value: str, level: int) -> str | None:
    """The requirement with its variables filled in: any name that is not known is a level's."""
    look = names("linux-64", level, otherwise=level)
    parts: list[str] = []
    end = 0
    for found in _JINJA.finditer(value):
        put = evaluate(found[1], look)
        if put is None:
            return None
        parts += (value[end : found.start()], str(put))
        end = found.end()
    return "".join((*parts, value[end:]))


def _judged(path: str, row: Row, asked: Requirement) -> Iterator[PinnedLine]:
    spelt = _LIKE_LEVEL.fullmatch(asked.name)
    jinja = _JINJA.search(row.value)
    if asked.name == "__archspec":
        yield from _archspec(path, row, asked)
    elif spelt and asked.name != _right(spelt):
        right = row.value.replace(asked.name, _right(spelt), 1)
        yield row.pinned(path, "recipe-misspelt-level", None, row.replaced(right))
    elif asked.family and asked.build not in (None, "*"):
        level = None if jinja else _level_of_build(asked)
        yield row.pinned(path, "recipe-regex-requirement", level, _bound(row, asked.name, level))
    elif asked.family and _section(row) in _RUN and not asked.takes("99"):
        corrected = _bound(row, asked.name, asked.lowest, jinja)
        yield row.pinned(path, "recipe-exact-level", asked.lowest, corrected)


def _archspec(path: str, row: Row, asked: Requirement) -> Iterator[PinnedLine]:
    build = asked.build or "*"
    if build == "*" or _JINJA.search(row.value):
        return
    level: int | None
    hyphenated = _LIKE_NAME.fullmatch(build)
    if build.startswith("^"):
        known = [level_number(name) for name in re.findall(r"\w+", build)]
        level = min((one for one in known if one is not None), default=None)
        rule = "recipe-regex-requirement"
    elif hyphenated and "-" in build:
        level, rule = int(hyphenated[1]), "recipe-misspelt-level"
    else:
        level, rule = level_number(build), "recipe-depends-on-archspec-directly"
    family = "ppc64le" if level in PPC64LE_NAMES else "x86_64"
    yield row.pinned(path, rule, level, _bound(row, f"_{family}-microarch-level", level))


def _right(spelt: re.Match[str]) -> str:
    return f"{spelt[1]}{spelt[2].replace('-', '_')}-microarch-level"


def _level_of_build(asked: Requirement) -> int | None:
    """The level of a named build, else the lowest that the version takes."""
    numbered = _NUMBERED.fullmatch(asked.build or "")
    if numbered and numbered[1]:
        return int(numbered[1])
    named = level_number(numbered[2]) if numbered else None
    return named if named is not None else asked.lowest


def _bound(
    row: Row, name: str, level: int | None, jinja: re.Match[str] | None = None
) -> str | None:
    """The line with a lower bound instead, `None` where the level cannot be told."""
    bound = jinja[0] if jinja else level
    return None if bound is None else row.replaced(f"{name} >={bound}")
