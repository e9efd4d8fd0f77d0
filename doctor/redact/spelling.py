"""One word -> an expression for every way in which it may be written: quoted, encoded, broken."""

import base64
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_ESCAPE, _MAYBE = r"\\{1,8}", r"\\{0,8}"
"""Texts within texts double what escapes; without an end, a row of them would take for ever."""

BREAK = rf"(?:(?:{_ESCAPE}[nr]|{_MAYBE}\r?\n)[ \t]{{0,200}}){{0,2}}"
"""A line may end inside a word, also where the line's end is itself written as `\\n`."""

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_LONGEST = 200
"""Letters of a word that are looked for in every spelling."""

_SHORTEST_INSIDE = 6
"""Letters of base64 that are told from chance: those of a word of five."""


def composed(text: str) -> str:
    """Text whose letters are single signs: macOS hands names over in pieces, letter and accent."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def written(word: str, broken: bool = True) -> str:
    """An expression for a word as it is, percent-encoded, JSON-escaped, in a shell, in HTML.

    Of a very long one the beginning in all its spellings, then what hangs on it.
    """
    if len(word) > _LONGEST:
        return rf"(?:{re.escape(word)}|{written(word[:_LONGEST], broken)}[^\s\"']{{0,{len(word)}}})"
    return (BREAK if broken else "").join(map(_letter, word))


@lru_cache(maxsize=512)
def _letter(char: str) -> str:
    code = ord(char)
    bytes_ = char.encode("utf-8", "replace")
    hexadecimal = _any_case(f"{code:x}")
    forms = [
        re.escape(char),
        "".join(f"%(?:25)*{_any_case(f'{byte:02x}')}" for byte in bytes_),
        "".join(rf"{_ESCAPE}x{_any_case(f'{byte:02x}')}" for byte in bytes_),
        "".join(rf"{_ESCAPE}u{_any_case(f'{unit:04x}')}" for unit in _utf16(char)),
        rf"{_ESCAPE}u\{{0*{hexadecimal}\}}",
        f"&#(?:0*{code}|[xX]0*{hexadecimal});",
    ]
    if not char.isalnum():
        forms[0] = rf"{_MAYBE}{re.escape(char)}"
    if not char.isascii():
        forms.append("".join(rf"{_ESCAPE}{byte:03o}" for byte in bytes_))
        forms.append(rf"{_ESCAPE}[xU]0*{hexadecimal}")
        apart = unicodedata.normalize("NFD", char)
        forms += ["".join(map(_letter, apart))] if len(apart) > 1 else []
    forms += [_ENTITIES[char]] if char in _ENTITIES else []
    forms += [r"\+"] if char == " " else []
    return f"(?:{'|'.join(forms)})"


def _utf16(char: str) -> Iterator[int]:
    """What JSON and JavaScript write for a sign: two numbers for one beyond the first plane."""
    data = char.encode("utf-16-be", "surrogatepass")
    yield from (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))


def _any_case(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)


def encoded(word: str) -> Iterator[str]:
    """Expressions for what a word leaves in base64 and in hexadecimal digits, within other text.

    In UTF-16 too, which is what PowerShell takes in base64.
    """
    word = word[:_LONGEST]
    data = word.encode("utf-8", "replace")
    if len(data) >= 4:
        yield f"(?i:{data.hex()})"
    yield from _in_base64(data)
    yield from _in_base64(word.encode("utf-16-le", "replace"))


def _in_base64(data: bytes) -> Iterator[str]:
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
