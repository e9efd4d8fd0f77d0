"""What it means that a machine lacks a fact that another has: it is absent there, or unknown.

Counted by subtraction, so that what few of very many machines have costs little.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from doctor.compare.facts import Key, Profile
from doctor.compare.veils import Veil, Veils
from doctor.model import Group

LISTED = 64
"""Up to so many kinds, those that lack a fact are listed; of more the largest group is counted."""

Values = Mapping[str | None, Sequence[int]]
"""Kinds by the value that they have."""

_WORDS = {
    "client": "not installed",
    "environment": "not there",
    "finding": "not found",
    "reports": "none",
    "setting": "not set",
}

_Token = tuple[str, str, frozenset[str], Veil | None]


class _Part(Struct, frozen=True):
    kinds: frozenset[int]
    machines: int


class Absent:
    """Knows all kinds, and so those that lack a fact."""

    def __init__(
        self, profiles: Sequence[Profile], sizes: Sequence[int], index: Mapping[Key, Values]
    ) -> None:
        """`sizes` says how many machines of each kind there are."""
        self._profiles = profiles
        self._sizes = sizes
        self._index = index
        self._veils = Veils(profiles)
        self._known: dict[_Token, dict[str | None, _Part]] = {}

    def machines(self, kinds: Iterable[int]) -> int:
        """How many machines are of these kinds."""
        return sum(self._sizes[kind] for kind in kinds)

    def groups(self, key: Key) -> Iterator[Group]:
        """Those that lack the fact, by what that means; the largest is not listed if it is long."""
        if key[0] not in _WORDS:
            return
        having = {kind for kinds in self._index[key].values() for kind in kinds}
        parts = self._parts(self._token(key, having))
        left = {v: part.machines - self.machines(having & part.kinds) for v, part in parts.items()}
        longest = max(left, key=lambda value: left[value], default=None)
        for value, machines in left.items():
            short = len(self._profiles) <= LISTED or value != longest or key[0] == "reports"
            kinds = tuple(sorted(parts[value].kinds - having)) if short else None
            if machines:
                yield Group(value, machines, kinds)

    def _token(self, key: Key, having: Collection[int]) -> _Token:
        """What decides over the meaning: the same for all keys that have it in common."""
        section, subject, _ = key
        if section == "finding":  # another version of envdoctor may not look for it at all
            versions = frozenset(self._profiles[kind].doctor for kind in having)
            return section, subject.partition(":")[0], versions, self._veils.of(key)
        name = subject if section == "reports" else ""
        return section, name, frozenset(), self._veils.of(key)

    def _parts(self, token: _Token) -> dict[str | None, _Part]:
        if token not in self._known:
            section, name, _, veil = token
            concerned: Iterable[int] = range(len(self._profiles))
            if section == "reports":
                rows = self._index["client", name, "version"].values()
                concerned = (kind for kinds in rows for kind in kinds)
            parts: dict[str | None, list[int]] = defaultdict(list)
            for kind in concerned:
                looked = _looked(self._profiles[kind], token) and not self._veils.may_have(
                    kind, veil
                )
                parts[_WORDS[section] if looked else None].append(kind)
            self._known[token] = {
                value: _Part(frozenset(kinds), self.machines(kinds))
                for value, kinds in parts.items()
            }
        return self._known[token]


def _looked(profile: Profile, token: _Token) -> bool:
    """Whether a machine was looked at for this, so that what was not found is absent."""
    section, name, versions, _ = token
    if section == "finding":
        return profile.doctor in versions and name not in profile.broken
    return (f"reports {name}" if section == "reports" else section) in profile.closed
