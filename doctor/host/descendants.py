"""What a child started, ended after it: its session, its tree, and what was handed to us.

On Linux we are the reaper of our descendants, so whatever a child leaves becomes our own child
when it ends, also when it left the child's session and cleared its environment.
"""

import os
import signal
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import psutil

MARK = "ENVDOCTOR_CHILD"
"""Variable that every child gets, by which its descendants are told from another child's."""


def children_of(pid: int) -> list[int]:
    """Pids of a process's children, as Linux lists them per thread; none elsewhere."""
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += [int(word) for word in file.read().split()]
    except OSError:
        return found
    return found


class Token(NamedTuple):
    """What every descendant of one child carries: a variable, and the end of a pipe of its own."""

    mark: str
    pipe: str

    def is_on(self, process: "psutil.Process") -> bool:
        """Whether a process carries it; a daemon may have dropped either, seldom both."""
        return _mark_of(process) == self.mark or self.pipe in _open_files(process.pid)


def _mark_of(process: "psutil.Process") -> str | None:
    """The variable that a process got from us, `None` where it dropped that or has ended."""
    import psutil

    try:
        return process.environ().get(MARK)
    except psutil.Error:
        return None


def pipe_name(descriptor: int) -> str:
    """How Linux shows a pipe among a process's open files."""
    return f"pipe:[{os.fstat(descriptor).st_ino}]"


def _open_files(pid: int) -> set[str]:
    folder = f"/proc/{pid}/fd"
    found = set()
    try:
        for name in os.listdir(folder):
            found.add(os.readlink(f"{folder}/{name}"))
    except OSError:
        return found
    return found


def kill_orphans(
    before: Collection[int], token: Token, running: dict[int, Token], kept: Collection[str | None]
) -> bool:
    """Ends what an ended child left to us; whether there was anything.

    Spared are processes of our own session, those in `before`, what carries one of the marks in
    `kept`, and what carries the token of a child that still runs; what carries none is ended with
    the last child.
    """
    import psutil

    found = False
    for process in _our_children():
        try:
            if process.pid in before or process.pid in running:
                continue
            if os.getsid(process.pid) == os.getsid(0):
                continue
            if _mark_of(process) in kept:
                continue
            if running and not token.is_on(process):
                continue
            if process.status() != psutil.STATUS_ZOMBIE:
                found = True
                kill_tree(process.pid)
            process.wait(1)
        except (psutil.Error, OSError):
            continue
    return found


def _our_children() -> "list[psutil.Process]":
    import psutil

    try:
        return psutil.Process().children()
    except psutil.Error:
        return []


def kill_tree(pid: int) -> None:
    """Kills a process with all its descendants."""
    import psutil

    try:
        process = psutil.Process(pid)
        family = [*process.children(recursive=True), process]
    except psutil.Error:
        family = []
    kill_group(pid)
    for member in family:
        try:
            member.kill()
        except psutil.Error:
            continue


def kill_group(pid: int) -> bool:
    """Kills the session that a child led; whether anything in it was still running."""
    if not hasattr(os, "killpg"):
        return False
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def await_group(pid: int, deadline: float) -> None:
    """Waits for what is left of a session: Python's resource tracker ends just after its parent."""
    while hasattr(os, "killpg") and time.monotonic() < deadline:
        _reap_group(pid)
        try:
            os.killpg(pid, 0)
        except (ProcessLookupError, PermissionError):
            return
        time.sleep(0.005)


def _reap_group(pid: int) -> None:
    """Collects ended members of a session that were handed to us, which else count as alive."""
    try:
        while os.waitpid(-pid, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return
