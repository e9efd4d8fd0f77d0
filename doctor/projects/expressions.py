"""Selectors and jinja expressions of recipes -> their value.

Both are close enough to Python to be parsed as such; nothing is ever run.
"""

import ast
import operator
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

from doctor.projects.conditions import Look, Value, every, truth

_FILTER = re.compile(r"[ \t]*\|[ \t]*(?:default\([^()]{0,40}\)|int|string|float)(?!\w)")
"""Filters that leave a known value as it is; jinja binds them closer than Python would."""

_LONGEST = 300
_LARGEST = 10**9


def evaluate(text: str, look: Look) -> Value:
    """The value of an expression, `None` where it cannot be told."""
    tree = _parsed(text.strip())
    return None if tree is None else _value(tree, look)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr | None:
    if not text or len(text) > _LONGEST or "\\" in text:
        return None
    try:
        return ast.parse(_FILTER.sub("", text), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _value(tree: ast.expr, look: Look) -> Value:
    reader = _READERS.get(type(tree))
    return reader(tree, look) if reader else None


def _constant(tree: ast.Constant, look: Look) -> Value:
    found = tree.value
    if isinstance(found, str):
        return int(found) if re.fullmatch(r"[0-9]{1,9}", found) else found
    return found if isinstance(found, int) and abs(found) < _LARGEST else None


def _several(tree: ast.BoolOp, look: Look) -> Value:
    truths = [truth(_value(part, look)) for part in tree.values]
    if isinstance(tree.op, ast.And):
        return every(truths)
    opposite = every([None if part is None else not part for part in truths])
    return None if opposite is None else not opposite


def _negated(tree: ast.UnaryOp, look: Look) -> Value:
    found = truth(_value(tree.operand, look)) if isinstance(tree.op, ast.Not) else None
    return None if found is None else not found


def _compared(tree: ast.Compare, look: Look) -> Value:
    terms = [tree.left, *tree.comparators]
    pairs = pairwise(terms)
    return every([_pair(a, kind, b, look) for (a, b), kind in zip(pairs, tree.ops, strict=True)])


_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


def _pair(left: ast.expr, kind: ast.cmpop, right: ast.expr, look: Look) -> bool | None:
    first = _value(left, look)
    if isinstance(kind, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple):
        within = [_value(part, look) for part in right.elts]
        if first is None or None in within:
            return None
        return (first in within) is isinstance(kind, ast.In)
    second = _value(right, look)
    compare = _ORDER.get(type(kind))
    if first is None or second is None or compare is None:
        return None
    if isinstance(first, str) is not isinstance(second, str):
        return compare(0, 1) if isinstance(kind, ast.Eq | ast.NotEq) else None
    return compare(first, second)


_SUMS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip


def _sum(tree: ast.BinOp, look: Look) -> Value:
    first = _value(tree.left, look)
    second = _value(tree.right, look)
    combine = _SUMS.get(type(tree.op))
    if combine is None or not isinstance(first, int) or not isinstance(second, int):
        return None
    total = combine(first, second)
    return total if abs(total) < _LARGEST else None


def _chosen(tree: ast.IfExp, look: Look) -> Value:
    found = truth(_value(tree.test, look))
    return None if found is None else _value(tree.body if found else tree.orelse, look)


_READERS: dict[type[ast.expr], Callable[[Any, Look], Value]] = {
    ast.Constant: _constant,
    ast.Name: lambda tree, look: look(tree.id),
    ast.BoolOp: _several,
    ast.UnaryOp: _negated,
    ast.Compare: _compared,
    ast.BinOp: _sum,
    ast.IfExp: _chosen,
}
