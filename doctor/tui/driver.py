"""The terminal that the app draws on: taken, lent to the shell, lost, given back.

Textual's own driver takes it and gives it back. What it leaves out (Textual 8.2.8,
`drivers/linux_driver.py` and `_writer_thread.py`) is here: it draws nothing after `fg`, it takes
the terminal a second time after SIGSTOP and SIGCONT (and then gives back the wrong modes), its
handlers may interrupt the queue that they write into, and it spins or blocks for ever where the
terminal is gone.
"""

import os
import select
import signal
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual.app import App

from doctor.tui.hearing import Hearing

if TYPE_CHECKING:
    from doctor.tui.leaving import Leaving

RESET = (
    "\x1b[?2026l"  # what was drawn is shown
    "\x1b[?2004l"  # no brackets around pasted text
    "\x1b[?7h"  # long lines wrap
    "\x1b[?2048l"  # sizes are not reported
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # nor is the mouse
    "\x1b[<u"  # keys are sent as ever (kitty keyboard protocol)
    "\x1b[0m\x1b[?1049l"  # what was on the screen before
    "\x1b[?25h"  # a cursor
    "\x1b[?1004l"  # focus is not reported
)
"""Everything that Textual switches on, switched off."""

PATIENCE = 1.0
"""Seconds for what is written last; a terminal that takes none of it is stalled."""

NOTICE = 0.05
"""Seconds until a signal that has arrived is noted."""


class Output:
    """The file that is drawn on; where its terminal is gone, what is written goes nowhere."""

    def __init__(self, file: TextIO) -> None:
        """Writes into `file`, as long as nothing is `dropping`."""
        self._file = file
        self.dropping = False

    def fileno(self) -> int:
        """The descriptor behind it."""
        return self._file.fileno()

    def write(self, text: str) -> None:
        """Writes, or drops it."""
        try:
            if not self.dropping:
                self._file.write(text)
        except OSError:
            self._drop()

    def flush(self) -> None:
        """Writes what is buffered, or drops it."""
        try:
            self._file.flush()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        """Else Python would fail on the rest at its very end."""
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


class TerminalDriver(Hearing):
    """Textual's driver for Linux and macOS, with the rest of a terminal's life."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Remembers how the terminal was."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.taken = self._stopped = False
        self._giving = threading.Lock()
        self._output = Output(cast(TextIO, self._file))
        self._file = cast(Any, self._output)
        self._before = self._attributes()
        self._listen()
        threading.Thread(target=self._await_end, daemon=True).start()

    @property
    def _leaving(self) -> "Leaving":
        return cast("Leaving", self._app)

    def _attributes(self) -> list[Any] | None:
        try:
            return termios.tcgetattr(self.fileno)
        except termios.error:
            return None

    def write(self, data: str) -> None:
        """Draws, unless the shell has the terminal."""
        if self.taken:
            super().write(data)

    def start_application_mode(self) -> None:
        """Takes the terminal, once it is ours to take."""
        self.taken, self._stopped = True, False
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Queues what gives the terminal back; a shell that has it already keeps its modes."""
        if not self.taken:
            return
        if not self._is_ours():
            self.attrs_before = None
        super().stop_application_mode()
        if self._mouse:
            self.write("\x1b[?1016l")
        self._stopped = True

    def close(self) -> None:
        """Waits until all is written."""
        super().close()
        self.taken = self.taken and not self._stopped

    def give_back(self) -> None:
        """The last resort, once: modes and reset sequences, whatever else waits to be written.

        Who comes second waits: a process that ends meanwhile would cut the first off.
        """
        with self._giving:
            if not self.taken:
                return
            self.exit_event.set()
            complete = self._stopped  # as of now: what is queued from here on is not written
            written = self._is_written()
            self.taken = False
            if written and complete:
                return
            if not written:  # the terminal takes no more: it gets less to take
                self._output.dropping = True
                self._forget()
                self._is_written()
                self._forget()
            self._reset()

    def _reset(self) -> None:
        if self._before is not None and self._is_ours():
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._before)
        with suppress(OSError):
            if os.isatty(self._output.fileno()):
                os.write(self._output.fileno(), RESET.encode())

    def _is_written(self) -> bool:
        """Whether all that was queued is on the terminal, after some time at most."""
        writer = self._writer_thread
        if writer is None or not writer.is_alive():
            return True
        threading.Thread(target=writer.stop, daemon=True).start()
        writer.join(PATIENCE)
        return not writer.is_alive()

    def _forget(self) -> None:
        """Drops what the terminal has not taken yet, and wakes who waits for room in it."""
        descriptor = self._output.fileno()
        with suppress(OSError, termios.error):
            termios.tcflush(descriptor, termios.TCOFLUSH)
            termios.tcflow(descriptor, termios.TCOOFF)
            termios.tcflow(descriptor, termios.TCOON)

    # --- lent to the shell -------------------------------------------------------------------

    def _listen(self) -> None:
        """In the loop: handlers that interrupt it could not write what they must write."""
        self._loop.add_signal_handler(signal.SIGTSTP, self.suspend)
        self._loop.add_signal_handler(signal.SIGCONT, self._continued)

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """Signals that stop and continue have their usual meaning meanwhile."""
        for number in (signal.SIGTSTP, signal.SIGCONT):
            self._loop.remove_signal_handler(number)
        try:
            yield
        finally:
            self._listen()

    def suspend(self) -> None:
        """Gives the terminal to the shell, stops, and takes it again once we are continued.

        Where no shell could continue us, the system does not stop us either.
        """
        with self._stopping():
            if self.taken:
                self.suspend_application_mode()
            os.kill(os.getpid(), signal.SIGTSTP)
            self._await_turn()
        self._take_again()

    def _continued(self) -> None:
        """After a stop that nobody announced the terminal is in whatever modes others left."""
        if not self.taken:
            return
        with self._stopping():
            self._await_turn()
        if not self._leaving.is_leaving:
            self.suspend_application_mode()
            self._take_again()

    def _await_turn(self) -> None:
        """Stops again as long as the shell has the terminal: it would be drawn over.

        A signal that waited for SIGCONT may be noted by another thread, a moment after it.
        """
        while not self._is_ours():
            time.sleep(NOTICE)
            if self._leaving.is_leaving:
                return
            os.kill(os.getpid(), signal.SIGSTOP)

    def _is_ours(self) -> bool:
        """Whether we are in the foreground, or in a terminal without jobs."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def _take_again(self) -> None:
        """Sets all modes, lays out for the size that the terminal has now, and draws all of it."""
        if self._leaving.is_leaving:
            return
        self._must_signal_resume = True
        self.start_application_mode()
        self._app.call_later(self._app.refresh, layout=True)

    # --- lost --------------------------------------------------------------------------------

    def _await_end(self) -> None:
        """The system says at once when a terminal is closed, also where nobody gets SIGHUP."""
        if not hasattr(select, "poll") or not self.input_tty:
            return
        waiting = select.poll()
        waiting.register(self.fileno, 0)
        with suppress(OSError):
            if any(event & select.POLLHUP for _, event in waiting.poll()):
                self._leaving.lost_terminal()

    def _run_input_thread(self) -> None:
        """Keys as they come; a terminal that cannot be read is lost."""
        try:
            self.run_input_thread()
        except OSError:
            self._leaving.lost_terminal()
        except Exception as error:  # noqa: BLE001 - without keys there is no app
            self._app.call_later(self._app._handle_exception, error)
