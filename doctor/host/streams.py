"""What a child prints, read until its streams end, its time passes, or it floods.

Reads streams of children; `doctor.host.processes` starts them.
"""

import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import IO

MAX_OUTPUT = 4 * 2**20
"""Most bytes of one stream that are kept, in bytes; a child that prints more is stopped."""

Emit = Callable[[bytes], None]
"""Gets what a child prints as it prints it; both streams, in the order of arrival."""

GRACE = 0.25
"""Seconds that a child's own helpers may still take to print and to end after it."""


class Outcome:
    """What one child left: status, both streams, and what went wrong with it."""

    def __init__(self) -> None:
        """Starts with nothing said."""
        self.status: int | None = None
        self.streams: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self.trouble: str | None = None


def collect(
    child: "subprocess.Popen[bytes]",
    outcome: Outcome,
    deadline: float,
    limit: float,
    emit: Emit | None = None,
) -> None:
    """Reads both streams until they end, the limit passes, or one of them floods."""
    if sys.platform == "win32":
        _collect_with_threads(child, outcome, deadline, limit, emit)
        return
    assert child.stdout is not None and child.stderr is not None
    with selectors.DefaultSelector() as selector:
        for stream, buffer in zip((child.stdout, child.stderr), outcome.streams, strict=True):
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, selectors.EVENT_READ, buffer)
        exit_watch = _watch_exit(child.pid)
        if exit_watch is not None:
            selector.register(exit_watch, selectors.EVENT_READ, None)
        try:
            outcome.trouble = _pump(child, selector, deadline, limit, emit)
        finally:
            if exit_watch is not None:
                os.close(exit_watch)


def _pump(
    child: "subprocess.Popen[bytes]",
    selector: selectors.BaseSelector,
    deadline: float,
    limit: float,
    emit: Emit | None,
) -> str | None:
    """Moves bytes until both streams closed; returns what went wrong, if anything."""
    streams = 2
    exited = False
    while streams or child.poll() is None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return None if exited else f"did not answer within {limit:g} s and was stopped"
        for key, _ in selector.select(min(remaining, 0.1)):
            if key.data is None:
                selector.unregister(key.fileobj)
                continue
            chunk = os.read(key.fd, 65536)
            if not chunk:
                selector.unregister(key.fileobj)
                streams -= 1
                continue
            if not _kept(key.data, chunk, emit):
                return f"printed more than {MAX_OUTPUT // 2**20} MiB and was stopped"
        if not exited and child.poll() is not None:
            exited = True
            deadline = min(deadline, time.monotonic() + GRACE)
    return None


def _kept(buffer: bytearray, chunk: bytes, emit: Emit | None) -> bool:
    """Keeps what was printed, the last of it where it is told on; `False` if it is too much."""
    buffer.extend(chunk)
    if emit is None:
        return len(buffer) <= MAX_OUTPUT
    emit(chunk)
    del buffer[:-MAX_OUTPUT]
    return True


def _watch_exit(pid: int) -> int | None:
    """A descriptor that turns readable when the process ends (Linux), else `None`."""
    opener = getattr(os, "pidfd_open", None)
    try:
        return int(opener(pid)) if opener is not None else None
    except OSError:
        return None


def _collect_with_threads(
    child: "subprocess.Popen[bytes]",
    outcome: Outcome,
    deadline: float,
    limit: float,
    emit: Emit | None = None,
) -> None:
    """The same for Windows, whose pipes cannot be selected on."""
    flood = threading.Event()

    def pump(stream: IO[bytes], buffer: bytearray) -> None:
        while chunk := stream.read1(65536):  # type: ignore[attr-defined]
            if not _kept(buffer, chunk, emit):
                flood.set()
                child.kill()
                return

    assert child.stdout is not None and child.stderr is not None
    threads = [
        threading.Thread(target=pump, args=pair, daemon=True)
        for pair in zip((child.stdout, child.stderr), outcome.streams, strict=True)
    ]
    for thread in threads:
        thread.start()
    try:
        child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        outcome.trouble = f"did not answer within {limit:g} s and was stopped"
        return
    for thread in threads:
        thread.join(GRACE)
    if flood.is_set():
        outcome.trouble = f"printed more than {MAX_OUTPUT // 2**20} MiB and was stopped"
