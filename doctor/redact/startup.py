"""Lines of start-up files and of condarcs -> those that say something, without the rest of them."""

import re

from msgspec.structs import replace

from doctor.checks import startup_lines
from doctor.model import Line, Lines

_VARIABLE = re.compile(r"\b(?:CONDA_OVERRIDE_\w{1,40}|CONDA_SUBDIR|CONDA_SOLVER|MAMBA_EXE)\b")
_STATEMENTS = re.compile(r"(\s*(?:;|&&|\|\|)\s*|\s+#.*$|(?<!export)\s+(?=[A-Za-z_]\w{0,60}=))")
_SUBDIR = re.compile(r"(\s*subdir\s*:\s*)[\"']?([\w-]{1,40})")

_MOST = 50
"""Statements of one line after which it is kept whole."""


def cut(lines: Lines) -> Lines:
    """The lines that a reader makes something of, and of each what it needs."""
    if lines.path.endswith("condarc"):
        named = ((line, _SUBDIR.match(line.text)) for line in lines.found)
        found = [replace(line, text=match[1] + match[2]) for line, match in named if match]
        return replace(lines, found=tuple(found))
    shown = ((line, _needed(line)) for line in lines.found)
    found = [replace(line, text=text) for line, text in shown if text is not None]
    return replace(lines, found=tuple(found))


def _needed(line: Line) -> str | None:
    """A line without the statements that change nothing of what is read in it."""
    meaning = _meaning(line)
    if not any(meaning):
        return None
    pieces = _STATEMENTS.split(line.text)
    if len(pieces) > _MOST:
        return line.text
    for number in range(len(pieces) - 1, -1, -2):
        fewer = pieces[: max(number - 1, 0)] + pieces[number + (1 if number else 2) :]
        if _meaning(replace(line, text="".join(fewer))) == meaning:
            pieces = fewer
    return "".join(pieces)


def _meaning(line: Line) -> tuple[object, ...]:
    """What checks make of a line: variables that it sets, names that it gives to programs."""
    text = line.text
    names = sorted(set(_VARIABLE.findall(text)))
    values = [
        (name, value)
        for name in names
        if (value := startup_lines.value_set(text, name)) is not None
    ]
    named = sorted(
        (name, program)
        for name, program in startup_lines.aliases(text).items()
        if name in startup_lines.CLIENTS
    )
    blocks = [(s.name, s.program, s.alias) for s in startup_lines.setups((line,))]
    return tuple(values), tuple(named), tuple(blocks)
