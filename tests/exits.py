"""envdoctor in a terminal whose every byte and mode is looked at: in a pty, under bash, in tmux."""

import copy
import io
import os
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import psutil
import pyte

from tests.clients import ROOT
from tests.replayed import Replayed
from tests.terminal import Terminal

SIZE = (80, 24)

DOCTOR = (sys.executable, "-m", "doctor")


class Screen(pyte.Screen):
    """A screen with an alternate one, which begins empty and goes without a trace."""

    _main: dict[int, Any] | None = None

    def set_mode(self, *modes: int, **how: bool) -> None:
        """Switches modes on."""
        super().set_mode(*modes, **how)
        if how.get("private") and 1049 in modes:
            self._main = copy.deepcopy(dict(self.buffer))
            self.save_cursor()
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **how: bool) -> None:
        """Switches modes off."""
        super().reset_mode(*modes, **how)
        if how.get("private") and 1049 in modes and self._main is not None:
            self.buffer.clear()
            self.buffer.update(self._main)
            self.restore_cursor()
            self._main = None


class Watched(Terminal):
    """A terminal that keeps what is written into it, and in which any program may run."""

    def __init__(
        self,
        machine: Replayed,
        size: tuple[int, int],
        program: Sequence[str] = DOCTOR,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Starts the app, or another program."""
        columns, lines = size
        self.screen = Screen(columns, lines)
        self.keys = 0
        self._said = io.BytesIO()
        self._stream = pyte.ByteStream(self.screen)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            program[0], list(program[1:]),
            env={**machine.env(), "TERM": "xterm-256color", "NO_COLOR": "1",
                 "PYTHONPATH": str(Path(__file__).parent.parent), **(env or {})},
            cwd=str(machine.home), dimensions=(lines, columns), timeout=60,
        )  # fmt: skip
        self._child.logfile_read = self._said

    @property
    def pid(self) -> int:
        """The process that was started."""
        assert self._child.pid is not None
        return self._child.pid

    @property
    def said(self) -> bytes:
        """Everything that was read, escape sequences too."""
        return self._said.getvalue()

    def until(self, *wanted: str) -> str:
        """Reads until all of that is on the screen."""
        while not all(word in self.text for word in wanted):
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=60))
            except (pexpect.TIMEOUT, pexpect.EOF):
                raise AssertionError(f"{wanted} is not in\n{self.text}") from None
        return self.text

    def until_said(self, wanted: bytes, after: int = 0) -> None:
        """Reads until these bytes were written, as little beyond them as may be."""
        while wanted not in self.said[after:]:
            self._stream.feed(self._child.read_nonblocking(256, timeout=60))

    def resize(self, columns: int, lines: int) -> None:
        """Another size, which the kernel tells the program in the foreground."""
        self.screen.resize(lines, columns)
        self._child.setwinsize(lines, columns)

    def ended(self) -> int | None:
        """Waits until it left; the exit status as a shell shows it."""
        self._child.expect(pexpect.EOF)
        self._stream.feed(self._child.before or b"")
        return self.status()

    def status(self) -> int | None:
        """The exit status, once it has ended."""
        self._child.wait()
        died: int | None = self._child.signalstatus
        status: int | None = self._child.exitstatus
        return status if died is None else 128 + died

    # --- the terminal itself -----------------------------------------------------------------

    @property
    def descriptor(self) -> int:
        """The side of the pty on which a terminal emulator is."""
        return self._child.child_fd

    def hang_up(self) -> None:
        """Closes the terminal, as a dropped connection does."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, self._child.child_fd)  # closes the other end of it
        os.close(nowhere)

    @property
    def modes(self) -> dict[str, bool]:
        """Private modes by number, as they were last switched, kitty's keys among them."""
        found = {}
        for numbers, switch in re.findall(rb"\x1b\[\?([\d;]+)([hl])", self.said):
            for number in numbers.decode().split(";"):
                found[number] = switch == b"h"
        pushed, popped = (len(re.findall(p, self.said)) for p in (rb"\x1b\[>\d+u", rb"\x1b\[<u"))
        return {**found, "keys": pushed > popped}

    @property
    def is_cooked(self) -> bool:
        """Whether the kernel echoes, gathers lines, and makes signals of keys."""
        own = termios.tcgetattr(self.descriptor)
        wanted = termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN
        return own[3] & wanted == wanted and bool(own[0] & termios.ICRNL)


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Asks again and again until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        select.select([], [], [], 0.02)


# --- inside a shell, inside tmux ----------------------------------------------------------------

PROMPT = "ready>"


class Shell(Watched):
    """bash with jobs, in which the app runs."""

    def __init__(self, machine: Replayed) -> None:
        """Waits for the prompt."""
        words = ("/bin/bash", "--norc", "--noprofile", "-i")
        super().__init__(machine, SIZE, words, {"PS1": f"{PROMPT} "})
        self.until(PROMPT)

    def type(self, line: str) -> None:
        """Types a line."""
        self.press(f"{line}\r")

    def start(self) -> psutil.Process:
        """Starts the app and waits until all is known."""
        self.type(" ".join(DOCTOR))
        self.until("cannot install CPU-specific packages", "Guide")
        (app,) = psutil.Process(self.pid).children()
        return app

    def at_the_prompt(self, after: int = 0) -> None:
        """Waits for a prompt after so much was said: the terminal is in its usual modes then."""
        self.until_said(PROMPT.encode(), after)
        after = len(self.said)
        self.type("stty -a | tr -d ';' | xargs -n 1 | grep -x -e icanon -e echo -e isig | xargs")
        self.until_said(b"isig icanon echo", after)
        assert {mode for mode, on in self.modes.items() if on} <= {"25", "7", "2004"}

    def drawn(self, columns: int, lines: int) -> None:
        """All of the app's screen is there, laid out for that size."""
        self.until("cannot install CPU-specific packages", "6 Project" if columns > 79 else "5 6")
        self.until("Help q Quit")
        assert "Help" in self.screen.display[lines - 1]


class TmuxShell:
    """A tmux server of its own with one shell in it."""

    def __init__(self, machine: Replayed) -> None:
        """Starts it."""
        self._machine = machine
        self._socket = str(machine.folder / "tmux")
        shell = f"exec env PS1='{PROMPT} ' /bin/bash --norc --noprofile -i"
        self("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", shell)

    def __call__(self, *words: str) -> str:
        """Runs one of its commands."""
        env = {**self._machine.env(), "PYTHONPATH": str(ROOT), "TERM": "xterm"}
        return subprocess.run(
            ["tmux", "-S", self._socket, *words], env=env, cwd=self._machine.home,
            capture_output=True, text=True, check=True, timeout=30,
        ).stdout  # fmt: skip

    @property
    def text(self) -> str:
        """What it shows, a blank between words."""
        return " ".join(self("capture-pane", "-p").split())

    def until(self, *wanted: str) -> None:
        """Looks until it shows all of that."""
        until(lambda: all(word in self.text for word in wanted), 60)

    def modes(self) -> list[str]:
        """Alternate screen, mouse, keypad, cursor, as tmux knows them of its pane."""
        names = ("alternate_on", "mouse_any_flag", "mouse_all_flag", "mouse_sgr_flag",
                 "mouse_button_flag", "mouse_standard_flag", "cursor_flag")  # fmt: skip
        return self("display", "-p", " ".join(f"#{{{name}}}" for name in names)).split()
