"""Project files -> the same files with nothing but the lines that envdoctor makes something of.

No rule says which these are: lines are taken out as long as the readers find the same as before.
Line numbers stay.
"""

import re
from collections import deque
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from doctor import projects
from doctor.host.recorded import RecordedHost, Recording, RecordingHost
from doctor.model import Entry, File, Project
from doctor.projects import mentions

MOST_TRIES = 120
"""Readings of one file after which the rest of it stays, with what patterns leave of it."""

LARGE, FEW_TRIES = 200_000, 20
"""Characters from which a file is read fewer times."""

_FRAME = re.compile(
    r"\s*(?:-\s+)?[\"']?[A-Za-z_][\w-]*[\"']?\s*:\s*[|>]?[+-]?\s*(?:#.*)?|\s*\[.*|\s*[\])}].*"
)
"""A line that only says where the lines below it belong."""

Reads = Callable[[str], object]


class Cut(Struct, frozen=True):
    """A recording whose project is cut down, the paths of that, and of files of no form."""

    recording: Recording
    paths: frozenset[str]
    other: frozenset[str]


def cut(recording: Recording) -> Cut:
    """Cuts the files of the project in the working directory down."""
    found, own = _read(recording)
    cwd = recording.facts.cwd
    shown = {file.path for file in found.files}
    other = frozenset(
        p for p, f in own.items() if f.text is not None and _shown(cwd, p) not in shown
    )
    files = {path: file for path, file in own.items() if path not in other}
    whole = _with(recording, files, other)
    for path, file in files.items():
        if file.text is not None:
            pinned = {row.line for row in found.lines if row.path == _shown(cwd, path)}
            files[path] = replace(file, text=_least(file.text, pinned, _reader(whole, files, path)))
    smaller = _with(recording, files, other)
    if _read(smaller)[0] != found:
        return Cut(recording, frozenset(own), frozenset())
    return Cut(smaller, frozenset(files), other)


def told(recording: Recording) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Paths of the files that were read as those of the project, and comments of its pinned lines.

    What stands in brackets is no comment: it selects a line of a recipe.
    """
    found, files = _read(recording)
    said = (_comment(row.text) for row in found.lines)
    return tuple(files), tuple(c for c in said if c and not c.startswith("["))


def _comment(line: str) -> str:
    return line[len(mentions.code(line)) :].lstrip("#").strip()


def _read(recording: Recording) -> tuple[Project, dict[str, File]]:
    """What is found in the project, and the files that were read for it."""
    host = RecordingHost(RecordedHost(recording))
    found = projects.examine(host, recording.facts.cwd)
    read = host.recording().files
    return found, {path: recording.files[path] for path in read if path in recording.files}


def _with(recording: Recording, files: dict[str, File], other: frozenset[str]) -> Recording:
    """The recording with other texts, and without some files, in its listings too."""
    folders = {}
    for key, names in recording.folders.items():
        folder = key.partition("\n")[0]
        kept = tuple(n for n in names or () if f"{folder}/{n}" not in other)
        folders[key] = kept if names is not None else None
    rest = {path: file for path, file in recording.files.items() if path not in other}
    return replace(recording, files=rest | files, folders=folders)


def _shown(cwd: str, path: str) -> str:
    return path.removeprefix(cwd.rstrip("/") + "/")


class _One(RecordedHost):
    """A machine with one file, whose text is tried."""

    def __init__(self, recording: Recording, path: str) -> None:
        """Knows nothing else."""
        super().__init__(replace(recording, files={}, folders={}))
        self._path = path
        self.text = ""

    def look(self, path: str) -> Entry:
        """The file is there."""
        return Entry(path, "not executable", path)

    def read(self, path: str) -> File:
        """Its text."""
        return File(self._path, self.text)


def _reader(recording: Recording, files: dict[str, File], path: str) -> Reads:
    """What is found when one of the project's files has another text."""
    one = _One(recording, path)

    def alone(text: str) -> object:
        one.text = text
        return projects.examine(one, path)

    recipes = {p: f for p, f in files.items() if _is_recipe(p, f)}
    if path not in recipes:
        return alone

    def together(text: str) -> object:
        texts = recipes | {path: replace(files[path], text=text)}
        return projects.examine(RecordedHost(replace(recording, files=texts)), recording.facts.cwd)

    return together


def _is_recipe(path: str, file: File) -> bool:
    """Whether a file is read together with others."""
    base = path.replace("\\", "/").rpartition("/")[2]
    form = next((form for form in projects.FORMS if form.fits(base, file.text or "")), None)
    return form is not None and form.FORM in projects.across_recipe.FORMS


def _least(text: str, pinned: set[int], reads: Reads) -> str:
    """The text with as many lines blank as change nothing of what is found."""
    wanted = reads(text)
    lines = [
        line if len(line) <= mentions.MAX_LINE else "#" * len(line) for line in text.split("\n")
    ]
    if reads("\n".join(lines)) != wanted:
        return text
    for keeps in (lambda number, line: number in pinned,
                  lambda number, line: number in pinned or _FRAME.fullmatch(line)):  # fmt: skip
        fewer = [line if keeps(n, line) or len(line) > mentions.MAX_LINE else "" for n, line in
                 enumerate(lines, start=1)]  # fmt: skip
        if reads("\n".join(fewer)) == wanted:
            lines = fewer
            break
    bare = [line if n in pinned else mentions.code(line) for n, line in enumerate(lines, start=1)]
    if reads("\n".join(bare)) == wanted:
        lines = bare
    return "\n".join(_without(lines, pinned, lambda some: reads("\n".join(some)) == wanted,
                              FEW_TRIES if len(text) > LARGE else MOST_TRIES))  # fmt: skip


def _without(
    lines: list[str], pinned: set[int], fits: Callable[[list[str]], bool], tries: int
) -> list[str]:
    """Blanks stretches of lines, halves where the whole is needed, the largest first."""
    left = [n for n, line in enumerate(lines) if line.strip() and n + 1 not in pinned]
    waiting = deque([left] if left else [])
    while waiting and tries:
        some = waiting.popleft()
        tries -= 1
        blank = set(some)
        fewer = ["" if n in blank else line for n, line in enumerate(lines)]
        if fits(fewer):
            lines = fewer
        elif len(some) > 1:
            middle = len(some) // 2
            waiting += [some[:middle], some[middle:]]
    return lines
