"""A room with a table, the story of the row under the cursor, and a legend."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable

from doctor.tui.messages import CopyText
from doctor.tui.rows import Rows, cell
from doctor.tui.searching import matches
from doctor.tui.state import State
from doctor.tui.widgets import USUAL, Line, Room

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
    SPARE: ClassVar[frozenset[str]] = frozenset()
    """Columns that narrow terminals have no room for; the story says them too."""
    _told: tuple[int, int] = (-1, -1)
    _seen: State | None = None
    _all: list[Row] | None = None
    _texts: list[str]
    _shown_rows: list[Row] | None = None
    _drawn: tuple[tuple[str, ...], list[Row]] = ((), [])

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
        if state is not self._seen:  # a thousand rows are made once, not at every letter
            self._seen, self._all = state, self.rows(state)
            self._texts = [" ".join((key, *cells)) for key, cells in self._all or ()]
        self._shown_rows = rows = self._matching(self._all)
        self._draw(state, rows or [])
        self.tell(state)

    def forget(self) -> None:
        """Rows are made again: something else than the state has changed."""
        self._seen = None

    def _draw(self, state: State, rows: list[Row]) -> None:
        names = self.columns(state)
        places = [n for n, name in enumerate(names) if not (self._narrow and name in self.SPARE)]
        columns = tuple(names[n] for n in places)
        wanted = [(key, tuple(cells[n] for n in places)) for key, cells in rows]
        known, drawn = self._drawn
        if columns != known or [key for key, _ in wanted] != [key for key, _ in drawn]:
            self._fill(columns, wanted, places)
        elif wanted != drawn:
            self._update(columns, wanted, drawn)
        self._drawn = (columns, wanted)

    def _fill(self, columns: tuple[str, ...], rows: list[Row], places: list[int]) -> None:
        """Draws all rows; the cursor stays on its row if that is still there."""
        table = self.table()
        drawn, place = self._drawn[1], table.cursor_row
        kept = drawn[place][0] if 0 <= place < len(drawn) else ""  # below 0 where a key met no row
        if columns != self._drawn[0]:
            table.name_columns(columns, [self.least(name) for name in columns])
        table.widen([tuple(cells[n] for n in places) for _, cells in self._all or ()])
        table.clear()
        for key, cells in rows:
            table.add_row(*map(cell, cells), key=key)
        found = next((n for n, (key, _) in enumerate(rows) if key == kept), 0)
        if found:
            table.move_cursor(row=found)
        if bool(rows) != bool(drawn):  # keys for a row come and go with them
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is no row of cannot be copied."""
        if action == "copy" and not self._shown_rows:
            return False
        return super().check_action(action, parameters)

    def _update(self, columns: tuple[str, ...], rows: list[Row], drawn: list[Row]) -> None:
        table = self.table()
        for (key, cells), (_, before) in zip(rows, drawn, strict=True):
            for name, text, old in zip(columns, cells, before, strict=True):
                if text != old:
                    table.change(key, name, text)

    @property
    def _narrow(self) -> bool:
        return self.app.size.width < USUAL

    def on_resize(self) -> None:
        """Columns come and go with the room that there is."""
        super().on_resize()
        if self.is_mounted:
            self.forget()
            self._redraw()

    def _matching(self, rows: list[Row] | None) -> list[Row] | None:
        """Those rows that are looked for, all where nothing is."""
        wanted = self.finder.text
        if rows is None or not wanted.strip():
            return rows
        return [row for row, text in zip(rows, self._texts, strict=True) if matches(wanted, text)]

    def find(self, wanted: str, again: bool) -> str:
        """Leaves the rows that are looked for; Enter goes to them."""
        self._redraw()
        rows = self._shown_rows
        said = self.remaining(len(rows or ()), wanted, again)
        return said if rows is not None else ""

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
                story = self.query_one("#story")
                if story.scroll_y:  # being there already costs a frame
                    story.scroll_home(animate=False)

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
