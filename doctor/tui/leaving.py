"""The part of the app that ends it: quit, interrupt, signals, faults; no child outlives it."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen

from doctor.session import Session

if TYPE_CHECKING:
    from doctor.fix.doing import Doing
    from doctor.model import Applied
    from doctor.tui.guard import Guard

FAULT = 3
"""Exit status after a fault of ours."""

PATIENCE = 5.0
"""Seconds that the app has to end; then it is ended."""

DOING_PATIENCE = 30.0
"""The same while a command is asked to put back what it did, which has 20 seconds for it."""


class Leaving(App[int]):
    """What the app does to end; everything else is in `DoctorApp`."""

    guard: "Guard | None" = None
    fault: Exception | None = None
    fault_screens: tuple[str, ...] = ()
    outcome: "Applied | None" = None
    _session: Session
    _doing: "Doing | None" = None
    _told_to_stop: "Doing | None" = None
    _leaving: int | None = None
    _ending = False

    # --- the terminal ------------------------------------------------------------------------

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver with what it leaves out, where it draws on a terminal of Unix."""
        usual = super().get_driver_class()
        if usual.__module__ != "textual.drivers.linux_driver":
            return usual
        from doctor.tui.driver import TerminalDriver

        return TerminalDriver

    def action_suspend_process(self) -> None:
        """Stops the whole job, as Ctrl-Z does elsewhere: a shell waits for all of it."""
        if sys.platform != "win32" and self._driver is not None and self._driver.can_suspend:
            self._suspend_signal()
            os.kill(0, signal.SIGTSTP)

    def lost_terminal(self) -> None:
        """Nobody sees or presses anything any more; called by threads."""
        if self.guard is not None and not self.is_leaving:
            self.guard.hear(signal.SIGHUP)

    def on_load(self) -> None:
        """Tasks begin after what started them has gone on, with every Python as with 3.11.

        From 3.12 Textual has them begin at once; then a line to type in is drawn before the first
        room is on the stack, which ends the app (Textualize/textual v8.2.8, app.py, `run_async`,
        `_init_mode`).
        """
        asyncio.get_running_loop().set_task_factory(None)

    def give_back_terminal(self) -> None:
        """The last resort, where Textual did not come to it."""
        give_back = getattr(self._driver, "give_back", None)
        if give_back is not None:
            give_back()

    @property
    def session(self) -> Session:
        """What is examined."""
        return self._session

    def get_key_display(self, binding: Binding) -> str:
        """Keys as they are printed on them."""
        known = {"enter": "Enter", "escape": "Esc", "space": "Space"}
        shown = known.get(binding.key) or super().get_key_display(binding)
        return shown.upper() if shown[:1] == "f" and shown[1:].isdigit() else shown

    # --- wishes ------------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Ends every child at once, then leaves; never while something is being done."""
        if not self.is_busy():
            self.leave(0)

    def action_interrupt(self) -> None:
        """Ctrl-C leaves as it does everywhere else; what is being done it stops."""
        self.action_stop() if self._doing is not None else self.leave(130)

    def obey(self, number: int) -> None:
        """Leaves because of a signal.

        A lost terminal is told several times, so that is no wish to tear what is being done.
        """
        if number == getattr(signal, "SIGHUP", None) and self._leaving is not None:
            return
        with self._context():
            self.leave(128 + number)

    @property
    def is_leaving(self) -> bool:
        """Whether it is over, or somebody wished so."""
        return self._ending or (self.guard is not None and self.guard.status is not None)

    @property
    def is_doing(self) -> bool:
        """Whether something is being carried out."""
        return self._doing is not None

    @property
    def patience(self) -> float:
        """Seconds that leaving may take."""
        return DOING_PATIENCE if self.is_doing else PATIENCE

    def action_stop(self) -> None:
        """Asks what is running to stop; a second time ends it at once."""
        if self._doing is not None:
            self._told_to_stop = self._doing
            self._doing.stop()

    def is_busy(self) -> bool:
        """Whether something is being done, which would be torn by leaving; says how to stop it."""
        if self._doing is not None:
            self.notify("It is still being done: s stops it, then you can leave.", markup=False)
        return self._doing is not None

    # --- the end -----------------------------------------------------------------------------

    def leave(self, status: int) -> None:
        """Ends every child and the app; what is being done is asked to stop first, once more ends
        it at once.
        """
        if self._doing is not None:
            again, self._leaving = self._leaving is not None, self._leaving or status
            self.notify("Stopping what is being done, then leaving.", markup=False)
            if again or self._told_to_stop is not self._doing:
                self.action_stop()
            return
        self._ending = True
        self.end_within(PATIENCE)
        try:
            self._session.close()
        finally:
            self.exit(return_code=status)

    def _handle_exception(self, error: Exception) -> None:
        """Notes what broke and ends the app; `doctor.tui.running` tells it.

        As in Textual 8.2.8, `app.py`, which prints the values of all variables besides. What
        breaks on the way out is no news: rooms are closed there before they were put together.
        """
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        if not self.is_leaving:
            self.fault, self._return_code = error, FAULT
            self.fault_screens = tuple(type(screen).__name__ for screen in self._stack())
            self._ending = True
            self.end_within(self.patience)
        self._close_messages_no_wait()

    def _stack(self) -> list[Screen[object]]:
        try:
            return self.screen_stack
        except Exception:  # noqa: BLE001 - there may be none yet
            return []

    def on_unmount(self) -> None:
        """However the app ends, no child outlives it."""
        self._session.close()
        if self._doing is None:
            return
        if self._exception is None:
            self._doing.end()
        elif self._told_to_stop is not self._doing:  # a fault of ours must not tear it
            self.action_stop()

    def end_within(self, seconds: float) -> None:
        """The app has so long to end."""
        if self.guard is not None:
            self.guard.limit(seconds)

    def end_children(self) -> None:
        """Once more and without the app's loop: nothing is left running."""
        with suppress(Exception):
            self._session.close()
        if self._doing is not None:
            self._doing.end()
