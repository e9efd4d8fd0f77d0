"""Lines out and lines in: all that the conversation has to do with a terminal.

Nothing but clean lines is ever written: no escape sequence, no carriage return.
"""

import os
import sys
from contextlib import suppress

from msgspec.structs import replace

from doctor.clean import clean, shown
from doctor.session import Session
from doctor.settings import Kept


class Leave(BaseException):
    """The conversation ends, with an exit status."""

    def __init__(self, status: int) -> None:
        """Ends with `status`."""
        super().__init__(status)
        self.status = status


class Talk:
    """One conversation: the examination that it is about, and the terminal that it is held in."""

    def __init__(self, session: Session, limit: float, kept: Kept) -> None:
        """Clients have `limit` seconds to answer; all else holds as it was kept."""
        self.session = session
        self.kept = kept
        self.settings = replace(kept.settings, limit=limit)
        reconfigure = getattr(sys.stdin, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")

    @property
    def live(self) -> bool:
        """Whether it is about this machine, so that something can be done to it."""
        return self.session.host.live

    def renew(self) -> None:
        """The same machine, to be examined anew."""
        old = self.session
        self.session = Session(old.host, self.settings.limit, old.reference)

    def say(self, *lines: str) -> None:
        """Says lines at once, without control characters and secrets."""
        self.say_exactly(*map(shown, lines))

    def say_exactly(self, *lines: str) -> None:
        """Says lines in which nothing more is to be hidden.

        Nobody may be listening any more, which what is being done must not stop for.
        """
        try:
            sys.stdout.write("".join(f"{clean(line)}\n" for line in lines))
            sys.stdout.flush()
        except OSError:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def ask(self, question: str) -> str | None:
        """The line that is typed next, `None` where there will be none."""
        with suppress(OSError):
            sys.stdout.write(shown(question))
            sys.stdout.flush()
        try:
            line = sys.stdin.readline()
        except (OSError, ValueError):  # the terminal is gone
            return None
        return clean(line).strip("\n") if line else None

    def agreed(self, question: str) -> bool:
        """Whether somebody says yes now: what was typed before the question is no answer to it."""
        _forget_typed()
        typed = self.ask(f"{question} yes or no [no]: ")
        return typed is not None and typed.strip().lower() in ("y", "yes")


def _forget_typed() -> None:
    """Drops what was typed ahead, where the terminal can."""
    try:
        import termios
    except ImportError:
        return
    with suppress(termios.error, OSError, ValueError):
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
