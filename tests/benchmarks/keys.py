"""How long a key takes to show: from the key that is sent to the last byte of the last frame.

In a real terminal of its own (a pty), so that everything counts: reading the key, what rooms do,
layout, painting, writing. A frame ends with the mark of synchronized output, which this terminal
says it understands; a key has been answered when nothing was written for QUIET seconds after one.
"""

import os
import re
import select
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pexpect
import pyte

from doctor.host.recorded import encode
from tests import crowds

FIRST, QUIET = 1.5, 0.2
"""Seconds to wait for the first byte of an answer, and after its last one."""

GOAL = 50
"""Milliseconds that are asked for."""

DOWN, PAGE, END, HOME, ESCAPE, ENTER = "\x1b[B", "\x1b[6~", "\x1b[F", "\x1b[H", "\x1b", "\r"
MOVES = (*[DOWN] * 8, PAGE, PAGE, PAGE, END, HOME, *[DOWN] * 4, PAGE)
SEARCH = (*"e07", "\x7f", "\x7f", *"new")


class Press(NamedTuple):
    """Milliseconds until a key was wholly answered, until the first of it was on the screen, and
    those for which the program had a processor.

    Beside other work the first two say more of the machine than of the program.
    """

    wall: float
    first: float
    busy: float


class Terminal:
    """A program in a pty that is told to be quick about saying where frames end."""

    def __init__(self, argv: Sequence[str], size: tuple[int, int] = (80, 24)) -> None:
        """Starts the program."""
        columns, lines = size
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.getcwd()}
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            argv[0], list(argv[1:]), env=env, dimensions=(lines, columns), timeout=60
        )

    @property
    def text(self) -> str:
        """Everything on the screen, a blank between its words."""
        return " ".join(" ".join(self._screen.display).split())

    def until(self, wanted: str) -> float:
        """Reads until that is on the screen; the seconds that it took."""
        started = time.perf_counter()
        while wanted not in self.text:
            self._feed(self._child.read_nonblocking(65536, timeout=60))
        return time.perf_counter() - started

    def _feed(self, data: bytes) -> None:
        if b"\x1b[?2026$p" in data:
            self._child.send("\x1b[?2026;2$y")
        self._stream.feed(re.sub(rb"\x1b\[[?>=][^a-zA-Z]*[a-zA-Z]|\x1b\[<u", b"", data))

    def settle(self) -> None:
        """Reads what is still written."""
        self._answer(0.5, 0.5)

    def key(self, key: str) -> Press | None:
        """Presses a key and reads all that it leads to; `None` where it changes nothing."""
        busy, started = self.busy(), time.perf_counter()
        os.write(self._child.child_fd, key.encode())
        ends = self._answer(FIRST, QUIET)
        if not ends:
            return None
        waited = ((ends[-1] - started) * 1000, (ends[0] - started) * 1000)
        return Press(*waited, (self.busy() - busy) * 1000)

    def _answer(self, first: float, quiet: float) -> list[float]:
        """Reads until nothing comes any more; when each frame was there."""
        ends: list[float] = []
        data, patience = b"", first
        while select.select([self._child.child_fd], [], [], patience)[0]:
            new = os.read(self._child.child_fd, 1 << 20)
            data, patience = data + new, quiet
            if b"\x1b[?2026l" in new:
                ends.append(time.perf_counter())
        self._feed(data)
        return ends

    def busy(self) -> float:
        """Seconds that the program has had a processor so far."""
        tasks = Path(f"/proc/{self._child.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def close(self) -> None:
        """Ends the program."""
        self._child.close(force=True)


def presses(terminal: Terminal, keys: Sequence[str]) -> tuple[Press, ...]:
    """Presses keys one after the other, each once the last has been answered."""
    return tuple(press for key in keys if (press := terminal.key(key)) is not None)


def plain(kind: str, rows: int, size: tuple[int, int]) -> tuple[Press, ...]:
    """The same keys in a plain Textual app."""
    script = str(Path(__file__).with_name("many_lines_app.py"))
    terminal = Terminal([sys.executable, script, kind, str(rows)], size)
    try:
        terminal.until("row 0")
        terminal.settle()
        return presses(terminal, MOVES)
    finally:
        terminal.close()


ROOMS: tuple[tuple[str, str, str, str], ...] = (
    ("overview", "1", "[1", "list"),
    ("machine", "2", "[2", "list"),
    ("clients", "3", "[3", "table"),
    ("environments", "5", "[5", "table"),
    ("project", "6", "[6", "table"),
    ("start", "g", "where to start", "list"),
    ("problems", "k", "Known problems", "list"),
    ("everything", "\x10", "Everything", "list"),
    ("packages", "4", "[4", "table"),
)
"""Room, its key, what it shows then, and what it is made of; solvers work behind the last."""

TYPING = (*[DOWN] * 4, PAGE, PAGE)
"""Moves that a line to type into leaves to the list below it."""


def keys(runs: int) -> None:
    """Each room on machines with one client, 40, 1,000 environments, more than 1,000 findings.

    Every figure is of some twenty keys; `runs` is of no use here.
    """
    print(f"keys: ms to the first and last frame (of which at work); goal {GOAL} ms")
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("one", "forty", "thousand", "crowd"):
            measure(kind, Path(folder))


def measure(kind: str, folder: Path, size: tuple[int, int] = (80, 24)) -> None:
    """Prints, for each room on one kind of machine, opening it, moving in it, searching it."""
    path = folder / f"{kind}.json"
    path.write_bytes(encode(crowds.recording(kind)))
    rows = {"one": 3, "forty": 40, "thousand": 1000, "crowd": 3000}[kind]
    theirs = {made: plain(made, rows, size) for made in ("list", "table")}
    terminal = Terminal([sys.executable, "-m", "doctor", "--from", str(path)], size)
    try:
        terminal.until("g Guide")
        terminal.settle()
        for name, key, shown, made in ROOMS:
            opened = terminal.key(key) or Press(0, 0, 0)
            moves = presses(terminal, MOVES if name != "everything" else TYPING)
            letters = SEARCH if name == "everything" else ("/", *SEARCH)
            search = presses(terminal, letters)
            _show(f"{kind}, {name}", opened, moves, search, theirs[made])
            assert shown in terminal.text, terminal.text
            terminal.key(ESCAPE)
            terminal.key(ESCAPE)
    finally:
        terminal.close()


def _show(name: str, opened: Press, *parts: tuple[Press, ...]) -> None:
    moves, search, theirs = (_said(part) for part in parts)
    ratio = _median(p.wall for p in parts[0]) / _median(p.wall for p in parts[2])
    figure = f"ratio {ratio:.2f}" if parts[0] else ""
    print(f"{name:24} opens {opened.wall:4.0f} ({opened.busy:3.0f}) | moving {moves} | searching "
          f"{search} | plain {theirs} | {figure}", flush=True)  # fmt: skip


def _said(presses: tuple[Press, ...]) -> str:
    """Median of first and last frame and worst of the last, with the time that was worked."""
    if not presses:
        return "nothing happens"
    first, last, busy = (_median(times) for times in zip(
        *((p.first, p.wall, p.busy) for p in presses), strict=True))  # fmt: skip
    worst = max(presses)
    return f"{first:3.0f}-{last:3.0f} ({busy:2.0f}) worst {worst.wall:4.0f} ({worst.busy:3.0f})"


def _median(numbers: Iterable[float]) -> float:
    return statistics.median([*numbers] or [0.0])
