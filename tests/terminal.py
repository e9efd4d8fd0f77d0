"""envdoctor in a terminal of its own, driven by keys and read back as a screen."""

import sys
from pathlib import Path

import pexpect
import pyte

from tests.replayed import Replayed

DOWN, ENTER, ESCAPE = "\x1b[B", "\r", "\x1b"


class Terminal:
    """envdoctor in a pty of its own, read back as a screen; counts the keys that were pressed."""

    def __init__(self, machine: Replayed, size: tuple[int, int]) -> None:
        """Starts the app."""
        columns, lines = size
        self.screen = pyte.Screen(columns, lines)
        self.keys = 0
        self._stream = pyte.ByteStream(self.screen)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            sys.executable, ["-m", "doctor"],
            env={**machine.env(), "TERM": "xterm-256color", "NO_COLOR": "1",
                 "PYTHONPATH": str(Path(__file__).parent.parent)},
            cwd=str(machine.home), dimensions=(lines, columns), timeout=60,
        )  # fmt: skip

    @property
    def text(self) -> str:
        """Everything on the screen, a blank between its words."""
        return " ".join(" ".join(self.screen.display).split())

    def until(self, *wanted: str) -> str:
        """Reads until all of that is on the screen."""
        while not all(word in self.text for word in wanted):
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=60))
            except pexpect.TIMEOUT:
                raise AssertionError(f"{wanted} is not in\n{self.text}") from None
        return self.text

    def press(self, *keys: str) -> None:
        """Presses keys, each once."""
        for key in keys:
            self.keys += 1
            self._child.send(key)

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
