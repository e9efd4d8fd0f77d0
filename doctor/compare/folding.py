"""Profiles of many machines -> what differs: alike ones are folded, so that hundreds stay few."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from doctor.checks import ORDER
from doctor.compare.absent import Absent
from doctor.compare.facts import Key, Profile
from doctor.compare.levels import families
from doctor.compare.reading import Read
from doctor.model import Compared, Comparison, Difference, Group, Kind, Severity

SECTIONS = ("cpu", "system", "setting", "client", "environment", "finding")
_FIRST = ("version", "level", "name by archspec", "model")
"""Fields that come first, in this order."""

_OF_CLIENTS = ("reports", "installs")

Index = dict[Key, dict[str | None, list[int]]]
"""Every fact, with the kinds that have it by value."""


class Fold:
    """Takes machines one after the other; keeps one profile of those that are alike."""

    def __init__(self) -> None:
        """No machine yet."""
        self._members: dict[Profile, list[str]] = {}
        self._places: dict[Profile, int] = {}
        self._machines: list[Compared] = []

    def add(self, label: str, read: Read) -> None:
        """One more machine."""
        place = self._places.setdefault(read.profile, len(self._places))
        self._members.setdefault(read.profile, []).append(label)
        doctor = read.profile.doctor
        self._machines.append(Compared(label, read.made, doctor, read.judged, place))

    def folded(self) -> Comparison:
        """What differs between all of them."""
        profiles, index = tuple(self._members), _index(tuple(self._members))
        absent = Absent(profiles, [len(labels) for labels in self._members.values()], index)
        rows = {key: _groups(index, key, absent) for key in index}
        lone = [groups[0] for groups in rows.values() if len(groups) == 1]
        differ = {key: groups for key, groups in rows.items() if len(groups) > 1}
        return Comparison(
            machines=tuple(self._machines),
            kinds=tuple(Kind(tuple(labels)) for labels in self._members.values()),
            families=families(self._members),
            differences=tuple(sorted(_merged(differ), key=_order)),
            same=sum(group.value is not None for group in lone),
            unknown=sum(group.value is None for group in lone),
            stand_ins=any(
                "hidden-" in text for key, g in differ.items() for text in _texts(key, g)
            ),
        )


def _texts(key: Key, groups: tuple[Group, ...]) -> Iterator[str]:
    yield key[1]
    yield from (group.value for group in groups if group.value is not None)


def _index(profiles: Sequence[Profile]) -> Index:
    index: Index = defaultdict(lambda: defaultdict(list))
    for place, profile in enumerate(profiles):
        for key, value in profile.facts:
            index[key][value].append(place)
    for place, words in enumerate(_features(profiles)):
        index["cpu", "CPU", "features"][words].append(place)
    return index


def _features(profiles: Sequence[Profile]) -> Iterator[str | None]:
    """Of each, the features that it has and not all of its family do."""
    common: dict[str | None, set[str]] = {}
    for profile in profiles:
        if profile.features is not None:
            own = set(profile.features)
            common[profile.family] = own & common.get(profile.family, own)
    for profile in profiles:
        if profile.features is None:
            yield None
        else:
            more = (f for f in profile.features if f not in common[profile.family])
            yield " ".join(more) or "no more than all have"


def _groups(index: Index, key: Key, absent: Absent) -> tuple[Group, ...]:
    """Those that have a fact by value, then those that lack it; the largest group first."""
    found = {
        value: Group(value, absent.machines(kinds), tuple(kinds))
        for value, kinds in index[key].items()
    }
    for rest in absent.groups(key):
        known = found.get(rest.value)
        found[rest.value] = _both(known, rest) if known else rest
    return tuple(sorted(found.values(), key=lambda group: -group.machines))


def _both(one: Group, other: Group) -> Group:
    kinds = None if other.kinds is None else tuple(sorted((*(one.kinds or ()), *other.kinds)))
    return Group(one.value, one.machines + other.machines, kinds)


def _merged(rows: dict[Key, tuple[Group, ...]]) -> Iterator[Difference]:
    """One difference for what several clients report alike."""
    subjects: dict[tuple[str, str, str, tuple[Group, ...]], list[str]] = defaultdict(list)
    for (section, subject, name), groups in rows.items():
        apart = "" if section in _OF_CLIENTS else subject
        subjects[section, apart, name, groups].append(subject)
    for (section, _, name, groups), merged in subjects.items():
        shown = "client" if section in _OF_CLIENTS else section
        severity = _worst(groups) if section == "finding" else None
        yield Difference(shown, tuple(sorted(merged)), name, groups, severity)


def _worst(groups: tuple[Group, ...]) -> Severity:
    """The worst that a finding is on some machine."""
    values = {group.value for group in groups}
    return next(severity for severity in ORDER if severity.value in values)


def _order(row: Difference) -> tuple[int, int, str, int, str]:
    """By section, findings worst first, clients by name with their versions first."""
    worst = ORDER.index(row.severity) if row.severity else 0
    place = _FIRST.index(row.field) if row.field in _FIRST else len(_FIRST)
    return SECTIONS.index(row.section), worst, row.subjects[0], place, row.field
