"""Order of client versions, without loading a solver for it.

py-rattler's `Version` orders the same strings, but importing it costs more time than all of
`envdoctor level`; this covers the version strings that conda, mamba, pixi and archspec release.
"""

import re
from functools import lru_cache

Key = tuple[tuple[int, int], ...]

_PRE = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "rc": 3}
_END = (0, -1)


@lru_cache(maxsize=1024)
def key(version: str) -> Key:
    """Sort key of a version: `2.0.0alpha0 < 2.0.0rc4 < 2.0.0 == 2.0 < 2.0.7.rc0 < 2.0.7`.

    The local part after `+` does not count. Letters that are no pre-release mark rank as `alpha`.
    """
    parts = re.findall(r"\d{1,18}|[a-z]+", version.lower().partition("+")[0])
    release: list[tuple[int, int]] = []
    while parts and parts[0].isdigit():
        release.append((0, int(parts.pop(0))))
    while release and release[-1] == (0, 0):
        release.pop()
    rest = [(0, int(part)) if part.isdigit() else (-1, _PRE.get(part, 1)) for part in parts]
    return (*release, *rest, _END)


def at_least(version: str, minimum: str) -> bool:
    """Whether `version` is `minimum` or newer."""
    return key(version) >= key(minimum)


def between(version: str, since: str, until: str) -> bool:
    """Whether `since <= version < until`."""
    return key(since) <= key(version) < key(until)
