"""What crosses the host: questions to a machine and its answers."""

from msgspec import Struct, field

STOPPED = "was stopped before it answered"
"""Why there is no answer where somebody stopped what was asked."""


class Facts(Struct, frozen=True):
    """What the operating system says about itself without reading files.

    `system` is Python's `platform.system()`, `machine` its `platform.machine()`; `libc` the
    family and version that `confstr` reports, `distribution` the version of macOS.
    """

    system: str
    machine: str
    release: str
    version: str = ""
    libc: tuple[str, str] | None = None
    distribution: str | None = None
    python: str = ""
    home: str = ""
    cwd: str = ""


class Figures(Struct, frozen=True):
    """The machine's size and what we were started from; `memory` in bytes."""

    processors: int | None = None
    memory: int | None = None
    shell: str | None = None


class File(Struct, frozen=True):
    """The text of a file, or why there is none."""

    path: str
    text: str | None = None
    trouble: str | None = None


class Line(Struct, frozen=True):
    """One line of a file; `number` counts from 1."""

    path: str
    number: int
    text: str


class Lines(Struct, frozen=True):
    """The lines of a file that hold one of some words, or why there are none.

    So a start-up file can be asked about without the rest of it crossing.
    """

    path: str
    found: tuple[Line, ...] = ()
    trouble: str | None = None


class Entry(Struct, frozen=True):
    """What a path is: `executable`, `not executable`, `directory`, `broken link`, `not permitted`,
    `special file`, `absent`.

    `real` is the path with its symbolic links resolved.
    """

    path: str
    kind: str
    real: str = ""


class Command(Struct, frozen=True):
    """A question to a program: `argv` may hold placeholders such as `@python@`.

    `env` is laid over the environment, `unset` is taken out of it; `limit` in seconds.
    """

    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    limit: float = 10.0


class Transcript(Struct, frozen=True):
    """One command with its exit status, output, time in seconds, and what went wrong with it."""

    argv: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)
    exit_status: int | None = None
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    trouble: str | None = None
    unset: tuple[str, ...] = ()


class Omission(Struct, frozen=True):
    """Something that crossed and was left out of a bundle, and why."""

    what: str
    reason: str
