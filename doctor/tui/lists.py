"""Lists whose cursor is a mark as well as a colour, quick with thousands of rows."""

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList

from doctor.clean import shown as on_one_line
from doctor.columns import shortened, steady, wrapped
from doctor.tui.searching import matches

CURSOR = ">"
"""Where keys act."""

RESTING = "-"
"""Where they will act once the list has the focus again."""


MOST = 4
"""Lines that one option takes at most; Enter says all of it."""


class Entry(Visual):
    """The text of an option; what does not fit goes on below, under its `indent`-th cell."""

    def __init__(self, text: str, indent: int = 0) -> None:
        """Of any origin: shown without markup, control characters and secrets, on one line."""
        self._text = shown(text)
        self._indent = indent
        self._lines: tuple[int, list[str]] = (-1, [])

    def __str__(self) -> str:
        """What is searched."""
        return self._text

    def _wrapped(self, width: int) -> list[str]:
        if self._lines[0] != width:
            self._lines = (width, self._wrap(width))
        return self._lines[1]

    def _wrap(self, width: int) -> list[str]:
        if cell_len(self._text) <= width:
            return [self._text]
        indent = self._indent if self._indent < width // 2 else 0
        room = width - indent
        first, *others = wrapped(shortened(self._text[indent:], MOST * room - room // 2), room)
        return [self._text[:indent] + first, *(" " * indent + line for line in others)]

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """One strip per line."""
        lines = self._wrapped(width)[:height]
        drawn = (Content(line).render_strips(width, 1, style, options) for line in lines)
        return [strip for strips in drawn for strip in strips]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """On one line."""
        return cell_len(self._text)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """The number of lines."""
        return len(self._wrapped(width))


class Choices(OptionList):
    """A list of which the chosen line begins with a mark: `>` with the focus, `-` without.

    Lines begin with one blank of padding (app.tcss), which the mark takes.
    """

    @property
    def chosen(self) -> str | None:
        """The id of the chosen option, `None` where there is none."""
        place = self.highlighted
        return None if place is None else self.get_option_at_index(place).id

    def render_line(self, y: int) -> Strip:
        """The line, with the mark where it is the first of the chosen option."""
        strip = super().render_line(y)
        number = self.scroll_offset.y + y
        if not 0 <= number < len(self._lines):
            return strip
        chosen, line = self._lines[number]
        return marked(strip, self.has_focus) if (chosen, line) == (self.highlighted, 0) else strip

    def find_next(self, wanted: str, again: bool) -> str:
        """Goes to the next option that holds some words; says which of how many it is."""
        found = [
            place
            for place, option in enumerate(self.options)
            if not option.disabled and matches(wanted, str(option.prompt))
        ]
        if not found:
            return "nothing has that in it"
        here = self.highlighted if self.highlighted is not None else -1
        after = [place for place in found if place > here or (place == here and not again)]
        self.highlighted = (after or found)[0]
        return f"{found.index(self.highlighted) + 1} of {len(found)}"


def marked(strip: Strip, focus: bool) -> Strip:
    """A line of which the first cell, a blank, is the mark."""
    if strip.cell_length < 2:
        return strip
    first = strip.crop(0, 1)
    if first.text != " ":
        return strip
    mark = Segment(CURSOR if focus else RESTING, next(iter(first)).style)
    return Strip.join((Strip([mark], 1), strip.crop(1)))


def shown(text: str) -> str:
    """Text of any origin as it stands in a list or a table."""
    return _known(text) if len(text) < 500 else _safe(text)


@lru_cache(maxsize=20_000)
def _known(text: str) -> str:
    return _safe(text)


def _safe(text: str) -> str:
    return steady(on_one_line(text))
