"""Compare: this machine beside others from files; first the level that all of them share."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from doctor.model import Comparison, Difference
from doctor.report import comparison as text
from doctor.tui.messages import CompareFiles
from doctor.tui.screens.table import Row, TableRoom
from doctor.tui.state import State
from doctor.tui.widgets import WIDE, Line

HINT = "Which files? Bundles, recordings, reports of `check --json`, or a folder of them."

_LISTED = 200
"""How many machines of a group are named one by one."""

_TITLE, _CELL, _LINE = 32, 17, 200
"""Widths of the table's cells, so that two machines fit side by side; the story says it all."""


class CompareScreen(TableRoom):
    """A line to type names of files into, over what differs; the groups of a row beside it."""

    TITLE_WORDS = "Compare with other machines"
    LEGEND = "only what differs; Enter lists the machines of the row under the cursor"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "ask", "Files", id="ask", tooltip="Compare with other files"),
    ]  # fmt: skip

    def __init__(self) -> None:
        """Nothing is compared yet."""
        super().__init__()
        self._comparison: Comparison | None = None
        self.wanted: CompareFiles | None = None

    def above(self) -> ComposeResult:
        """The line for names, and the sentence."""
        yield Input(placeholder="names of files or folders, with blanks between them", id="ask")
        with VerticalScroll(id="said"):
            yield Line(HINT, id="verdict")

    def on_mount(self) -> None:
        """The keys go to the line, once the table has taken them as in every such room."""
        self.call_later(self.action_ask)

    def action_ask(self) -> None:
        """Asks for names."""
        self.query_one("#ask", Input).focus()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if message.value.strip():
            self.query_one("#verdict", Line).say("Reading...")
            self.wanted = CompareFiles(message.value)
            self.post_message(self.wanted)

    def complain(self, said: str) -> None:
        """Says why that could not be compared; what was compared before stays."""
        self.query_one("#verdict", Line).say(said)

    def tell_of(self, comparison: Comparison, state: State) -> None:
        """Shows a comparison."""
        self._comparison = comparison
        said = [*text.sentences(comparison), text.counts(comparison)]
        self.query_one("#verdict", Line).say("\n".join(said))
        self.forget()
        self.show(state)
        if comparison.differences:
            self.table().focus()

    def columns(self, state: State) -> tuple[str, ...]:
        """What differs, then each kind of machines, or how many groups there are."""
        comparison = self._comparison
        if comparison is None or not comparison.differences:
            return ("",)
        beside = self._side_by_side(comparison)
        return ("", *(text.heads(comparison) if beside else ("where",)))

    def _side_by_side(self, comparison: Comparison) -> bool:
        """Whether a column for each kind of machine fits."""
        width = self.app.size.width * (0.55 if self.app.size.width >= WIDE else 1.0)
        kinds = len(comparison.kinds)
        return kinds <= text.SIDES and _TITLE + kinds * (_CELL + 2) <= width

    def rows(self, state: State) -> list[Row] | None:
        """One row per difference."""
        comparison = self._comparison
        rows = comparison.differences if comparison else ()
        return [(str(n), self._cells(comparison, row)) for n, row in enumerate(rows) if comparison]

    def _cells(self, comparison: Comparison, row: Difference) -> tuple[str, ...]:
        if not self._side_by_side(comparison):
            return (_cut(text.title(row), _TITLE), _cut(text.by_value(row), _LINE))
        said = (_cut(cell, _CELL) for cell in text.cells(comparison, row))
        return (_cut(text.title(row), _TITLE), *said)

    def story(self, state: State, key: str) -> list[str]:
        """Every value of a row, with the machines that have it."""
        comparison = self._comparison
        assert comparison is not None
        row = comparison.differences[int(key)]
        lines = [text.title(row)]
        for group in row.groups:
            members = text.members(comparison, row, group, _LISTED)
            lines += ["", text.value(group), f"  {members}"]
        if "hidden-" in row.title:
            lines += ["", text.STAND_INS]
        return lines

    def leave(self) -> None:
        """From the story or the line to the table, from the table back to the room."""
        if self.focused is self.table() or not self.table().row_count:
            self.app.pop_screen()
        else:
            self.table().focus()


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else f"{words[: width - 3]}..."
