"""Ends the app as the system wishes: the app is asked first, and is not waited for without end.

Signals are only noted where they arrive. A thread of its own hands them on to the app, and ends
the process itself where the app does not come to it: stuck in a write to a terminal that takes no
more, or in a thread that still computes.
"""

import asyncio
import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn, Protocol

NUMBERS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
    if hasattr(signal, name)
)

JOBS = tuple(getattr(signal, name) for name in ("SIGTTIN", "SIGTTOU") if hasattr(signal, name))
"""Signals that stop who touches a terminal that the shell has."""


class Charge(Protocol):
    """What is asked to end, in its own loop."""

    @property
    def is_doing(self) -> bool:
        """Whether something is being carried out, which would be torn by an end at once."""

    @property
    def patience(self) -> float:
        """Seconds that an end may take as things are."""

    def obey(self, number: int) -> None:
        """Begins to end because of a signal."""


class Guard:
    """Signals from before the app's loop runs until after it ended, and time that it has."""

    def __init__(self) -> None:
        """`status` is the exit status of the first signal that was heard."""
        self.status: int | None = None
        self._asked = False
        self._force: Callable[[], int] = lambda: self.status or 0
        self._charge: Charge | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._said: queue.SimpleQueue[int | float | None] = queue.SimpleQueue()
        threading.Thread(target=self._watch, name="guard", daemon=True).start()

    def listen(self) -> None:
        """From now on; a signal that was ignored before, as nohup asks for, stays so."""
        for number in NUMBERS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._heard)

    def rest(self, status: int, seconds: float) -> None:
        """All is settled: signals end the process as they do everywhere, and so does time."""
        for number in NUMBERS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        self._force = lambda: status
        self.limit(seconds)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        """Anything may be interrupted by this: nothing that takes a lock is done here."""
        for job in JOBS:  # giving the terminal back must not stop us
            signal.signal(job, signal.SIG_IGN)
        self.hear(number)

    def hear(self, number: int) -> None:
        """Takes note of a signal, from any thread."""
        self.status = 128 + number if self.status is None else self.status
        self._said.put(number)

    def limit(self, seconds: float | None) -> None:
        """From now the process has so long to end, `None` for any time."""
        self._said.put(None if seconds is None else float(seconds))

    def charge(
        self, app: Charge, loop: asyncio.AbstractEventLoop, force: Callable[[], int]
    ) -> None:
        """Who is asked; `force` does in a hurry what it should have done, for an exit status."""
        self._charge, self._loop, self._force = app, loop, force

    def discharge(self) -> None:
        """Nobody is asked: a signal ends the process at once."""
        self._charge = None

    def _watch(self) -> None:
        deadline: float | None = None
        while True:
            try:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                said = self._said.get(timeout=left)
            except queue.Empty:
                self._end()
            limit = self._ask(said) if isinstance(said, int) else said
            deadline = None if limit is None else time.monotonic() + limit

    def _ask(self, number: int) -> float:
        """Hands a signal on; returns the seconds until the app has to have ended.

        Ctrl-C once more means now.
        """
        app, loop = self._charge, self._loop
        again, self._asked = self._asked, True
        if app is None or loop is None:
            return 0.0
        if again and number == signal.SIGINT and not app.is_doing:
            return 0.0
        with suppress(RuntimeError):  # a loop that just ended
            loop.call_soon_threadsafe(app.obey, number)
        return app.patience

    def _end(self) -> NoReturn:
        status = 1
        try:
            status = self._force()
        finally:
            os._exit(status)
