"""Runs one command within limits of time and output, and leaves nothing running.

The only module that starts processes. Each child has its own session, no input, and a mark in
its environment by which stragglers are known even after they left the session. A program that
holds a clipboard is the exception: it is given a text, and what it leaves running stays.
"""

import ctypes
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import IO, NamedTuple

from doctor.host import Part
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
from doctor.host.streams import GRACE, Emit, Outcome, collect
from doctor.model import STOPPED

CLOSED = "stopped, because envdoctor was closed"

INTERRUPTED = "was interrupted"

LEFT = "left a process running after it ended, which was stopped"

PATIENCE = 20.0
"""Seconds that an interrupted child has to put back what it did."""

MAX_ERRORS = 4096
"""Bytes of what a program says about its failure to take a text."""

_PR_SET_CHILD_SUBREAPER = 36

_LOCK = threading.Lock()

_COUNT = itertools.count(1)

_EVERYONES: dict[int, Token] = {}
"""Running children of all hosts: those of one are no stragglers of another."""

_KEPT: set[str] = set()
"""Marks of children that were given a text and took it: what they left running stays."""


class _Streams(NamedTuple):
    """Where a child's input comes from, and where its output and its errors go."""

    given: int = subprocess.DEVNULL
    printed: int = subprocess.PIPE
    errors: int | IO[bytes] = subprocess.PIPE


_ASKED = _Streams()
"""Those of a child that is asked something."""


class Processes:
    """The children of one host; `close` ends them all."""

    def __init__(self) -> None:
        """Asks the kernel to hand orphaned grandchildren to us, so that they can be ended."""
        self._lock = _LOCK
        self._running: dict[int, Token] = {}
        self._parts: dict[int, Part] = {}
        self._interrupted: set[int] = set()
        self._closed = self._stopping = False
        self._before = frozenset(children_of(os.getpid()))
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def run(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        limit: float,
        emit: Emit | None = None,
        part: Part | None = None,
    ) -> Outcome:
        """Runs `argv` for at most `limit` seconds, as part of a piece of work.

        With `emit` a child may print without end: the last `MAX_OUTPUT` bytes are kept. Never
        raises for what the child does: `trouble` says why there is no good answer.
        """
        outcome = Outcome()
        child = self._start(argv, env, outcome, part or Part())
        if child is None:
            return outcome
        try:
            collect(child, outcome, time.monotonic() + limit, limit, emit)
        finally:
            self._end(child, outcome)
        return outcome

    def hand(
        self, argv: Sequence[str], env: Mapping[str, str], data: bytes, limit: float
    ) -> Outcome:
        """Gives `argv` a text; what it leaves running once it took that within `limit` s lives on.

        For programs that hold a clipboard: on X and Wayland the text is gone once no process of
        theirs is left to hand it out. Those keep standard error open too (bugaevc/wl-clipboard
        2.1.0, src/wl-copy.c), so that it is a file and not a pipe, which would have to be waited
        for. Its last lines are in the outcome's second stream. Never raises for what it does.
        """
        outcome = Outcome()
        with ExitStack() as stack:
            errors = _scratch(stack)
            streams = _Streams(subprocess.PIPE, subprocess.DEVNULL, errors)
            child = self._start(argv, env, outcome, Part(), streams)
            if child is None:
                return outcome
            try:
                child.communicate(data, timeout=limit)
            except subprocess.TimeoutExpired:
                outcome.trouble = f"did not answer within {limit:g} s and was stopped"
            finally:
                self._let_go(child, outcome)
            if not isinstance(errors, int):
                errors.seek(0)
                outcome.streams[1].extend(errors.read(MAX_ERRORS))
        return outcome

    def _let_go(self, child: "subprocess.Popen[bytes]", outcome: Outcome) -> None:
        """Lets live what a child left that took what it was given; ends all of any other."""
        if outcome.trouble is not None or child.poll() != 0:
            self._end(child, outcome)
            return
        outcome.status = 0
        with self._lock:
            _KEPT.add(self._running.pop(child.pid).mark)
            del _EVERYONES[child.pid], self._parts[child.pid]

    def _start(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        outcome: Outcome,
        part: Part,
        streams: _Streams = _ASKED,
    ) -> "subprocess.Popen[bytes] | None":
        """Starts a child and remembers it in one step, so that `close` never misses one."""
        with self._lock:
            outcome.trouble = self._refusal(part)
            if outcome.trouble is not None:
                return None
            mark = f"{os.getpid()}-{next(_COUNT)}"
            ours, theirs = os.pipe()
            try:
                child = subprocess.Popen(
                    list(argv),
                    stdin=streams.given,
                    stdout=streams.printed,
                    stderr=streams.errors,
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
            self._parts[child.pid] = part
            return child

    def _refusal(self, part: Part) -> str | None:
        """Why no child is started any more."""
        if self._closed:
            return CLOSED
        if part.stopped:
            return STOPPED
        return f"could not be started: envdoctor {INTERRUPTED}" if self._stopping else None

    def interrupt(self, patience: float = PATIENCE) -> None:
        """Asks every child to stop as Ctrl-C does; those that do not are ended after a while.

        One that is ended in the middle leaves half of what it did. None is started any more.
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

    def stop(self, part: Part) -> None:
        """Ends the children of one piece of work and their descendants at once; no others."""
        with self._lock:
            part.stopped = True
            running = [pid for pid, own in self._parts.items() if own is part]
        self._end_all(running)

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
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        with self._lock:
            token = self._running.pop(child.pid)
            del _EVERYONES[child.pid]
            left = kill_orphans(self._before, token, _EVERYONES, _KEPT) or left
            closed = self._closed
            stopped = self._parts.pop(child.pid).stopped and outcome.status != 0
            interrupted = child.pid in self._interrupted
            self._interrupted.discard(child.pid)
        for true, reason in ((interrupted, INTERRUPTED), (closed, CLOSED), (stopped, STOPPED),
                             (left, LEFT)):  # fmt: skip
            if true and outcome.trouble is None:
                outcome.trouble = reason


def _scratch(stack: ExitStack) -> "IO[bytes] | int":
    """A nameless file, or nowhere on a disk that takes none."""
    try:
        return stack.enter_context(tempfile.TemporaryFile())
    except OSError:
        return subprocess.DEVNULL
