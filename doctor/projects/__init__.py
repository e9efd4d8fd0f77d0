"""Project files and recipes -> the lines that tie them to a CPU: one module per form of file.

The readers are pure: text in, lines out. What a line means on a machine is said by the checks.
"""

from collections.abc import Iterator
from typing import Protocol

from doctor.host import Host
from doctor.model import PinnedLine, Project, ProjectFile

MAX_FILES = 500
"""Most files of one project that are read; `.ci_support` of large feedstocks holds about 100."""


class Form(Protocol):
    """One form of file: what it is called, where it lies, and how its lines are read.

    `PLACES` are pairs of a folder below the project (`""` for the project itself) and a shell
    pattern of file names; `read` gets the path as it will be shown, and the text.
    """

    FORM: str
    PLACES: tuple[tuple[str, str], ...]

    def fits(self, name: str, text: str) -> bool:
        """Whether a file of this name, with this text, is of this form."""

    def read(self, path: str, text: str) -> Iterator[PinnedLine]:
        """Its CPU-pinned lines, first to last. Never raises for what the file holds."""


FORMS: tuple[Form, ...] = ()


def examine(host: Host, path: str) -> Project:
    """The CPU-pinned lines of a folder's project files, or of one file."""
    entry = host.look(path)
    if entry.kind == "directory":
        found = list(dict.fromkeys(_files(host, path)))
    elif entry.kind in ("executable", "not executable"):
        found = [path]
    else:
        return Project(path, trouble=f"could not be read: {entry.kind}")
    files: list[ProjectFile] = []
    lines: list[PinnedLine] = []
    for place in found[:MAX_FILES]:
        shown = place.removeprefix(path.rstrip("/") + "/")
        file = host.read(place)
        text = file.text or ""
        form = next((form for form in FORMS if form.fits(_base(place), text)), None)
        if file.text is None:
            files.append(ProjectFile(shown, "unread", file.trouble))
        elif form is not None:
            files.append(ProjectFile(shown, form.FORM))
            lines.extend(form.read(shown, text))
        elif len(found) == 1 and place == path:
            files.append(ProjectFile(shown, "unknown", "is no project file that envdoctor knows"))
    left = len(found) - MAX_FILES
    trouble = f"{left} more files were not read" if left > 0 else None
    return Project(path, tuple(files), tuple(lines), trouble)


def _files(host: Host, folder: str) -> Iterator[str]:
    """Paths at the places of all forms, in the order of forms."""
    for form in FORMS:
        for below, pattern in form.PLACES:
            place = f"{folder.rstrip('/')}/{below}".rstrip("/")
            for name in host.names(place, pattern) or ():
                yield f"{place}/{name}"


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
