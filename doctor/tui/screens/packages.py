"""Packages: requirements by client, tried in dry runs, and why each ends as it does."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from doctor.report import matrix, words
from doctor.requirements import NotARequirement, parse
from doctor.tui.messages import Explain
from doctor.tui.screens.table import Row, TableRoom
from doctor.tui.state import State
from doctor.tui.widgets import Line
from doctor.why import why


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
        self.post_message(Explain(tuple(matrix.SHAPES)))

    def columns(self, state: State) -> tuple[str, ...]:
        """A column per client."""
        clients = state.clients or ()
        titles = [client.title for client in clients]
        heads = (c.title if titles.count(c.title) == 1 else f"{c.title} {c.id}" for c in clients)
        return ("requirement", *heads)

    def least(self, name: str) -> int:
        """What a solver does with the examples is no wider."""
        return 0 if name == "requirement" else len("1.0, level 4 *")

    def rows(self, state: State) -> list[Row] | None:
        """A row per requirement, with `asking...` until the solvers have answered."""
        if state.clients is None:
            return None
        known = {c.id: c for c in state.explained.clients} if state.explained else {}
        rows: list[Row] = []
        for wanted in state.requirements:
            cells = (
                matrix.cell(known[client.id], wanted)
                if wanted in state.attempted.get(client.id, ())
                else _waiting(state, client.id, wanted) or "trying..."
                for client in state.clients
            )
            rows.append((wanted, (matrix.SHAPES.get(wanted, wanted), *cells)))
        return rows

    def story(self, state: State, key: str) -> list[str]:
        """Why the client of the cell under the cursor takes or refuses it."""
        column = max(self.table().cursor_column - 1, 0)
        clients = state.clients or ()
        if column >= len(clients):
            return [key, "", self.EMPTY]
        client = clients[column]
        title = f"{key} with {client.title}"
        if state.explained is None or key not in state.attempted.get(client.id, ()):
            since = f"trying... {_waiting(state, client.id, key)}".rstrip()
            return [title, "", since, "Its solver tries it in a scratch folder."]
        tried = next(row for row in state.explained.clients if row.id == client.id)
        return [title, "", *why(tried, key)]

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


def _waiting(state: State, client: str, wanted: str) -> str:
    """Since when a client tries that, empty where it has just begun or not yet."""
    tries = wanted in state.round.get(client, ())
    return words.elapsed(state.explaining, state.now) if tries else ""
