"""One word -> an expression for every way in which it may be written: quoted, encoded, broken."""

import base64
import re
from collections.abc import Iterator
from functools import lru_cache

BREAK = r"(?:(?:\\+[nr]|\\*\r?\n)[ \t]*){0,2}"
"""A line may end inside a word, also where the line's end is itself written as `\\n`."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_SHORTEST_INSIDE = 6
"""Letters of base64 that are told from chance: those of a word of five."""


def written(word: str, broken: bool = True) -> str:
    """An expression for a word as it is, percent-encoded, JSON-escaped, in a shell, in HTML."""
    return (BREAK if broken else "").join(map(_letter, word))


@lru_cache(maxsize=512)
def _letter(char: str) -> str:
    code = ord(char)
    bytes_ = char.encode("utf-8", "replace")
    hexadecimal = _any_case(f"{code:x}")
    forms = [
        re.escape(char),
        "".join(f"%(?:25)*{_any_case(f'{byte:02x}')}" for byte in bytes_),
        rf"\\+u{_any_case(f'{code & 0xFFFF:04x}')}",
        f"&#(?:0*{code}|[xX]0*{hexadecimal});",
    ]
    if not char.isalnum():
        forms[0] = rf"\\*{re.escape(char)}"
    forms += [_ENTITIES[char]] if char in _ENTITIES else []
    forms += [r"\+"] if char == " " else []
    return f"(?:{'|'.join(forms)})"


def _any_case(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)


def encoded(word: str) -> Iterator[str]:
    """Expressions for what a word leaves in base64 and in hexadecimal digits, within other text."""
    data = word.encode("utf-8", "replace")
    if len(data) >= 4:
        yield f"(?i:{data.hex()})"
    for shift in range(3):
        letters = base64.b64encode(b"\0" * shift + data).decode().rstrip("=")
        end = len(letters) - (1 if (len(data) + shift) % 3 else 0)
        inside = letters[(0, 2, 3)[shift] : end]
        if len(inside) >= _SHORTEST_INSIDE:
            other = {"+": "[+-]", "/": "[/_]"}
            yield BREAK.join(other.get(char, char) for char in inside)


def run_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the whole stretch of base64 begins and ends of which a part is known."""
    while start and text[start - 1] in _BASE64:
        start -= 1
    while end < len(text) and text[end] in _BASE64:
        end += 1
    while end < len(text) and text[end] == "=":
        end += 1
    return start, end
