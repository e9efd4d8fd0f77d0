"""Runs one command within limits of time and output, and leaves nothing running.

The only module that starts processes. Each child has its own session, no input, and a mark in
its environment by which stragglers are known even after they left the session.
"""

import ctypes
import itertools
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO

from doctor.host.descendants import (
    MARK,
    Token,
    await_group,
    children_of,
    kill_group,
    kill_orphans,
    kill_tree,
    pipe_name,
)

MAX_OUTPUT = 4 * 2**20
"""Most bytes of one stream that are kept, in bytes; a child that prints more is stopped."""

CLOSED = "stopped, because envdoctor was closed"

INTERRUPTED = "was interrupted"

Emit = Callable[[bytes], None]
"""Gets what a child prints as it prints it; both streams, in the order of arrival."""

GRACE = 0.25
"""Seconds that a child's own helpers may still take to print and to end after it."""

PATIENCE = 20.0
"""Seconds that an interrupted child has to put back what it did."""

_PR_SET_CHILD_SUBREAPER = 36

_LOCK = threading.Lock()

_COUNT = itertools.count(1)

_EVERYONES: dict[int, Token] = {}
"""Running children of all hosts: what one of them started is no straggler of another's."""


class Outcome:
    """What one child left: status, both streams, and what went wrong with it."""

    def __init__(self) -> None:
        """Starts with nothing said."""
        self.status: int | None = None
        self.streams: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self.trouble: str | None = None


class Processes:
    """The children of one host; `close` ends them all."""

    def __init__(self) -> None:
        """Asks the kernel to hand orphaned grandchildren to us, so that they can be ended."""
        self._lock = _LOCK
        self._running: dict[int, Token] = {}
        self._interrupted: set[int] = set()
        self._closed = self._stopping = False
        self._before = frozenset(children_of(os.getpid()))
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def run(
        self, argv: Sequence[str], env: Mapping[str, str], limit: float, emit: Emit | None = None
    ) -> Outcome:
        """Runs `argv` for at most `limit` seconds.

        With `emit` a child may print without end: the last `MAX_OUTPUT` bytes are kept. Never
        raises for what the child does: `trouble` says why there is no good answer.
        """
        outcome = Outcome()
        child = self._start(argv, env, outcome)
        if child is None:
            return outcome
        try:
            _collect(child, outcome, time.monotonic() + limit, limit, emit)
        finally:
            self._end(child, outcome)
        return outcome

    def _start(
        self, argv: Sequence[str], env: Mapping[str, str], outcome: Outcome
    ) -> "subprocess.Popen[bytes] | None":
        """Starts a child and remembers it in one step, so that `close` never misses one."""
        with self._lock:
            if self._closed:
                outcome.trouble = CLOSED
                return None
            if self._stopping:
                outcome.trouble = f"could not be started: envdoctor {INTERRUPTED}"
                return None
            mark = f"{os.getpid()}-{next(_COUNT)}"
            ours, theirs = os.pipe()
            try:
                child = subprocess.Popen(
                    list(argv),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env={**env, MARK: mark},
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                    pass_fds=() if sys.platform == "win32" else (theirs,),
                )
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or error
                outcome.trouble = f"could not be started: {reason}"
                return None
            finally:
                token = Token(mark, pipe_name(theirs))
                os.close(ours)
                os.close(theirs)
            self._running[child.pid] = _EVERYONES[child.pid] = token
            return child

    def interrupt(self, patience: float = PATIENCE) -> None:
        """Asks every child to stop as Ctrl-C does; those that do not are ended after a while.

        A package manager that is ended in the middle leaves half of what it did. None is started
        any more.
        """
        with self._lock:
            self._stopping = True
            running = list(self._running)
            self._interrupted.update(running)
        for pid in running:
            with suppress(OSError):
                os.killpg(pid, signal.SIGINT) if os.name != "nt" else os.kill(pid, signal.SIGINT)
        timer = threading.Timer(patience, self._end_all, (running,))
        timer.daemon = True
        timer.start()

    def _end_all(self, pids: Sequence[int]) -> None:
        with self._lock:
            still = [pid for pid in pids if pid in self._running]
        for pid in still:
            kill_tree(pid)

    def close(self) -> None:
        """Ends every running child and its descendants at once."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for pid in running:
            kill_tree(pid)

    def _end(self, child: "subprocess.Popen[bytes]", outcome: Outcome) -> None:
        """Ends what is left of a child: its group, its tree, and stragglers."""
        if child.poll() is None:
            kill_tree(child.pid)
            outcome.status = child.wait()
        else:
            outcome.status = child.returncode
            await_group(child.pid, time.monotonic() + GRACE)
        left = kill_group(child.pid)
        if left:
            await_group(child.pid, time.monotonic() + GRACE)
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()
        with self._lock:
            token = self._running.pop(child.pid)
            del _EVERYONES[child.pid]
            left = kill_orphans(self._before, token, _EVERYONES) or left
            closed = self._closed
            interrupted = child.pid in self._interrupted
            self._interrupted.discard(child.pid)
        if outcome.trouble is None and interrupted:
            outcome.trouble = INTERRUPTED
        elif outcome.trouble is None and closed:
            outcome.trouble = CLOSED
        elif outcome.trouble is None and left:
            outcome.trouble = "left a process running after it ended, which was stopped"


def _collect(
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
