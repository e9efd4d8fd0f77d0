"""What is done to all that is drawn, at the very end: only ASCII, and reversed instead of coloured.

A character keeps its width, so that nothing moves: what has no likeness becomes `?`, wide ones
become two, and marks that are put on a letter go.
"""

import re
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_LIKE = {
    **dict.fromkeys("─━┄┅┈┉╌╍═╴╶╸╺▔▁▂▃⎺⎻⎼⎽", "-"),
    **dict.fromkeys("│┃┆┇┊┋╎╏║╵╷╹╻▏▎▍▌▐▕", "|"),
    **dict.fromkeys("▄▅▆▇█▉▊▋▀■", "#"),
    **dict.fromkeys("•·●∙○◉", "*"),
    **dict.fromkeys("→▶▸❯›»", ">"),
    **dict.fromkeys("←◀◂❮‹«", "<"),
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("‘’‚′", "'"),
    **dict.fromkeys("“”„″", '"'),
    **dict.fromkeys("↑▲▴△", "^"),
    **dict.fromkeys("↓▼▾▽", "v"),
    **dict.fromkeys("✓✔", "v"),
    **dict.fromkeys("✗✘×", "x"),
    "\N{NO-BREAK SPACE}": " ",
    "…": ".",
}
"""Characters that widgets are drawn with, and what is nearest in ASCII."""

_CUT = re.compile(r"[\x20-\x7e]…")


class Ascii(LineFilter):
    """The last filter of all that is drawn: borders, scrollbars, keys, notes, texts of users."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Segments with the same widths and styles."""
        return [
            segment
            if segment.text.isascii()
            else Segment(narrowed(segment.text), segment.style, segment.control)
            for segment in segments
        ]


@lru_cache(4096)
def narrowed(text: str) -> str:
    """A text without any other character, in as many cells; an ellipsis takes one more, for `..`"""
    return "".join(map(_like, _CUT.sub("..", text)))


def _like(character: str) -> str:
    if character.isascii():
        return character
    if "─" <= character <= "╿" and character not in _LIKE:
        return "+"
    if "▀" <= character <= "▟" and character not in _LIKE:
        return "#"
    return _LIKE.get(character) or "?" * get_character_cell_size(character)


class Reversed(LineFilter):
    """Black on white becomes reversed, which a terminal of any colours and of none can show.

    Textual drops `reverse` from the styles of widgets (v8.2.8, widget.py, `get_visual_style`).
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, those on white with the terminal's own colours, reversed."""
        return [
            Segment(text, style and _reversed(style), control) for text, style, control in segments
        ]


_OWN = RichColor.default()
_WHITE = 7
"""Number of the standard colour."""


@lru_cache(1024)
def _reversed(style: Style) -> Style:
    back = style.bgcolor
    if back is None or back.triplet is not None or back.number != _WHITE:
        return style
    return style + Style(color=_OWN, bgcolor=_OWN, reverse=True)


ASCII = Ascii()
REVERSED = Reversed()
"""One filter of each, so that what was drawn with it is known."""
