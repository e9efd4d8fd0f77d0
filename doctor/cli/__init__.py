"""The command line: verbs, standard output, exit status."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from doctor.cli import ending, streams
from doctor.cli.arguments import parser
from doctor.cli.output import Exit, UsageError, complain

__all__ = ["Exit", "entry", "main"]


def entry() -> NoReturn:
    """The command `envdoctor`."""
    streams.open_closed()
    ending.listen()
    try:
        status = main(sys.argv[1:])
    except SystemExit as asked:  # by --help and --version
        status = Exit.OK if asked.code is None else int(asked.code)
    error = streams.flush()
    sys.exit(status if error is None else _failed(error, as_json=False))


def main(argv: Sequence[str]) -> int:
    """Runs one verb; returns the exit status and never raises for bad input."""
    streams.show_everything()
    try:
        arguments = parser().parse_args(list(argv))
        return int(arguments.run(arguments))
    except UsageError as error:
        complain(str(error), as_json="--json" in argv)
        return Exit.USAGE
    except BrokenPipeError:
        streams.drop(sys.stdout)
        return Exit.OK
    except (KeyboardInterrupt, ending.Ended) as wish:
        ending.rest()
        if "--json" in argv:
            complain("interrupted", as_json=True)
        return 128 + int(wish.args[0]) if isinstance(wish, ending.Ended) else Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a fault of ours, or a disk is full
        return _failed(error, as_json="--json" in argv)


def _failed(error: Exception, as_json: bool) -> Exit:
    """Says in one line what went wrong: what the user can mend, or a fault of ours."""
    if isinstance(error, OSError) and error.errno in streams.FULL:
        complain(f"not everything could be written: {error.strerror}", as_json)
        return Exit.USAGE
    complain(f"broke: {_fault(error)}; please report this", as_json)
    return Exit.INCOMPLETE


def _fault(error: Exception) -> str:
    """What went wrong in envdoctor itself, and in which line of it."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} at {os.path.basename(last.filename)}:{last.lineno}"
