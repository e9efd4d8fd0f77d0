"""envdoctor's conversation in a terminal of its own, typed line by line; every byte is kept."""

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect

from tests.clients import ROOT

MORE = " more: press Enter for them."
PROMPT = rb"(?:^|\r\n)(> |[^\r\n]*\? yes or no \[no\]: )$"
"""What stands alone at the end while something is awaited: a prompt or a question."""


class Conversation:
    """One that is held in a pty; `raw` is all that was written into it, echo included."""

    def __init__(
        self,
        words: Sequence[str],
        env: Mapping[str, str],
        cwd: Path = ROOT,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        """Starts it; it is about what `words` say, plainly."""
        columns, lines = size
        self._kept = io.BytesIO()
        self.typed = 0
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            sys.executable, ["-m", "doctor", *words],
            env={"TERM": "xterm-256color", **env, "PYTHONPATH": str(ROOT)}, cwd=str(cwd),
            dimensions=(lines, columns), timeout=120,
        )  # fmt: skip
        self._child.logfile_read = self._kept

    @property
    def raw(self) -> bytes:
        """Every byte so far."""
        return self._kept.getvalue()

    @property
    def text(self) -> str:
        """The same as text."""
        return self.raw.decode().replace("\r\n", "\n")

    def first(self) -> list[str]:
        """What is said before anything was typed."""
        return self._until_prompt()

    def say(self, line: str) -> list[str]:
        """Types a line; the lines that are said to it, up to the next prompt or question."""
        self.typed += 1
        self._child.sendline(line)
        return self._until_prompt()[1:]

    def whole(self, line: str) -> list[str]:
        """The same with all pages of a long answer."""
        said = self.say(line)
        while said and said[-1].endswith(MORE):
            said = [*said[:-1], *self.say("")]
        return said

    def send(self, keys: str | bytes) -> None:
        """Presses keys, without waiting for anything."""
        self._child.send(keys)

    def until(self, wanted: str) -> None:
        """Waits until that is said."""
        self._child.expect_exact(wanted.encode())

    def signal(self, number: int) -> None:
        """Sends a signal."""
        self._child.kill(number)

    def hang_up(self) -> None:
        """The terminal goes away, as when a connection breaks; waits until the program left."""
        terminal = self._child.ptyproc  # type: ignore[attr-defined]
        terminal.fileobj.close()
        terminal.closed = True
        os.waitpid(terminal.pid, 0)

    def ended(self) -> int | None:
        """Waits until it left; the exit status."""
        self._child.expect(pexpect.EOF)
        self._child.close()
        status: int | None = self._child.exitstatus
        return status

    def _until_prompt(self) -> list[str]:
        self._child.expect(PROMPT)
        before: bytes = self._child.before or b""
        question: bytes = self._child.match.group(1)  # type: ignore[union-attr]
        asked = [] if question == b"> " else [question.decode()]
        return [*before.decode().split("\r\n"), *asked]


def only_plain(raw: bytes) -> bool:
    """Whether there is no control character but the line ends of the terminal."""
    text = raw.decode().replace("\r\n", "\n")
    marks = {"\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
    controls = {c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0}
    return controls <= {"\n", "\t"} and not marks & set(text)
