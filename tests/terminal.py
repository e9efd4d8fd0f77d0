"""envdoctor in a terminal of its own, driven by keys and read back as a screen and as bytes."""

import contextlib
import copy
import io
import os
import re
import shlex
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import pyte

from tests.counted import Counted
from tests.replayed import Replayed

DOWN, ENTER, ESCAPE = "\x1b[B", "\r", "\x1b"

DOCTOR = (sys.executable, "-m", "doctor")
TERM = "xterm-256color"
LIMIT = 60.0
"""Seconds for anything to appear."""


def _env(machine: Replayed | Counted, term: str) -> dict[str, str]:
    source = str(Path(__file__).parent.parent)
    return {**machine.env(), "TERM": term, "NO_COLOR": "1", "PYTHONPATH": source}


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


class Terminal:
    """envdoctor in a pty of its own, read back as a screen; counts the keys that were pressed."""

    def __init__(
        self,
        machine: Replayed | Counted,
        size: tuple[int, int],
        *arguments: str,
        program: Sequence[str] = DOCTOR,
        env: Mapping[str, str] | None = None,
        term: str = TERM,
    ) -> None:
        """Starts the app with these arguments, or another program."""
        columns, lines = size
        self.screen = Screen(columns, lines)
        self.keys = 0
        self._said = io.BytesIO()
        self._stream = pyte.ByteStream(self.screen)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            program[0], [*program[1:], *arguments], env={**_env(machine, term), **(env or {})},
            cwd=str(machine.home), dimensions=(lines, columns), timeout=LIMIT,
        )  # fmt: skip
        self._child.logfile_read = self._said

    @property
    def pid(self) -> int:
        """The process that was started."""
        assert self._child.pid is not None
        return self._child.pid

    @property
    def text(self) -> str:
        """Everything on the screen, a blank between its words."""
        return " ".join(" ".join(self.screen.display).split())

    @property
    def said(self) -> bytes:
        """Everything that was read, escape sequences too."""
        return self._said.getvalue()

    def until(self, *wanted: str) -> str:
        """Reads until all of that is on the screen."""
        while not all(word in self.text for word in wanted):
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=LIMIT))
            except (pexpect.TIMEOUT, pexpect.EOF):
                raise AssertionError(f"{wanted} is not in\n{self.text}") from None
        return self.text

    def until_gone(self, word: str) -> None:
        """Reads until that is not on the screen any more."""
        while word in self.text:
            self._stream.feed(self._child.read_nonblocking(65536, timeout=LIMIT))

    def until_said(self, wanted: bytes, after: int = 0) -> None:
        """Reads until these bytes were written, as little beyond them as may be."""
        while wanted not in self.said[after:]:
            self._stream.feed(self._child.read_nonblocking(256, timeout=LIMIT))

    def press(self, *keys: str) -> None:
        """Presses keys, each once."""
        for key in keys:
            self.keys += 1
            self._child.send(key)

    def paste(self, text: str) -> None:
        """Pastes a text, as terminals do it."""
        lines = text.replace("\n", "\r")
        self.press(f"\x1b[200~{lines}\x1b[201~")

    def resize(self, columns: int, lines: int) -> None:
        """Another size, which the kernel tells the program in the foreground."""
        self.screen.resize(lines, columns)
        self._child.setwinsize(lines, columns)

    def quit(self) -> int | None:
        """Leaves; the exit status."""
        self._child.send("\x11" if "^q" in self.text else "q")
        return self.ended()

    def signal(self, number: int) -> None:
        """Sends a signal to the app."""
        self._child.kill(number)

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


class Tmux:
    """The same in a pane of a tmux server of its own."""

    def __init__(
        self, machine: Replayed | Counted, size: tuple[int, int], *arguments: str, term: str = TERM
    ) -> None:
        """Starts a server, and the app in its only pane; the pane stays when the app has left."""
        self.keys = 0
        self._machine = machine
        self._socket = f"envdoctor-test-{machine.home.parent.name}-{id(self)}"
        self._status = machine.home / "exit-status"
        self._status.unlink(missing_ok=True)
        command = shlex.join([sys.executable, "-m", "doctor", *arguments])
        told = f"{command}; echo $? > {shlex.quote(str(self._status))}; exec cat"
        variables = {**_env(machine, term), "NO_COLOR": "1"}
        del variables["TERM"]  # tmux says what its panes are
        pairs = [f"{name}={value}" for name, value in variables.items()]
        columns, lines = (str(number) for number in size)
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", lines,
            "-c", str(machine.home), "env", "-i", *pairs, "TERM=screen-256color", "sh", "-c", told,
        )  # fmt: skip

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *arguments],
            capture_output=True, text=True, timeout=LIMIT, check=True,
        )  # fmt: skip
        return done.stdout

    @property
    def text(self) -> str:
        """Everything on the screen, a blank between its words."""
        return " ".join(self._tmux("capture-pane", "-p").split())

    def until(self, *wanted: str) -> str:
        """Looks until all of that is on the screen."""
        end = time.monotonic() + LIMIT
        text = self.text
        while not all(word in text for word in wanted):
            assert time.monotonic() < end, f"{wanted} is not in\n{text}"
            text = self.text
        return text

    def press(self, *keys: str) -> None:
        """Presses keys, each once."""
        for key in keys:
            self.keys += 1
            self._tmux("send-keys", "-H", *(f"{byte:02x}" for byte in key.encode()))

    def paste(self, text: str) -> None:
        """Pastes a text from a buffer of tmux."""
        self.keys += 1
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer", "-p")

    def quit(self) -> int | None:
        """Leaves; the exit status. The server goes too."""
        self.press("\x11" if "^q" in self.text else "q")
        end = time.monotonic() + LIMIT
        while not (self._status.exists() and self._status.read_text().strip()):
            assert time.monotonic() < end, f"it did not leave:\n{self.text}"
        with contextlib.suppress(subprocess.CalledProcessError):
            self._tmux("kill-server")
        return int(self._status.read_text())
