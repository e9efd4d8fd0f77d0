"""Dockerfiles, Containerfiles and Apptainer definitions."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects import override_lines
from doctor.projects.commands import WORDS, level_packages
from doctor.projects.images import old_client
from doctor.projects.mentions import code, rows

FORM = "container recipe"
PLACES: tuple[tuple[str, str], ...] = tuple(
    (folder, pattern)
    for folder in ("", "docker", ".devcontainer", "containers")
    for pattern in (
        "Dockerfile*", "*.Dockerfile", "*.dockerfile", "Containerfile*", "*.def", "Singularity*",
    )
)  # fmt: skip

_WORD = re.compile(r"[ \t]*(%?[A-Za-z]+)(?=[ \t:]|$)")
_COMMANDS = ("RUN", "CMD", "ENTRYPOINT", "SHELL", "%POST", "%TEST", "%RUNSCRIPT")


def fits(name: str, text: str) -> bool:
    """By the names that builders look for."""
    lower = name.lower()
    return lower.startswith(("dockerfile", "containerfile", "singularity")) or lower.endswith(
        (".dockerfile", ".containerfile", ".def")
    )


def read(path: str, text: str) -> Iterator[PinnedLine]:
    """Overrides that stay set, level packages in commands, images of old clients."""
    for row, instruction, continued in _instructions(text):
        if not any(word in row[1] for word in WORDS):
            continue
        line = code(row[1])
        if "micromamba" in line and (old := old_client(path, row, line)) is not None:
            yield old
        if override_lines.VARIABLE in line:
            yield from _overrides(path, row, line, instruction, continued)
        if instruction in _COMMANDS:
            yield from level_packages(path, row, line)


def _instructions(text: str) -> Iterator[tuple[tuple[int, str], str, bool]]:
    """Lines with the instruction or section they belong to, and whether they continue it."""
    instruction, continued, section = "", False, ""
    for number, line in rows(text):
        found = None if continued or line.lstrip().startswith("#") else _WORD.match(line)
        if found is not None:
            word = found[1].upper()
            section = word if word.startswith("%") else section
            instruction = section or word
        yield (number, line), instruction, continued
        if not line.lstrip().startswith("#"):
            continued = line.rstrip().endswith("\\")


def _overrides(
    path: str, row: tuple[int, str], line: str, instruction: str, continued: bool
) -> Iterator[PinnedLine]:
    left_set = instruction in ("ENV", "%ENVIRONMENT")
    for setting in override_lines.settings(line, spaced=instruction == "ENV"):
        if left_set:
            yield override_lines.pinned(path, row, setting, _without(row[1], setting, continued))
        elif (misspelt := override_lines.respelt(path, row, setting)) is not None:
            yield misspelt


def _without(line: str, setting: override_lines.Setting, continued: bool) -> str | None:
    """The line without the override; `None` where the line before it would then dangle."""
    before, after = line[: setting.start], line[setting.end :]
    left = f"{before.rstrip()} {after.lstrip()}".strip()
    if left.upper() in ("ENV", "\\", "EXPORT") or left.startswith("#"):
        return ""
    if not left:
        return None if continued else ""
    if not before.strip():
        return before + after.lstrip()
    return f"{before.rstrip()} {after.lstrip()}".rstrip()
