"""What the names in a recipe's conditions mean on a platform, at a level.

What cannot be told is `None`, and stays so where it matters.
"""

import re
from collections.abc import Callable, Sequence

Value = bool | int | str | None
Look = Callable[[str], Value]
"""The value of a name, `None` where it is not known."""

LEVEL_NAME = re.compile(r"(?:\w{0,40}_)?microarch(?:_level)?")
"""How recipes call the variable that holds the level: conda-forge leaves the name free."""

SUBDIRS = ("linux-64", "osx-64", "win-64")
"""Platforms that x86_64 level packages can be installed on."""

_NAMES: dict[str, frozenset[str]] = {
    "linux-64": frozenset(("linux", "linux64", "unix", "x86", "x86_64")),
    "osx-64": frozenset(("osx", "osx64", "unix", "x86", "x86_64")),
    "win-64": frozenset(("win", "win64", "x86", "x86_64")),
}
_OTHERS = frozenset(("win32", "linux32", "aarch64", "arm64", "ppc64le", "s390x", "riscv64"))
_KNOWN = frozenset().union(*_NAMES.values(), _OTHERS)


def names(subdir: str, level: int, otherwise: Value = None) -> Look:
    """What the names of a selector mean on a platform, where the variable is at a level."""

    def look(name: str) -> Value:
        if name.lower() in ("true", "false"):
            return name.lower() == "true"
        if name in ("target_platform", "host_platform"):
            return subdir
        if LEVEL_NAME.fullmatch(name):
            return level
        return name in _NAMES[subdir] if name in _KNOWN else otherwise

    return look


def truth(value: Value) -> bool | None:
    """Whether a value counts as true, `None` where it cannot be told."""
    return None if value is None else bool(value)


def every(truths: Sequence[bool | None]) -> bool | None:
    """Whether all hold: one that does not settles it, one that is unknown leaves it open."""
    if False in truths:
        return False
    return None if None in truths else True
