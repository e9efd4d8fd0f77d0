"""Names that stand-ins hide: what a machine seems to lack may be there under another name.

A bundle calls an environment `hidden-env-1` that a report of the same machine calls `solved`. So
neither says that the other machine lacks it: that is unknown, unless nothing there could be it.
"""

from collections.abc import Sequence

from msgspec import Struct

from doctor.compare.facts import Key, Profile
from doctor.redact import words

_DEEPEST = 12
"""Paths with more parts than that are taken as equally deep."""


class Veil(Struct, frozen=True):
    """What decides whether two names may be the same one's; `sort` holds checks apart."""

    sort: str
    depth: int
    hidden: bool


class Veils:
    """Knows which names each kind of machines has that may be another's."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        """Remembers nothing where no stand-in is in any name."""
        self._used = any(_is_hidden(key) for profile in profiles for key, _ in profile.facts)
        alike: dict[frozenset[Veil], frozenset[Veil]] = {}
        found = (frozenset(map(_veil, _keys(profile))) for profile in profiles if self._used)
        self._names = [alike.setdefault(names, names) for names in found]

    def of(self, key: Key) -> Veil | None:
        """How far a name is hidden, `None` where no machine's names are."""
        return _veil(key) if self._used and _has_names(key) else None

    def may_have(self, kind: int, veil: Veil | None) -> bool:
        """Whether a kind that lacks a name may have what is called so, under another."""
        if veil is None:
            return False
        other = Veil(veil.sort, veil.depth, True)
        names = self._names[kind]
        return other in names or (veil.hidden and Veil(veil.sort, veil.depth, False) in names)


def _has_names(key: Key) -> bool:
    return key[0] in ("environment", "finding")


def _keys(profile: Profile) -> list[Key]:
    return [key for key, _ in profile.facts if _has_names(key)]


def _is_hidden(key: Key) -> bool:
    return _has_names(key) and words.HIDDEN.search(key[1]) is not None


def _veil(key: Key) -> Veil:
    section, subject, _ = key
    sort = subject.partition(":")[0] if section == "finding" else ""
    depth = min(subject.count("/") + subject.count("\\"), _DEEPEST)
    return Veil(sort, depth, _is_hidden(key))
