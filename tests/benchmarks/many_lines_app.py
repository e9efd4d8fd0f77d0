"""What the app's keys are measured against: a plain list or table of as many rows, and a text.

`python many_lines_app.py list|table ROWS`
"""

import sys

from textual import on
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import DataTable, Footer, OptionList, Static
from textual.widgets.option_list import Option


class ManyLines(App[None]):
    """A list or a table, and below it what is said of the line under the cursor."""

    CSS = "OptionList, DataTable, VerticalScroll { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, kind: str, number: int) -> None:
        """So many rows."""
        super().__init__()
        self._kind = kind
        self._number = number

    def compose(self) -> ComposeResult:
        """List or table, text, footer."""
        rows = [(f"ERROR {n}", "4", f"row {n} of a plain app") for n in range(self._number)]
        if self._kind == "list":
            yield OptionList(*(Option("  ".join(row)) for row in rows))
        else:
            table: DataTable[str] = DataTable(cursor_type="row")
            table.add_columns("state", "needs", "environment")
            table.add_rows(rows)
            yield table
        with VerticalScroll():
            yield Static(id="said")
        yield Footer()

    def on_mount(self) -> None:
        """What keys go to."""
        self.query_one("OptionList, DataTable").focus()

    @on(OptionList.OptionHighlighted)
    @on(DataTable.RowHighlighted)
    def _say(self, message: OptionList.OptionHighlighted | DataTable.RowHighlighted) -> None:
        place = getattr(message, "cursor_row", None)
        place = getattr(message, "option_index", place)
        self.query_one("#said", Static).update(f"This is said of row {place}.\n" * 12)


if __name__ == "__main__":
    ManyLines(sys.argv[1], int(sys.argv[2])).run()
