"""Packages: requirements by client, tried in dry runs, and why each ends as it does."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from doctor.report import matrix
from doctor.requirements import NotARequirement, parse
from doctor.tui.messages import Explain
from doctor.tui.screens.table import Row, TableRoom
from doctor.tui.state import State
from doctor.tui.widgets import Line
from doctor.why import why

SHAPES = {
    "_x86_64-microarch-level": "any level",
    "_x86_64-microarch-level>=3": "level 3 or more",
    "_x86_64-microarch-level=1": "exactly level 1",
    "_x86_64-microarch-level=3=2_zen2": "build for zen2",
    "demo-opt": "optional speed-up",
}
"""The shapes in which real packages and files ask for levels: graph-tool and faiss the second."""


class PackagesScreen(TableRoom):
    """What each client does with each requirement; any requirement can be added."""

    ROOM = "packages"
    LEGEND = matrix.LEGEND
    EMPTY = "No client was found that could be tried."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "ask", "Ask", id="ask", tooltip="Type a requirement and try it"),
    ]

    def above(self) -> ComposeResult:
        """A line to type a requirement into."""
        question = Input(placeholder="a: type a requirement, such as faiss or demo-fast", id="ask")
        question.can_focus = False
        yield question
        complaint = Line(id="complaint")
        complaint.display = False
        yield complaint

    def on_mount(self) -> None:
        """Asks for the usual shapes when the room is first shown."""
        self.table().cursor_type = "cell"
        self.table().fixed_columns = 1  # which requirement it is, beside the fortieth client too
        self.post_message(Explain(tuple(SHAPES)))

    def columns(self, state: State) -> tuple[str, ...]:
        """A column per client."""
        clients = state.clients or ()
        titles = [client.title for client in clients]
        heads = (c.title if titles.count(c.title) == 1 else f"{c.title} {c.id}" for c in clients)
        return ("requirement", *heads)

    def rows(self, state: State) -> list[Row] | None:
        """A row per requirement, with `asking...` until the solvers have answered."""
        if state.clients is None:
            return None
        known = {c.id: c for c in state.explained.clients} if state.explained else {}
        rows: list[Row] = []
        for wanted in state.requirements:
            done = wanted in state.tried
            cells = (
                matrix.cell(known[client.id], wanted)
                if done and client.id in known
                else "trying..."
                for client in state.clients
            )
            rows.append((wanted, (SHAPES.get(wanted, wanted), *cells)))
        return rows

    def story(self, state: State, key: str) -> list[str]:
        """Why the client of the cell under the cursor takes or refuses it."""
        if key not in state.tried or state.explained is None:
            return [key, "", "Each client's solver is trying it in a scratch folder..."]
        column = max(self.table().cursor_column - 1, 0)
        clients = state.explained.clients
        if column >= len(clients):
            return [key]
        client = clients[column]
        return [f"{key} with {client.title}", "", *why(client, key)]

    def guided(self) -> str | None:
        """The requirement under the cursor, which `g` leads on to."""
        rows, place = self._shown_rows or [], self.table().cursor_row
        return rows[place][0] if 0 <= place < len(rows) else None

    def action_ask(self) -> None:
        """Opens the line to type into."""
        question = self.query_one("#ask", Input)
        question.can_focus = True
        question.focus()

    def leave(self) -> None:
        """Back to the table."""
        question = self.query_one("#ask", Input)
        question.value = ""
        question.can_focus = False
        self.query_one("#complaint", Line).display = False
        self.table().focus()

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        wanted = message.value.strip()
        try:
            wanted = parse(wanted).plain
        except NotARequirement as error:
            complaint = self.query_one("#complaint", Line)
            complaint.say(f"{wanted!r} is not a requirement: {error}")
            complaint.display = True
            return
        self.leave()
        self.post_message(Explain((wanted,)))
