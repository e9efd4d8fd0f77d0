"""The boundary: everything the doctor knows of the outside crosses a `Host`.

A host is the live machine or a recording of its answers; what is above cannot tell which.
"""

from typing import Protocol

from doctor.model import (
    ChannelCopy,
    Command,
    Entry,
    Facts,
    Figures,
    File,
    Installed,
    Lines,
    Transcript,
)

MAX_FILE = 8 * 2**20
"""Largest file that is read, in bytes; larger ones are answered with the reason."""


class Part:
    """One piece of work: its children are ended together, and once stopped it starts none."""

    stopped = False


class Runner(Protocol):
    """What runs commands: a host, or one that changes each command first."""

    def run(self, command: Command) -> Transcript:
        """Runs a command within its limit; safe to call from several threads."""


class Host(Runner, Protocol):
    """Answers questions about one machine. Nothing here raises for what the machine lacks."""

    live: bool

    @property
    def stopped(self) -> bool:
        """Whether this piece of work was stopped."""

    def facts(self) -> Facts:
        """What the operating system says about itself; cheap."""

    def figures(self) -> Figures:
        """Processors, memory and the parent shell."""

    def env(self, name: str) -> str | None:
        """Value of an environment variable, `None` if it is not set (empty is a value)."""

    def env_names(self, prefix: str) -> tuple[str, ...]:
        """Names of the variables that begin with `prefix`, sorted."""

    def read(self, path: str) -> File:
        """Text of a file, or why there is none."""

    def lines(self, path: str, words: tuple[str, ...]) -> Lines:
        """The lines of a file that hold one of `words`."""

    def look(self, path: str) -> Entry:
        """What stands at a path."""

    def names(self, folder: str, *patterns: str) -> tuple[str, ...] | None:
        """File names in `folder` that fit one of the shell patterns, sorted; `None`: unreadable."""

    def installed(self, prefix: str, words: tuple[str, ...]) -> Installed:
        """The installed records of a prefix that are named by, or depend on, one of `words`."""

    def channel_copy(self, path: str) -> ChannelCopy:
        """What a client's cached copy of a channel offers in level packages."""

    def on_path(self, name: str) -> tuple[Entry, ...]:
        """Everything called `name` along PATH, in order, whether or not it could be run."""

    def stamp(self, paths: tuple[str, ...]) -> str | None:
        """A digest of how files and folders are, and of all variables; `None` if it is unknown.

        It is another one once any of them changed, came or went. It is never recorded.
        """

    def prepare(self, placeholder: str) -> None:
        """Makes what a placeholder stands for, so that no command has to wait for it."""

    def part(self) -> "Host":
        """The same host for one piece of work, which can be stopped without any other."""

    def stop(self) -> None:
        """Ends the children of this piece of work at once; its later runs answer why."""

    def close(self) -> None:
        """Ends every child at once; later runs answer that the host is closed."""
