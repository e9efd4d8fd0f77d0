"""Project files and recipes: lines that tie a project to a CPU."""

from msgspec import Struct


class PinnedLine(Struct, frozen=True):
    """A line of a file that names a CPU, a level or an override, as it stands there.

    `rule` is the id of the check that judges it; `line` counts from 1; `name` is the archspec name
    and `level` the number that it names, where it does; `corrected` is the line to put instead,
    empty to delete it, `None` where no single line would do.
    """

    path: str
    line: int
    text: str
    rule: str
    name: str | None = None
    level: int | None = None
    corrected: str | None = None


class ProjectFile(Struct, frozen=True):
    """A file that was examined: its `form` in words, and why it could not be read."""

    path: str
    form: str
    trouble: str | None = None


class Project(Struct, frozen=True):
    """A folder or file that was examined for CPU-pinned lines."""

    path: str
    files: tuple[ProjectFile, ...] = ()
    lines: tuple[PinnedLine, ...] = ()
    trouble: str | None = None
