"""Machines side by side: the level that they share in a sentence, then only what differs."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from doctor.model import Comparison, Difference, Family, Group
from doctor.report.escaping import escape
from doctor.report.text import table

SIDES = 3
"""Up to so many kinds of machines stand side by side in columns."""

_WIDEST = 36
"""Widest cell of a column; longer values stand below."""

_LINE = 96
_UNDER = " " * 6
_NARROWEST = 14
"""Least room for what differs; where there is less, values stand below one another."""

_WHOLE_WORDS: Any = {"break_long_words": False, "break_on_hyphens": False}
_MOST_KINDS = 12

STAND_INS = (
    "Names that begin with hidden- are stand-ins of a bundle: the same one in another bundle need "
    "not be the same thing."
)


# --- sentences -------------------------------------------------------------------------------


def sentences(comparison: Comparison) -> Iterator[str]:
    """The level that all share and who holds the others back, then one for each other family."""
    known = [family for family in comparison.families if family.name is not None]
    dark = [label for f in comparison.families if f.name is None for label in f.unknown]
    number = len(comparison.machines)
    if not known:
        yield f"Nothing is known about the CPUs of these {number} machines."
        return
    if len(known) > 1:
        parts = ", ".join(f"{family.machines} {_are(family.machines)} {family.name}"
                          for family in known)  # fmt: skip
        whole = "both" if number == 2 else f"all {number}"
        yield f"There is no level that {whole} machines share: {parts}."
    for family in known:
        yield _sentence(family, len(known) == 1, dark if len(known) == 1 else [])
    if len(known) > 1 and dark:
        yield f"The CPU of {names(dark, 3)} is unknown."


def _sentence(family: Family, alone: bool, dark: Sequence[str]) -> str:
    kind = "" if alone else f"{family.name} "
    number, unknown = family.machines + len(dark), (*family.unknown, *dark)
    known = number - len(unknown)
    whole = {1: f"The one {kind}machine", 2: f"Both {kind}machines"}.get(
        number, f"All {number} {kind}machines"
    )
    who = f"{known} of {number} {kind}machines" if unknown else whole
    if not family.has_levels:
        if not alone:
            return f"No level packages exist for {family.name}."
        said = f"{who} {_are(known)} {family.name}, for which no level packages exist"
        return f"{said}{_dark(dark)}."
    if family.shared is None:
        return f"The level of {names(unknown, 3)} is unknown."
    have = "has" if known == 1 else "have"
    return f"{who} {have} level {family.shared}{_dark(unknown)}{_holding(family)}."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _dark(unknown: Sequence[str]) -> str:
    return f", of {names(unknown, 3)} it is unknown" if unknown else ""


def _holding(family: Family) -> str:
    """`; node07 and 2 more hold back 37 that have x86_64_v4: they lack avx512f ...`."""
    if family.next is None:
        return ""
    slow = [label for lacking in family.holding for label in lacking.machines]
    fast = [label for reach in family.levels[1:] for label in reach.machines]
    more = f"{family.next}{' or more' if len(family.levels) > 2 else ''}"
    ahead = f"{fast[0]}, which has {more}" if len(fast) == 1 else f"{len(fast)} that have {more}"
    one = len(slow) == 1
    lack = f": {_lack(family, one)}" if family.name == "x86_64" else ""  # Power's go by generation
    return f"; {names(slow, 1)} {'holds' if one else 'hold'} back {ahead}{lack}"


def _lack(family: Family, one: bool) -> str:
    known = [
        (row.machines, set(row.features)) for row in family.holding if row.features is not None
    ]
    dark = [label for row in family.holding if row.features is None for label in row.machines]
    if not known:
        return f"what {'it lacks' if one else 'they lack'} is unknown"
    who = ("it lacks" if one else "they lack") if len(known) == 1 else "each lacks some of"
    if dark:
        labels = [label for machines, _ in known for label in machines]
        lacks = "lacks" if len(labels) == 1 else "lack"
        who = f"{names(labels, 1)} {lacks}{'' if len(known) == 1 else ' some of'}"
    features = " ".join(sorted(set().union(*(found for _, found in known))))
    return f"{who} {features}{_dark(dark)}"


def counts(comparison: Comparison) -> str:
    """How much differs, and how much does not."""
    number, same = len(comparison.differences), comparison.same
    unknown = f" {comparison.unknown} are unknown everywhere." if comparison.unknown else ""
    if not number:
        return f"They differ in nothing that is compared: {same} facts are the same.{unknown}"
    facts = "1 fact differs" if number == 1 else f"{number} facts differ"
    return f"{facts}, {same} are the same everywhere.{unknown}"


def names(labels: Sequence[str], limit: int) -> str:
    """Some labels, and how many more there are."""
    shown, more = ", ".join(labels[:limit]), len(labels) - limit
    return f"{shown} and {more} more" if more > 0 else shown


def members(comparison: Comparison, row: Difference, group: Group, limit: int) -> str:
    """Some machines of a group, and how many more there are."""
    shown = list(islice(comparison.members(group, row), limit))
    more = group.machines - len(shown)
    return f"{', '.join(shown)} and {more} more" if more else ", ".join(shown)


def value(group: Group) -> str:
    """What a group has, in words."""
    return "unknown" if group.value is None else group.value or "set, but empty"


def title(row: Difference) -> str:
    """What differs; a finding with its severity."""
    return f"{row.severity.value.upper()} {row.title}" if row.severity else row.title


# --- text ------------------------------------------------------------------------------------


def columns(comparison: Comparison, width: int = _LINE) -> Iterator[str]:
    """Up to three kinds of machines side by side; of more, groups of machines by value.

    No line is longer than `width` because of a column; of words without blanks one may be.
    """
    for sentence in (*sentences(comparison), counts(comparison)):
        yield from textwrap.wrap(sentence, width, **_WHOLE_WORDS)
    yield from _kinds_of(comparison)
    rows = comparison.differences
    if rows and len(comparison.kinds) <= SIDES:
        short = [row for row in rows if all(len(value(g)) <= _WIDEST for g in row.groups)]
        beside = list(_beside(comparison, short))
        room = width - sum(2 + max(len(row[n]) for row in beside) for n in range(1, len(beside[0])))
        if room >= _NARROWEST:
            yield ""
            yield from _below_long_titles(beside, room)
            rows = tuple(row for row in rows if row not in short)
    for row in rows:
        yield ""
        yield title(row)
        yield from _by_value(comparison, row, width)
    for note in _notes(comparison):
        yield from textwrap.wrap(note, width, **_WHOLE_WORDS) or [""]


def _below_long_titles(rows: Sequence[tuple[str, ...]], room: int) -> Iterator[str]:
    """Rows with aligned columns; a title for which there is no room has a line of its own."""
    lines = iter(table([("" if len(first) > room else first, *rest) for first, *rest in rows]))
    for first, *_ in rows:
        if len(first) > room:
            yield first
        yield next(lines)


def _kinds_of(comparison: Comparison) -> Iterator[str]:
    """Machines that are alike, where that makes the list shorter."""
    kinds, number = comparison.kinds, len(comparison.machines)
    if 1 < len(kinds) < number and len(kinds) <= _MOST_KINDS:
        yield ""
        yield f"{len(kinds)} kinds of machines, those of a kind alike in everything:"
        rows = [(f"  {len(k.machines)} of {number}", names(k.machines, 3)) for k in kinds]
        yield from table(rows)


def _by_value(comparison: Comparison, row: Difference, width: int) -> Iterator[str]:
    """The machines beside what they have, or below it where that is long."""
    said = [(value(group), _members(comparison, row, group)) for group in row.groups]
    longest = [max(map(len, column)) for column in zip(*said, strict=True)]
    if longest[0] <= _WIDEST and sum(longest) + 4 <= width:
        yield from table([(f"  {words}", who) for words, who in said])
        return
    for words, who in said:
        yield from textwrap.wrap(words, width, initial_indent="  ", subsequent_indent="  ")
        yield from textwrap.wrap(who, width, initial_indent=_UNDER, subsequent_indent=_UNDER)


def _members(comparison: Comparison, row: Difference, group: Group) -> str:
    listed = members(comparison, row, group, 3)
    return listed if group.machines <= 3 else f"{group.machines} machines: {listed}"


def _notes(comparison: Comparison) -> Iterator[str]:
    if comparison.stand_ins:
        yield ""
        yield STAND_INS


def _beside(comparison: Comparison, rows: Sequence[Difference]) -> Iterator[tuple[str, ...]]:
    yield "", *heads(comparison)
    if all(len(kind.machines) == 1 for kind in comparison.kinds):
        yield "recorded", *(made(machine.made) for machine in comparison.machines)
    for row in rows:
        yield title(row), *cells(comparison, row)


def heads(comparison: Comparison) -> tuple[str, ...]:
    """A name for each kind, all different."""
    said = tuple(names(kind.machines, 1) for kind in comparison.kinds)
    if len({*said}) == len(said):
        return said
    return tuple(f"{number}: {name}" for number, name in enumerate(said, start=1))


def made(text: str) -> str:
    """A time to the minute."""
    return text[:16].replace("T", " ") or "unknown"


def cells(comparison: Comparison, row: Difference) -> tuple[str, ...]:
    """The value of each kind, `-` where it does not arise."""
    found = {kind: value(group) for group in row.groups for kind in group.kinds or ()}
    rest = next((value(group) for group in row.groups if group.kinds is None), "-")
    return tuple(found.get(kind, rest) for kind in range(len(comparison.kinds)))


def by_value(row: Difference) -> str:
    """How many machines have which value, in one line."""
    return "; ".join(f"{group.machines} {value(group)}" for group in row.groups)


def plain(comparison: Comparison) -> Iterator[str]:
    """One fact per line."""
    yield from sentences(comparison)
    yield counts(comparison)
    yield f"Machines: {len(comparison.machines)}"
    for kind in comparison.kinds:
        if len(kind.machines) > 1:
            yield f"Alike in everything: {names(kind.machines, 12)}"
    for row in comparison.differences:
        yield ""
        yield f"Differs: {title(row)}"
        for group in row.groups:
            yield f"{value(group)}: {members(comparison, row, group, 12)}"
    yield from _notes(comparison)


def markdown(comparison: Comparison) -> Iterator[str]:
    """Ready to paste into an issue."""
    yield "### envdoctor compare"
    yield ""
    yield from (escape(sentence) for sentence in sentences(comparison))
    yield escape(counts(comparison))
    if comparison.differences:
        yield ""
        few = len(comparison.kinds) <= SIDES
        first = heads(comparison) if few else ("where",)
        yield _row("what differs", *first)
        yield f"|{'---|' * (len(first) + 1)}"
        for row in comparison.differences:
            yield _row(title(row), *(cells(comparison, row) if few else (_by(comparison, row),)))
    yield from _notes(comparison)


def _row(*words: str) -> str:
    return f"| {' | '.join(escape(word) for word in words)} |"


def _by(comparison: Comparison, row: Difference) -> str:
    return "; ".join(
        f"{value(group)}: {members(comparison, row, group, 3)}" for group in row.groups
    )
