"""Listens and answers until somebody leaves; long answers are said page by page."""

import signal
import threading

from msgspec.structs import replace

from doctor.clean import clean, shown
from doctor.linear.commands import answered, hint
from doctor.linear.examining import examine, headline, source
from doctor.linear.state import Reply, State, examined, reply
from doctor.linear.talking import Leave, Talk
from doctor.session import Session
from doctor.settings import Kept

PAGE = 40
"""Lines that are said at once; a few more are said too instead of being asked for."""

FEW = 8


def run(session: Session, limit: float, kept: Kept) -> int:
    """Holds a conversation; returns the exit status. No child outlives it."""
    talk = Talk(session, limit, kept)
    try:
        return _converse(talk)
    except Leave as wish:
        return wish.status
    except KeyboardInterrupt:
        talk.say("")  # what comes next stands on a line of its own
        raise
    finally:
        _close(talk)


def _converse(talk: Talk) -> int:
    state = examined(None, examine(talk), talk.settings.muted)
    state = replace(state, guides=talk.session.guides)
    trouble = (talk.kept.trouble,) if talk.kept.trouble else ()
    talk.say("", headline(state.report), *source(talk, state.report), *trouble, hint())
    while (line := talk.ask("> ")) is not None:
        state = said(talk, _next(talk, state, line))
    talk.say("")
    return 0


def _next(talk: Talk, state: State, line: str) -> Reply:
    """The rest of what was said, or the answer to a line; a fault of ours does not end it all."""
    if not line.strip():
        rest, state = state.rest, replace(state, rest=())
        return Reply(state, rest, exact=True) if rest else reply(state, hint())
    try:
        return answered(talk, replace(state, rest=()), line)
    except Exception as error:  # noqa: BLE001 - said, and what was known before stays
        return reply(state, f"envdoctor broke: {type(error).__name__}: {error}")


def said(talk: Talk, answer: Reply) -> State:
    """Says as much as fits a page; the state remembers the rest, and what can be searched."""
    make = clean if answer.exact else shown
    lines = tuple(map(make, answer.lines))
    now, rest = paged(lines)
    talk.say_exactly(*now)
    if rest:
        talk.say(f"{len(rest)} more: press Enter for them.")
    return replace(answer.state, rest=rest, page=answer.page or answer.state.page)


def paged(lines: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is said now, and what is not yet."""
    if len(lines) <= PAGE + FEW:
        return lines, ()
    return lines[:PAGE], lines[PAGE:]


def _close(talk: Talk) -> None:
    """Ends every child; somebody who is asked to end once more must not keep it from that."""
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
    talk.session.close()
