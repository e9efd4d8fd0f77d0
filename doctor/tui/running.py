"""Runs the app from taking the terminal to giving it back, and shows what broke, if anything did.

However it ends, the terminal is as it was and no child is left.
"""

import asyncio
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from doctor.tui.guard import Guard
from doctor.tui.leaving import FAULT, Leaving

if TYPE_CHECKING:
    from doctor.tui.crash import CrashApp

REST = 2.0
"""Seconds for what still computes after the app has ended: nothing of it is wanted any more."""

STOPPING = "envdoctor broke. What is being done is asked to stop first, which can take 20 seconds."


def run(app: Leaving, mouse: bool = True, shown: "type[CrashApp] | None" = None) -> int:
    """Runs the app; returns the exit status.

    `shown` is the app that shows a fault of the first one.
    """
    guard = Guard()
    guard.listen()
    status = drive(app, guard, mouse)
    if app.fault is not None:
        status = _tell(app, guard, shown)
    guard.rest(status, REST)
    return status


def drive(app: Leaving, guard: Guard, mouse: bool) -> int:
    """Runs an app to its end, whatever that is; then the terminal and all children are settled."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        guard.charge(app, loop, partial(_in_a_hurry, app, guard))
        await app.run_async(mouse=mouse)

    app.guard = guard
    try:
        with asyncio.Runner() as runner:  # which waits for threads at its end
            try:
                runner.run(main())
            finally:
                signal.set_wakeup_fd(-1)  # asyncio closes it before it lets go of its signals
                app.give_back_terminal()
                guard.limit(app.patience if app.is_doing else REST)
                if app.is_doing:
                    say(STOPPING)
    except Exception as error:  # noqa: BLE001 - told like all others
        app.fault = app.fault or error
    finally:
        guard.discharge()
        app.end_children()
        guard.limit(None)
    return guard.status or app.return_code or 0


def _in_a_hurry(app: Leaving, guard: Guard) -> int:
    """What `drive` would do, where the app does not end; each part has little time."""
    _within(1.0, app.end_children)
    _within(3.0, app.give_back_terminal)
    if app.fault is not None and guard.status is None:
        _within(2.0, partial(_tell_in_lines, app))
    return guard.status or app.return_code or 0


def _within(seconds: float, function: Callable[[], None]) -> None:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    thread.join(seconds)


def _tell(app: Leaving, guard: Guard, shown: "type[CrashApp] | None") -> int:
    """A screen about what broke; plain lines where there can be none."""
    if guard.status is not None or not at_a_terminal():
        _tell_in_lines(app)
        return FAULT if guard.status is None else guard.status
    try:
        from doctor.tui.crash import CrashApp
        from doctor.tui.fault import fault_of

        fault = fault_of(app)
        screen = (shown or CrashApp)(app, fault)
        status = drive(screen, guard, mouse=False)  # so that a terminal's own selecting works
        again = screen.fault
    except Exception as error:  # noqa: BLE001 - then it is told without a screen
        again = error
    if again is None:
        say(fault.line)
        return status
    _tell_in_lines(app)
    say(f"Then the screen about it broke too: {type(again).__name__}.")
    return FAULT


def _tell_in_lines(app: Leaving) -> None:
    from doctor.tui.fault import fault_of

    say(fault_of(app).text)


def at_a_terminal() -> bool:
    """Whether keys can be read and screens be drawn, which Textual does on standard error."""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    return all(stream is not None and stream.isatty() for stream in streams)


def say(text: str) -> None:
    """Lines on standard error, where it still is somewhere."""
    if sys.__stderr__ is not None:
        with suppress(OSError):
            sys.__stderr__.write(f"{text}\n")
            sys.__stderr__.flush()
