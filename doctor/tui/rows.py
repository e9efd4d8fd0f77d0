"""Tables whose cursor is a mark as well as a colour; apart, since the first room has none."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets.data_table import ColumnKey, RowKey

from doctor.tui.lists import marked, shown


class Cell(Text):
    """A cell of a table: text of any origin on one line."""

    def __init__(self, text: str) -> None:
        """Shown without markup, control characters and secrets."""
        super().__init__(shown(text), end="", no_wrap=True)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """As wide as it is: asking Rich where it could wrap takes longer than drawing it."""
        return Measurement(self.cell_len, self.cell_len)


class Rows(DataTable[Cell]):
    """A table of which the chosen row begins with a mark, and whose columns never get narrower.

    Enter goes to the story of the row.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Read", id="read", tooltip="Go to the story of the row"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a row there is no story."""
        return action != "select_cursor" or self.row_count > 0

    def name_columns(self, names: Sequence[str], least: Sequence[int]) -> None:
        """Other columns, at `least` so wide; all rows go."""
        self.clear(columns=True)
        for name, cells in zip(names, least, strict=True):
            label = Cell(name)
            self.add_column(label, width=max(label.cell_len, cells), key=name)

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


@lru_cache(maxsize=20_000)
def cell(text: str) -> Cell:
    """A cell, the same for the same text: nothing changes one, and searching makes many."""
    return Cell(text)
