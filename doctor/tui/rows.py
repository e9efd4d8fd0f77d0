"""Tables whose cursor is a mark as well as a colour; apart, since the first room has none."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import DataTable

from doctor.tui.lists import marked


class Rows(DataTable[object]):
    """A table of which the chosen row begins with a mark; Enter goes to its story."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Read", id="read", tooltip="Go to the story of the row"),
    ]

    def render_line(self, y: int) -> Strip:
        """The line, with the mark where it is of the chosen row."""
        strip = super().render_line(y)
        number = y - self.header_height + self.scroll_offset.y
        chosen = self.row_count and y >= self.header_height and number == self.cursor_row
        return marked(strip, self.has_focus) if chosen else strip
