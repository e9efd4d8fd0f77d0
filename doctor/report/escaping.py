"""Text from anywhere in Markdown: it stays text, wherever the report is pasted.

What GitHub makes of a line: blocks by its beginning, people and issues by `@name` and `#1`, which
would be told of it (docs.github.com, "Autolinked references and URLs", "Mentioning people").
"""

import re

_JOINER = "&#8288;"
"""A sign without width, written so that who reads the source sees it."""

_PERSON = re.compile(r"(?<!\w)@(?=\w)")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_ISSUE = re.compile(r"(?<!&)#(?=\d)")
_FENCE = re.compile(r"`{3,}|~{3,}")
_MOST_TICKS, _MOST_OF_CODE = 9, 1000
"""More ticks in a row are shortened, so that a fence is never longer than a line may be."""

_TICKS = re.compile(rf"`{{{_MOST_TICKS},}}")
_BLOCK = re.compile(r"(?=[#>+*-]{1,6}(?:\s|$)|[=_*-]{3,}\s*$)|(?<=\d)(?=[.)]\s)")


def escape(text: str) -> str:
    """Text that cannot break out of a table cell, become markup, or call anybody."""
    quoted = _ENTITY.sub("&amp;", text.replace("\n", " ").lstrip())
    quoted = quoted.replace("|", "\\|").replace("<", "&lt;")
    quoted = quoted.replace("[", "\\[") if "](" in quoted else quoted
    quoted = _FENCE.sub(lambda run: "".join(f"\\{sign}" for sign in run[0]), quoted)
    quoted = _ISSUE.sub(f"#{_JOINER}", _PERSON.sub(f"@{_JOINER}", quoted))
    begins = re.match(r"\d{0,9}", quoted)
    at = _BLOCK.match(quoted, begins.end() if begins else 0)
    return quoted if at is None else f"{quoted[: at.start()]}\\{quoted[at.start() :]}"


def code(text: str) -> str:
    """Text in the type of code, whatever ticks it has; within a line, or in a table's cell."""
    plain = _TICKS.sub("`" * _MOST_TICKS, text.replace("\n", " "))
    plain = plain if len(plain) <= _MOST_OF_CODE else f"{plain[:_MOST_OF_CODE]}..."
    plain = plain.replace("|", "\\|").replace("<", "&lt;")
    tick = _longer(plain, 1)
    pad = " " if plain[:1] == "`" or plain[-1:] == "`" else ""
    return f"{tick}{pad}{plain}{pad}{tick}"


def fenced(text: str, language: str = "") -> list[str]:
    """Lines of a block of code that nothing in it can close."""
    plain = _TICKS.sub("`" * _MOST_TICKS, text)
    ticks = _longer(plain, 3)
    return [f"{ticks}{language}", *plain.split("\n"), ticks]


def _longer(text: str, shortest: int) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(shortest, longest + 1)
