"""How many cells of a terminal a text takes, so that columns stay columns in every script."""

import re
import unicodedata
from functools import lru_cache

_ZERO = ("Mn", "Mc", "Me", "Cc", "Cf")
"""Categories of what takes no cell: marks on the letter before, controls, invisible marks."""

_JOINER, _AS_PICTURE, _AS_LETTER = "\u200d", "\ufe0f", "\ufe0e"
_JOINED = re.compile(f"(?<=[\u2190-\u2bff\U0001f000-\U0001faff]){_JOINER}")
_VOWELS = range(0x1160, 0x1200)
"""Letters of Hangul that join the one before them."""


def width(text: str) -> int:
    """The cells that a text takes: two for wide characters, none for marks and joined ones.

    As terminals that know wcwidth count, and as Rich does (rich/cells.py), whose tables are not
    for the command line; a picture that is joined to another adds nothing to it.
    """
    return len(text) if text.isascii() else _width(text) if len(text) < 500 else _counted(text)


@lru_cache(maxsize=4096)
def _width(text: str) -> int:
    return _counted(text)


def _counted(text: str) -> int:
    cells, last, joined = 0, 0, False
    for letter in text:
        if joined:
            joined = False
        elif letter == _JOINER:
            joined = True
        elif letter == _AS_PICTURE:
            cells, last = cells + (last == 1), 0
        else:
            own = _cells(letter)
            cells, last = cells + own, own or last
    return cells


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in _ZERO or ord(letter) in _VOWELS:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def steady(text: str) -> str:
    """Text that takes the same cells in every terminal: pictures stand side by side, not joined.

    Terminals differ in what a joined picture takes, and all that stands right of one would move.
    Joined letters, as of Sinhala, stay.
    """
    if text.isascii():
        return text
    return _JOINED.sub("", text.replace(_AS_PICTURE, "").replace(_AS_LETTER, ""))


def padded(text: str, cells: int) -> str:
    """A text with blanks after it, up to so many cells."""
    return text + " " * (cells - width(text))


def shortened(text: str, cells: int) -> str:
    """A text that takes at most so many cells: of a longer one its beginning and its end.

    The end says what is wrong with a path that stands before it.
    """
    if width(text) <= cells:
        return text
    room = max(cells - 5, 0)
    end = _first(text[::-1], room // 3)[::-1]
    return f"{_first(text, room - width(end))} ... {end}"


def _first(text: str, cells: int) -> str:
    kept = text[:cells]
    while width(kept) > cells:
        kept = kept[:-1]
    return kept


def wrapped(text: str, cells: int) -> list[str]:
    """The lines of a text that may take so many cells each: broken at blanks, else anywhere."""
    lines: list[str] = []
    line, taken = "", -1  # the blank before the first word takes no cell
    for word in text.split(" "):
        took = width(word)
        if taken >= 0 and taken + 1 + took > cells:
            lines += [line] if line.strip() else []
            line, taken = "", -1
        if took > cells:
            *full, word = _folded(word, cells)
            lines += full
            took = width(word)
        line, taken = (word if taken < 0 else f"{line} {word}"), taken + 1 + took
    return [*lines, line]


def _folded(word: str, cells: int) -> list[str]:
    """A word in pieces of so many cells, each with at least one letter."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter) > cells:
            pieces.append("")
        pieces[-1] += letter
    return pieces
