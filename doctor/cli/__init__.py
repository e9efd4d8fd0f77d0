"""The command line: verbs, standard output, exit status."""

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from doctor.cli.arguments import parser
from doctor.cli.output import Exit, UsageError, complain

__all__ = ["Exit", "entry", "main"]


AGAIN = 1.0
"""Seconds after which a wish to end that Python dropped is raised again."""


class Ended(BaseException):
    """The process was asked to end by SIGTERM or SIGHUP: children are ended on the way out."""


def entry() -> NoReturn:
    """The command `envdoctor`."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as nohup asks for
            signal.signal(number, _end)
    status = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    sys.exit(status)


def _drop_output() -> None:
    """Nobody reads on: what is still buffered goes nowhere instead of failing at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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


def _rest() -> None:
    """What was to end has ended."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def main(argv: Sequence[str]) -> int:
    """Runs one verb; returns the exit status and never raises for bad input."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        arguments = parser().parse_args(list(argv))
        return int(arguments.run(arguments))
    except UsageError as error:
        complain(str(error), as_json="--json" in argv)
        return Exit.USAGE
    except BrokenPipeError:
        _drop_output()
        return Exit.OK
    except (KeyboardInterrupt, Ended) as wish:
        _rest()
        if "--json" in argv:
            complain("interrupted", as_json=True)
        return 128 + int(wish.args[0]) if isinstance(wish, Ended) else Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a fault of ours, said in one line
        complain(f"broke: {_fault(error)}; please report this", as_json="--json" in argv)
        return Exit.INCOMPLETE


def _fault(error: Exception) -> str:
    """What went wrong in envdoctor itself, and in which line of it."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} at {os.path.basename(last.filename)}:{last.lineno}"
