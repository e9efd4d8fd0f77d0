"""The level that machines share, and who holds the others back, family by family."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from doctor.compare.facts import LEVELS, Profile
from doctor.levels import level_number
from doctor.model import Family, Lacking, Reach

Members = Mapping[Profile, Sequence[str]]
"""The labels of the machines of each profile, in the order in which they were given."""


def families(members: Members) -> tuple[Family, ...]:
    """The largest family first, machines of an unknown one last."""
    found: dict[str | None, dict[Profile, Sequence[str]]] = defaultdict(dict)
    for profile, labels in members.items():
        found[profile.family][profile] = labels
    rows = [_family(name, own) for name, own in found.items()]
    return tuple(sorted(rows, key=lambda row: (row.name is None, -row.machines)))


def _family(name: str | None, members: Members) -> Family:
    number = sum(len(labels) for labels in members.values())
    if name not in LEVELS:
        unknown = tuple(label for labels in members.values() for label in labels)
        return Family(name, number, False, unknown=unknown if name is None else ())
    by_level: dict[str | None, list[str]] = defaultdict(list)
    for profile, labels in members.items():
        by_level[profile.level].extend(labels)
    unknown = tuple(by_level.pop(None, ()))
    order = sorted((level for level in by_level if level), key=lambda word: level_number(word) or 0)
    levels = tuple(Reach(level, tuple(by_level[level])) for level in order)
    if len(levels) < 2:
        return Family(name, number, True, levels, unknown)
    shared, above = order[:2]
    return Family(name, number, True, levels, unknown, above, _holding(members, shared, above))


def _holding(members: Members, shared: str, above: str) -> tuple[Lacking, ...]:
    """Those at the lowest level by what they lack, the most first."""
    lacking: dict[tuple[str, ...] | None, list[str]] = defaultdict(list)
    for profile, labels in members.items():
        if profile.level == shared:
            lacking[profile.lacks(above)].extend(labels)
    rows = [Lacking(tuple(labels), features) for features, labels in lacking.items()]
    return tuple(sorted(rows, key=lambda row: -len(row.machines)))
