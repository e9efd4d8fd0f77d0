"""The standard streams: closed ones, full disks, and readers that went away."""

import errno
import os
import sys
from typing import TextIO

FULL = tuple(
    getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG", "EIO") if hasattr(errno, name)
)
"""What a file says that takes no more."""


def open_closed() -> None:
    """A standard stream that was closed (`>&-`) is empty, or takes anything."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115 - open to the end
            setattr(sys, name, stream)


def show_everything() -> None:
    """What a stream's encoding lacks is written as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def flush() -> OSError | None:
    """Writes what is buffered; why the result on standard output is not whole, if it is not.

    A reader that went away wanted no more.
    """
    failed = None
    for stream in (sys.stderr, sys.stdout):
        try:
            stream.flush()
        except OSError as error:
            drop(stream)
            if stream is sys.stdout and not isinstance(error, BrokenPipeError):
                failed = error
    return failed


def drop(stream: TextIO) -> None:
    """What is still buffered goes nowhere instead of failing at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
