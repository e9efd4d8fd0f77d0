"""Words to look for in every text, however they are written there, and what is put for them."""

import re
from collections.abc import Callable, Collection

from msgspec import Struct

from doctor.clean import clean
from doctor.redact import secrets
from doctor.redact.spelling import composed, encoded, run_around, written

HIDDEN = re.compile(r"hidden-([a-z]+(?:-[a-z]+)*)-(\d+)")
"""A stand-in: its kind and its number."""

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_BEFORE = (
    r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt])|(?<=\\u[0-9A-Fa-f]{4})|"
    r"(?<=\\x[0-9A-Fa-f]{2}))"
)
"""A word may begin behind a letter that belongs to an escaped sign."""


class Word(Struct, frozen=True):
    """Something to look for in every text, and what to put for it."""

    word: str
    plain: re.Pattern[str]
    encoded: re.Pattern[str] | None
    stand_in: str


def plain(text: str) -> str:
    """Text without what cannot be seen, and without what UTF-8 cannot hold.

    JSON may escape the strokes of addresses; it says the same without that.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
    shown = _INVISIBLE.sub("", clean(composed(whole)))
    return shown.replace("\\/", "/") if ":\\/\\/" in shown else shown


def spelled(
    word: str,
    stand_in: str,
    within: bool,
    encodings: bool,
    ignore_case: bool = False,
    kept: Collection[str] = (),
) -> Word:
    """A word in all its spellings; `within` others too, and with `encodings` what they leave.

    Names that are `kept` stay whole, though they hold the word.
    """
    expression = written(word, broken=within)
    if not within:
        expression = rf"{_BEFORE}{expression}(?![A-Za-z0-9])"
    also = "|".join(encoded(word)) if encodings else ""
    longest = "|".join(map(re.escape, sorted(kept, key=lambda name: (-len(name), name))))
    stays = HIDDEN.pattern + (rf"|(?<![\w-])(?:{longest})(?![\w-])" if kept else "")
    return Word(
        word,
        re.compile(f"({stays})|{expression}", re.IGNORECASE if ignore_case else 0),
        re.compile(also) if also else None,
        stand_in,
    )


def replacing(known: Word) -> Callable[[str], str]:
    """What puts the stand-in of a word in its place, and in that of a text which encodes it."""

    def replaced(text: str) -> str:
        if known.encoded is not None:
            text = _without_encoded(text, known.encoded, known.stand_in)
        return known.plain.sub(
            lambda match: match[1] or secrets.over(known.stand_in, match[0]), text
        )

    return replaced


def _without_encoded(text: str, expression: re.Pattern[str], stand_in: str) -> str:
    """A stretch of base64 goes as a whole: what is left of it could be decoded."""
    at = 0
    while (match := expression.search(text, at)) is not None:
        start, end = run_around(text, *match.span())
        new = secrets.over(stand_in, text[start:end])
        text = f"{text[:start]}{new}{text[end:]}"
        at = start + len(new)
    return text
