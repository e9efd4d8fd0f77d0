"""Level packages in the commands of a Dockerfile or a CI file."""

import re
from collections.abc import Iterator

from doctor.model import PinnedLine
from doctor.projects import override_lines
from doctor.projects.mentions import LOWER, REGEX, WORD, Mention, Pin, mentions, pin, replaced

_REQUIREMENT = re.compile(r"\S+(?:\s*[<>=!~]+\s*\S+|\s+[\d*]\S*)?(?:\s+\d{1,4}_\w+)?")
WORDS = ("-microarch-level", "CONDA_OVERRIDE_ARCHSPEC", "micromamba")
"""What a line holds that is worth a closer look."""

_TALKS = ("EXCLUDE", "grep", "sed ", "awk ", "echo ", " search ", " list ", " remove ", "repoquery")
"""Words of commands that name a package without installing it."""


def level_packages(path: str, row: tuple[int, str], code: str) -> Iterator[PinnedLine]:
    """What the words of a command line tie it to; one line is corrected for all of them."""
    if "-microarch-level" not in code or any(word in code for word in _TALKS):
        return
    found = [(mention, asked) for mention in _words(code) if (asked := pin(mention.text))]
    found = [(mention, asked) for mention, asked in found if not _works(code, asked)]
    changes = [
        (mention.start, mention.end, _instead(code, mention, asked))
        for mention, asked in found
        if asked.instead is not None
    ]
    corrected = replaced(row[1], changes)
    for _, asked in found:
        line = corrected if asked.instead is not None else None
        yield PinnedLine(path, *row, asked.rule, asked.name, asked.level, line)


def _works(code: str, asked: Pin) -> bool:
    """Whether the command is made for it: by pixi's solver, or with an override of that level."""
    if "pixi" in code:
        return asked.rule in (LOWER, REGEX)
    own = (override_lines.level_of(setting.value) for setting in override_lines.settings(code))
    return asked.rule == LOWER and asked.level in own


def _words(code: str) -> Iterator[Mention]:
    for mention in mentions(code, WORD):
        found = _REQUIREMENT.match(mention.text) if mention.quote else None
        text = found[0] if found else mention.text
        yield Mention(mention.start, mention.start + len(text), text, mention.quote)


def _instead(code: str, mention: Mention, asked: Pin) -> str:
    """The requirement to put: an exact build becomes its level and up, quoted for the shell."""
    text = asked.instead or _level_and_up(mention.text, asked.level)
    if mention.quote or " >=" not in text:
        return text
    quote = '"' if code[: mention.start].count("'") % 2 else "'"
    return f"{quote}{text.replace(' ', '')}{quote}"


def _level_and_up(text: str, level: int | None) -> str:
    name = re.match(r".*microarch-level", text)
    package = name[0] if name else text
    return package if level in (None, 1, 8) else f"{package} >={level}"
