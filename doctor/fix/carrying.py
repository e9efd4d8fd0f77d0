"""A remedy being carried out by a front end without Textual, and what signals mean meanwhile."""

import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doctor.fix.doing import Doing
    from doctor.model import Applied, Finding, Remedy

WAITING = "Interrupted: waiting for it to put back what it did. Again ends it at once."

_WISHES = ("SIGINT", "SIGTERM", "SIGHUP")


def carried_out(
    doing: "Doing", finding: "Finding", remedy: "Remedy", tell: Callable[..., None]
) -> "tuple[Applied, int | None]":
    """What was done, and the signal that asked for its end, if one did.

    The first asks the command to stop, which it does in its own time; the next ends it at once, but
    for the news of a lost terminal, which comes several times by itself. It is never left to
    itself: it runs in a session of its own, where no terminal could stop it.
    """
    events: queue.SimpleQueue[Applied | BaseException | int] = queue.SimpleQueue()

    def work() -> None:
        try:
            events.put(doing.apply(finding, remedy, tell))
        except BaseException as error:  # noqa: BLE001 - raised again by who waits for it
            events.put(error)

    wish: int | None = None
    with _signals_to(events):
        threading.Thread(target=work, daemon=True).start()
        while True:
            try:
                event = events.get(timeout=0.2)  # Windows hands a signal over between waits only
            except queue.Empty:
                continue
            if not isinstance(event, int):
                break
            if wish is not None and event == getattr(signal, "SIGHUP", None):
                continue
            wish = wish or event
            doing.stop()
            tell(WAITING)
    if isinstance(event, BaseException):
        raise event
    return event, wish


@contextmanager
def _signals_to(events: "queue.SimpleQueue[Applied | BaseException | int]") -> Iterator[None]:
    """Signals become events: their handlers interrupt any line, even one that holds a lock."""

    def note(number: int, frame: FrameType | None) -> None:
        events.put(number)

    before = {}
    if threading.current_thread() is threading.main_thread():
        known = [getattr(signal, name) for name in _WISHES if hasattr(signal, name)]
        heard = [number for number in known if signal.getsignal(number) != signal.SIG_IGN]
        before = {number: signal.signal(number, note) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
