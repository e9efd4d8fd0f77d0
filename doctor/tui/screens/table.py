"""A room with a table, the story of the row under the cursor, and a legend."""

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable

from doctor.clean import one_line, without_secrets
from doctor.tui.messages import CopyText
from doctor.tui.rows import Rows
from doctor.tui.searching import matches
from doctor.tui.state import State
from doctor.tui.widgets import Line, Room

Row = tuple[str, tuple[str, ...]]
"""A stable key and the cells."""


class TableRoom(Room):
    """Draws rows in place, so that nothing moves when an answer arrives."""

    LEGEND = ""
    EMPTY = ""
    MAIN = "#table"
    HINT = "words of a row; Enter goes to the rows, Esc shows all"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="copy", tooltip="The story of this row, to copy"),
    ]
    _told: tuple[int, int] = (-1, -1)
    _shown_rows: list[Row] | None = None

    def columns(self, state: State) -> tuple[str, ...]:
        """Names of the columns."""
        raise NotImplementedError

    def least(self, name: str) -> int:
        """The characters that a column keeps free for answers that are to come."""
        return 0

    def rows(self, state: State) -> list[Row] | None:
        """All rows, `None` while they are not known."""
        raise NotImplementedError

    def story(self, state: State, key: str) -> list[str]:
        """All about one row."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """Table and story."""
        yield from self.above()
        with Container(id="split"):
            yield Rows(id="table", cursor_type="row")
            with VerticalScroll(id="story", can_focus=True):
                yield Line(id="words")
        yield Line(self.LEGEND, id="legend")

    def above(self) -> ComposeResult:
        """What stands over the table."""
        yield from ()

    def on_mount(self) -> None:
        """The table is what keys go to."""
        self.table().focus()

    def table(self) -> Rows:
        """The table."""
        return self.query_one("#table", Rows)

    def show(self, state: State) -> None:
        """Adds rows that are new and changes cells in place."""
        super().show(state)
        table, columns = self.table(), self.columns(state)
        if [str(key.value) for key in table.columns] != list(columns):
            table.clear(columns=True)
            for name in columns:
                table.add_column(Text(one_line(name).ljust(self.least(name))), key=name)
        self._shown_rows = rows = self._matching(self.rows(state))
        if [str(key.value) for key in table.rows] != [key for key, _ in rows or ()]:
            table.clear()
            for key, cells in rows or ():
                table.add_row(*map(_cell, cells), key=key)
        else:
            self._update(rows or [], columns)
        self.tell(state)

    def _matching(self, rows: list[Row] | None) -> list[Row] | None:
        """Those rows that are looked for, all where nothing is."""
        wanted = self.finder.text
        if rows is None or not wanted.strip():
            return rows
        return [(key, cells) for key, cells in rows if matches(wanted, " ".join((key, *cells)))]

    def find(self, wanted: str, again: bool) -> str:
        """Leaves the rows that are looked for; Enter goes to them."""
        self._redraw()
        if again:
            self.table().focus()
        rows = self._shown_rows
        return f"{len(rows)} found" if rows is not None and wanted.strip() else ""

    def _update(self, rows: list[Row], columns: tuple[str, ...]) -> None:
        table = self.table()
        for key, cells in rows:
            for name, cell in zip(columns, cells, strict=True):
                if str(table.get_cell(key, name)) != _shown(cell):
                    table.update_cell(key, name, _cell(cell), update_width=True)

    def tell(self, state: State) -> None:
        """Shows the story of the row under the cursor."""
        said = self.query_one("#words", Line)
        rows = self._shown_rows
        if rows is None:
            said.say("Looking...")
        elif not rows:
            said.say("No row has that in it." if self.finder.text.strip() else self.EMPTY)
        else:
            table = self.table()
            place = min(max(table.cursor_row, 0), len(rows) - 1)
            said.say("\n".join(self.story(state, rows[place][0])))
            if self._told != (table.cursor_row, table.cursor_column):
                self._told = (table.cursor_row, table.cursor_column)
                self.query_one("#story").scroll_home(animate=False)

    def go_to(self, key: str) -> None:
        """The cursor on a row, if it is there."""
        places = [place for place, (name, _) in enumerate(self._shown_rows or ()) if name == key]
        if places:
            self.table().move_cursor(row=places[0])

    def action_copy(self) -> None:
        """The story of the row under the cursor."""
        rows, place = self._shown_rows or [], self.table().cursor_row
        state = getattr(self.app, "state", State())
        if 0 <= place < len(rows):
            key, cells = rows[place]
            self.post_message(CopyText(cells[0] or key, "\n".join(self.story(state, key))))

    def action_read(self) -> None:
        """The keys go to the story."""
        self.query_one("#story").focus()

    @on(DataTable.RowSelected)
    @on(DataTable.CellSelected)
    def _selected(self) -> None:
        self.action_read()

    @on(DataTable.RowHighlighted)
    @on(DataTable.CellHighlighted)
    def _highlighted(self) -> None:
        state = getattr(self.app, "state", None)
        if isinstance(state, State):
            self.tell(state)


def _cell(text: str) -> Text:
    return Text(_shown(text))


def _shown(text: str) -> str:
    return without_secrets(one_line(text))
