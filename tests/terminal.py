"""envdoctor in a terminal of its own, driven by keys and read back as a screen."""

import contextlib
import shlex
import subprocess
import sys
import time
import weakref
from pathlib import Path
from typing import Protocol

import pexpect
import pyte

from tests.counted import Counted
from tests.replayed import Replayed

DOWN, ENTER, ESCAPE = "\x1b[B", "\r", "\x1b"


TERM = "xterm-256color"
LIMIT = 60.0
"""Seconds for anything to appear."""


def _env(machine: Replayed | Counted, term: str) -> dict[str, str]:
    source = str(Path(__file__).parent.parent)
    return {**machine.env(), "TERM": term, "NO_COLOR": "1", "PYTHONPATH": source}


class Driven(Protocol):
    """What can be read and pressed."""

    def until(self, *wanted: str) -> str: ...

    def press(self, *keys: str) -> None: ...


def to_the_first_guide(app: Driven) -> None:
    """From the first screen to the guide of the worst finding, once its first way was tried."""
    app.until("cannot install CPU-specific packages", "Guide")
    app.press("g")
    app.until("What is wrong?")
    app.press(ENTER)
    app.until("tried: works")


def to_the_question(app: Driven) -> None:
    """On to the question whether that way is to be done."""
    to_the_first_guide(app)
    app.press("x")
    app.until("This will be done:")


class Terminal:
    """envdoctor in a pty of its own, read back as a screen; counts the keys that were pressed."""

    def __init__(
        self, machine: Replayed | Counted, size: tuple[int, int], *arguments: str, term: str = TERM
    ) -> None:
        """Starts the app with these arguments."""
        columns, lines = size
        self.screen = pyte.Screen(columns, lines)
        self.keys = 0
        self._stream = pyte.ByteStream(self.screen)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            sys.executable, ["-m", "doctor", *arguments],
            env=_env(machine, term),
            cwd=str(machine.home), dimensions=(lines, columns), timeout=LIMIT,
        )  # fmt: skip

    @property
    def text(self) -> str:
        """Everything on the screen, a blank between its words."""
        return " ".join(" ".join(self.screen.display).split())

    def until(self, *wanted: str) -> str:
        """Reads until all of that is on the screen."""
        end = time.monotonic() + LIMIT  # a cursor that blinks writes for ever
        while not all(word in self.text for word in wanted):
            assert time.monotonic() < end, f"{wanted} is not in\n{self.text}"
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=LIMIT))
            except pexpect.TIMEOUT:
                raise AssertionError(f"{wanted} is not in\n{self.text}") from None
        return self.text

    def until_gone(self, word: str) -> None:
        """Reads until that is not on the screen any more."""
        end = time.monotonic() + LIMIT
        while word in self.text:
            assert time.monotonic() < end, f"{word} is still in\n{self.text}"
            self._stream.feed(self._child.read_nonblocking(65536, timeout=LIMIT))

    def press(self, *keys: str) -> None:
        """Presses keys, each once."""
        for key in keys:
            self.keys += 1
            self._child.send(key)

    def paste(self, text: str | bytes) -> None:
        """Pastes a text, or bytes that are none, as terminals do it."""
        lines = (text.encode() if isinstance(text, str) else text).replace(b"\n", b"\r")
        self.keys += 1
        self._child.send(b"\x1b[200~" + lines + b"\x1b[201~")

    def quit(self) -> int | None:
        """Leaves; the exit status."""
        self._child.send("\x11" if "^q" in self.text else "q")
        return self.ended()

    def signal(self, number: int) -> None:
        """Sends a signal to the app."""
        self._child.kill(number)

    def ended(self) -> int | None:
        """Waits until it left; the exit status."""
        self._child.expect(pexpect.EOF)
        self._child.close()
        status: int | None = self._child.exitstatus
        return status


def _end_server(socket: str) -> None:
    subprocess.run(["tmux", "-L", socket, "kill-server"], capture_output=True, timeout=LIMIT)


class Tmux:
    """The same in a pane of a tmux server of its own."""

    def __init__(
        self, machine: Replayed | Counted, size: tuple[int, int], *arguments: str, term: str = TERM
    ) -> None:
        """Starts a server, and the app in its only pane; the pane stays when the app has left."""
        self.keys = 0
        self._machine = machine
        self._socket = f"envdoctor-test-{machine.home.parent.name}-{id(self)}"
        weakref.finalize(self, _end_server, self._socket)  # a test that fails leaves none
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

    def paste(self, text: str | bytes) -> None:
        """Pastes a text, or bytes that are none, from a buffer of tmux."""
        self.keys += 1
        file = self._machine.folder / "pasted"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        self._tmux("load-buffer", str(file))
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
