"""SIGTERM and SIGHUP end the process by an exception: children are ended on the way out."""

import signal
import sys
from types import FrameType

AGAIN = 1.0
"""Seconds after which a wish to end that Python dropped is raised again."""


class Ended(BaseException):
    """The process was asked to end; its one argument is the number of the signal."""


def listen() -> None:
    """From now on; a signal that is ignored, as nohup asks for, stays so."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


def rest() -> None:
    """What was to end has ended."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def _end(number: int, frame: FrameType | None) -> None:
    """Ends what runs; once more after a second, unless that is on its way out by then.

    What is raised while Python drops an object, as it does after each import, goes no further
    (python/cpython v3.11.7, Lib/importlib/_bootstrap.py, `cb` in `_get_module_lock`).
    """
    if isinstance(sys.exception(), Ended):
        return
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: _end(number, None))
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
    raise Ended(number)
