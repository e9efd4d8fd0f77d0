"""Project files and recipes -> the lines that tie them to a CPU: one module per form of file.

The readers are pure: text in, lines out. What a line means on a machine is said by the checks.
"""

from collections.abc import Iterator
from typing import Protocol

from doctor.host import Host
from doctor.model import File, PinnedLine, Project, ProjectFile
from doctor.projects import (
    across_recipe,
    build_script,
    ci_file,
    ci_support,
    conda_lock,
    dockerfile,
    environment_yml,
    explicit_list,
    mentions,
    meta_yaml,
    pixi_lock,
    pixi_manifest,
    recipe_reader,
    recipe_yaml,
    toml_lines,
    variants_yaml,
    virtual_packages_yml,
)

MAX_SIZE = 64 * 2**20
"""Characters of one project after which no further file is read."""

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


FORMS: tuple[Form, ...] = (
    environment_yml,
    conda_lock,
    virtual_packages_yml,
    explicit_list,
    pixi_manifest,
    pixi_lock,
    dockerfile,
    ci_file,
    recipe_yaml,
    meta_yaml,
    variants_yaml,
    build_script,
    ci_support,
)


def examine(host: Host, path: str) -> Project:
    """The CPU-pinned lines of a folder's project files, or of one file."""
    entry = host.look(path)
    if entry.kind == "directory":
        found = list(dict.fromkeys(_files(host, path)))
    elif entry.kind in ("executable", "not executable"):
        found = [path]
    else:
        return Project(path, trouble=f"could not be read: {entry.kind}")
    seen = _Seen()
    read = 0
    for place in found[:MAX_FILES]:
        if seen.size > MAX_SIZE:
            break
        read += 1
        seen.add(host.read(place), place.removeprefix(path.rstrip("/") + "/"), place == path)
    lines = (*seen.lines, *across_recipe.across(seen.recipe))
    left = len(found) - read
    trouble = f"{left} more files were not read" if left > 0 else None
    return Project(path, tuple(seen.files), lines, trouble)


class _Seen:
    """What has been read of a project so far."""

    def __init__(self) -> None:
        """Starts with nothing."""
        self.files: list[ProjectFile] = []
        self.lines: list[PinnedLine] = []
        self.recipe: dict[str, str] = {}
        self.size = 0

    def add(self, file: File, shown: str, named: bool) -> None:
        """Reads one more; a file of no form is mentioned only if it was `named` by the user."""
        text = file.text or ""
        self.size += len(text)
        form = next((form for form in FORMS if form.fits(_base(file.path), text)), None)
        if file.text is None:
            self.files.append(ProjectFile(shown, "unread", file.trouble))
        elif form is not None:
            self.files.append(ProjectFile(shown, form.FORM, _left_out(form, text)))
            self.lines.extend(form.read(shown, text))
            if form.FORM in across_recipe.FORMS:
                self.recipe[shown] = text
        elif named:
            reason = "is no project file that envdoctor knows"
            self.files.append(ProjectFile(shown, "unknown", reason))


def _left_out(form: Form, text: str) -> str | None:
    """What of a file was not looked at, and why; `None` where all of it was."""
    lines = text.splitlines()
    longest = max(map(len, lines), default=0)
    if form.FORM == pixi_manifest.FORM:
        reason = "is no TOML 1.0, which is all that can be read"
        return None if toml_lines.load(text) or not text.strip() else reason
    if form.FORM in across_recipe.FORMS:
        if len(lines) > recipe_reader.MOST:
            return f"has more than {recipe_reader.MOST} lines: the rest was not read"
        return _too_long(longest, recipe_reader.LONGEST)
    return _too_long(longest, mentions.MAX_LINE)


def _too_long(longest: int, limit: int) -> str | None:
    return (
        f"has lines of more than {limit} characters, which were not read"
        if (longest > limit)
        else None
    )


def _files(host: Host, folder: str) -> Iterator[str]:
    """Paths at the places of all forms, in the order of forms."""
    for form in FORMS:
        for below, pattern in form.PLACES:
            place = f"{folder.rstrip('/')}/{below}".rstrip("/")
            for name in host.names(place, pattern) or ():
                yield f"{place}/{name}"


def _base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
