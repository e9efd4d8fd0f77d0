"""The command line: verbs, standard output, exit status."""

import errno
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn, TextIO

from doctor.cli.arguments import parser
from doctor.cli.output import Exit, UsageError, complain

__all__ = ["Exit", "entry", "main"]


FULL = tuple(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO") if hasattr(errno, name)
)
"""What a file says that takes no more."""


class Ended(BaseException):
    """The process was asked to end by SIGTERM or SIGHUP: children are ended on the way out."""


def entry() -> NoReturn:
    """The command `envdoctor`."""
    _open_closed()
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # as nohup asks for
            signal.signal(number, _end)
    try:
        status = main(sys.argv[1:])
    except SystemExit as asked:  # by --help and --version
        status = Exit.OK if asked.code is None else int(asked.code)
    sys.exit(_written(status))


def _written(status: int) -> int:
    """The exit status, once all that was printed is where it should go."""
    for stream in (sys.stderr, sys.stdout):
        try:
            stream.flush()
        except BrokenPipeError:
            _drop(stream)
        except OSError as error:
            _drop(stream)
            status = _failed(error, as_json=False) if stream is sys.stdout else status
    return status


def _open_closed() -> None:
    """A standard stream that was closed (`>&-`) is empty, or takes anything."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - open to the end
            setattr(sys, name, stream)


def _drop(stream: TextIO) -> None:
    """What is still buffered goes nowhere instead of failing at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise Ended(number)


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
        _drop(sys.stdout)
        return Exit.OK
    except (KeyboardInterrupt, Ended) as wish:
        if "--json" in argv:
            complain("interrupted", as_json=True)
        return 128 + int(wish.args[0]) if isinstance(wish, Ended) else Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a fault of ours, or a disk is full
        return _failed(error, as_json="--json" in argv)


def _failed(error: Exception, as_json: bool) -> Exit:
    """Says in one line what went wrong: what the user can mend, or a fault of ours."""
    if isinstance(error, OSError) and error.errno in FULL:
        complain(f"not everything could be written: {error.strerror}", as_json)
        return Exit.USAGE
    complain(f"broke: {_fault(error)}; please report this", as_json)
    return Exit.INCOMPLETE


def _fault(error: Exception) -> str:
    """What went wrong in envdoctor itself, and in which line of it."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} at {os.path.basename(last.filename)}:{last.lineno}"
