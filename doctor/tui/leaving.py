"""The part of the app that ends it: quit, interrupt, wishes of the system; no child outlives it."""

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import App

from doctor.session import Session

if TYPE_CHECKING:
    from doctor.fix.doing import Doing


class Leaving(App[int]):
    """What the app does to end; everything else is in `DoctorApp`."""

    _session: Session
    _doing: "Doing | None" = None
    _leaving: int | None = None

    def listen_to_signals(self) -> None:
        """Ends as asked where the system wishes so."""
        for name in ("SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError, ValueError, RuntimeError):
                number = getattr(signal, name)
                asyncio.get_running_loop().add_signal_handler(number, self.leave, 128 + number)

    async def action_quit(self) -> None:
        """Ends every child at once, then leaves; never while something is being done."""
        if not self.is_busy():
            self.leave(0)

    def action_interrupt(self) -> None:
        """Ctrl-C leaves as it does everywhere else; what is being done it stops."""
        self.action_stop() if self._doing is not None else self.leave(130)

    def on_unmount(self) -> None:
        """However the app ends, no child outlives it."""
        self._session.close()
        if self._doing is not None:
            self._doing.end()

    def action_stop(self) -> None:
        """Asks what is running to stop; a second time ends it at once."""
        if self._doing is not None:
            self._doing.stop()

    def is_busy(self) -> bool:
        """Whether something is being done, which would be torn by leaving; says how to stop it."""
        if self._doing is not None:
            self.notify("It is still being done: s stops it, then you can leave.", markup=False)
        return self._doing is not None

    def leave(self, status: int) -> None:
        """Ends every child and the app; what is being done is asked to stop first, once more ends
        it at once.
        """
        if self._doing is not None:
            self._leaving = status
            self.notify("Stopping what is being done, then leaving.", markup=False)
            self._doing.stop()
            return
        self._session.close()
        self.exit(return_code=status)
