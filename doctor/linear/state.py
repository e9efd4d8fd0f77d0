"""What is known at one point of the conversation, and what one answer is."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from doctor.linear.talking import Talk
from doctor.model import Finding, Guide, Report
from doctor.muting import mute

if TYPE_CHECKING:
    from doctor.bundle.making import Bundle


class State(Struct, frozen=True):
    """The report, and what numbers and short words mean now.

    `judged` is the report before any finding was muted.
    `listed` are the findings that numbers mean, `finding` is the one that was shown last, `guided`
    the id of the one whose options are numbered; `guides` are those that were begun, by finding.
    `tried` are reports with what clients did, by requirement. `page` is the last room, which a
    search goes through, `rest` what of it was not said yet. `bundle` is the one put together last,
    `hidden` the words and `without` the files that are to be left out of it.
    """

    report: Report
    judged: Report
    listed: tuple[Finding, ...] = ()
    finding: Finding | None = None
    guided: str | None = None
    guides: dict[str, Guide] = field(default_factory=dict)
    tried: dict[str, Report] = field(default_factory=dict)
    page: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    bundle: "Bundle | None" = None
    hidden: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Reply(Struct, frozen=True):
    """What is known then, and the lines to say.

    `page` is what a search goes through afterwards, empty where that is what it was before; lines
    that are `exact` have no secrets any more and are said letter by letter.
    """

    state: State
    lines: tuple[str, ...]
    page: tuple[str, ...] = ()
    exact: bool = False


Answer = Callable[[Talk, State, str], Reply]
"""What a command does with the words after it."""


class Command(Struct, frozen=True):
    """What can be typed: `keys` are a letter and a word for the same, `takes` what may follow.

    `title` is what the first line says of it, empty where only the help does.
    """

    keys: tuple[str, ...]
    takes: str
    title: str
    help: str
    answer: Answer


def reply(state: State, *lines: str) -> Reply:
    """An answer that is no room."""
    return Reply(state, lines)


def room(state: State, lines: Iterable[str], page: Iterable[str] = ()) -> Reply:
    """A room: its lines, and what a search in it goes through, by default these lines."""
    said = tuple(lines)
    return Reply(state, said, tuple(page) or said)


def examined(state: State | None, report: Report, muted: tuple[str, ...]) -> State:
    """The state with a new report: numbers mean its findings, and nothing was tried on it yet."""
    fresh = State(report, report)
    if state is not None:
        fresh = replace(state, judged=report, finding=None, tried={}, page=(), rest=())
    return with_muted(fresh, muted)


def with_muted(state: State, muted: tuple[str, ...]) -> State:
    """The state in which other findings are muted; numbers mean them in their new order."""
    shown = mute(state.judged, muted)
    return replace(state, report=shown, listed=shown.findings, bundle=None)
