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
    """Milliseconds until a key was answered, and those for which the program had a processor.

    Beside other work the first says more of the machine than of the program.
    """

    wall: float
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
        busy, started = self._busy(), time.perf_counter()
        os.write(self._child.child_fd, key.encode())
        last = self._answer(FIRST, QUIET)
        if last is None:
            return None
        return Press((last - started) * 1000, (self._busy() - busy) * 1000)

    def _answer(self, first: float, quiet: float) -> float | None:
        """Reads until nothing comes any more; when the last byte came, `None` without any."""
        last, data, patience = None, b"", first
        while select.select([self._child.child_fd], [], [], patience)[0]:
            data += os.read(self._child.child_fd, 1 << 20)
            last, patience = time.perf_counter(), quiet
        self._feed(data)
        return last

    def _busy(self) -> float:
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
    ("packages", "4", "[4", "table"),
    ("environments", "5", "[5", "table"),
    ("project", "6", "[6", "table"),
    ("start", "g", "where to start", "list"),
    ("problems", "k", "Known problems", "list"),
    ("everything", "\x10", "Everything", "list"),
)
"""Room, its key, what it shows then, and what it is made of."""


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
            opened = terminal.key(key) or Press(0, 0)
            moves = presses(terminal, MOVES)
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
    print(f"{name:24} opens {opened.wall:4.0f} ({opened.busy:3.0f}) | moving {moves} | searching "
          f"{search} | plain {theirs} | ratio {ratio:.2f}", flush=True)  # fmt: skip


def _said(presses: tuple[Press, ...]) -> str:
    """Median and worst, each as the time that passed and the time that was worked."""
    if not presses:
        return "nothing happens"
    median = (_median(p.wall for p in presses), _median(p.busy for p in presses))
    worst = max(presses)
    return f"{median[0]:3.0f} ({median[1]:3.0f}) worst {worst.wall:4.0f} ({worst.busy:3.0f})"


def _median(numbers: Iterable[float]) -> float:
    return statistics.median([*numbers] or [0.0])
