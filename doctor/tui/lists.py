"""Lists and tables whose cursor is a mark as well as a colour, quick with thousands of rows."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import DataTable, OptionList
from textual.widgets.data_table import ColumnKey, RowKey

from doctor.clean import one_line, without_secrets
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


class Cell(Text):
    """A cell of a table: text of any origin on one line."""

    def __init__(self, text: str) -> None:
        """Shown without markup, control characters and secrets."""
        super().__init__(shown(text), end="", no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """As wide as it is: asking Rich where it could wrap takes longer than drawing it."""
        return Measurement(self.cell_len, self.cell_len)


class Rows(DataTable[Cell]):
    """A table of which the chosen row begins with a mark, and whose columns never get narrower."""

    def name_columns(self, names: Sequence[str]) -> None:
        """Other columns; all rows go."""
        self.clear(columns=True)
        for name in names:
            label = Cell(name)
            self.add_column(label, width=label.cell_len, key=name)

    def widen(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Makes columns wide enough for rows that are to be added, now or later."""
        for place, column in enumerate(self.ordered_columns):
            widest = max((cell_len(shown(row[place])) for row in rows), default=0)
            column.width = max(column.width, widest)

    def change(self, key: str, name: str, text: str) -> None:
        """Puts another cell in the place of one."""
        column, new = self.columns[ColumnKey(name)], cell(text)
        grows = new.cell_len > column.width
        column.width = max(column.width, new.cell_len)
        self.update_cell(key, name, new, update_width=grows)

    def action_scroll_home(self) -> None:
        """To the first row, where rows and not cells are chosen."""
        self.action_scroll_top() if self.cursor_type == "row" else super().action_scroll_home()

    def action_scroll_end(self) -> None:
        """To the last row, likewise."""
        self.action_scroll_bottom() if self.cursor_type == "row" else super().action_scroll_end()

    def _update_dimensions(self, new_rows: Iterable[RowKey]) -> None:
        """Textual measures every cell of new rows; `widen` has done that."""
        super()._update_dimensions(())

    def render_line(self, y: int) -> Strip:
        """The line, with the mark where it is of the chosen row."""
        strip = super().render_line(y)
        number = y - self.header_height + self.scroll_offset.y
        chosen = self.row_count and y >= self.header_height and number == self.cursor_row
        return marked(strip, self.has_focus) if chosen else strip


def marked(strip: Strip, focus: bool) -> Strip:
    """A line of which the first cell, a blank, is the mark."""
    if strip.cell_length < 2:
        return strip
    first = strip.crop(0, 1)
    if first.text != " ":
        return strip
    mark = Segment(CURSOR if focus else RESTING, next(iter(first)).style)
    return Strip.join((Strip([mark], 1), strip.crop(1)))


@lru_cache(maxsize=20_000)
def cell(text: str) -> Cell:
    """A cell, the same for the same text: nothing changes one, and searching makes many."""
    return Cell(text)


def shown(text: str) -> str:
    """Text of any origin as it stands in a list or a table."""
    return _known(text) if len(text) < 500 else _safe(text)


@lru_cache(maxsize=20_000)
def _known(text: str) -> str:
    return _safe(text)


def _safe(text: str) -> str:
    return steady(without_secrets(one_line(text)))
