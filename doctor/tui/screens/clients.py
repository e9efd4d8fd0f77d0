"""Clients: one row each, the story and the transcript beside or below."""

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable

from doctor.clean import clean, in_words
from doctor.model import Client, Transcript
from doctor.report import words
from doctor.tui.state import State
from doctor.tui.widgets import Line, Room

LEGEND = "predicted: by the rule for that version   reported: the client said so"
COLUMNS = ("client", "version", "predicted", "reported", "agrees", "CPU packages")


class ClientsScreen(Room):
    """What every installed client would report, reports, and installs."""

    TITLE_WORDS = "Clients"

    def body(self) -> ComposeResult:
        """Table and story."""
        with Container(id="split"):
            table: DataTable[object] = DataTable(id="table", cursor_type="row")
            yield table
            with VerticalScroll(id="story", can_focus=True):
                yield Line(id="words")
        yield Line(LEGEND, id="legend")

    def on_mount(self) -> None:
        """The columns are there before the first row."""
        table = self._table()
        for name in COLUMNS:
            table.add_column(name, key=name)
        table.focus()
        super().on_mount()

    def _table(self) -> "DataTable[object]":
        return self.query_one("#table", DataTable)

    def show(self, state: State) -> None:
        """Adds rows that are new and changes cells in place: nothing moves."""
        super().show(state)
        table = self._table()
        if not table.columns:
            return
        clients = state.clients or ()
        if [str(key.value) for key in table.rows] != [client.id for client in clients]:
            table.clear()
            for client in clients:
                table.add_row(*_cells(client), key=client.id)
        for client in clients:
            for name, cell in zip(COLUMNS, _cells(client), strict=True):
                table.update_cell(client.id, name, cell, update_width=True)
        if state.clients is not None:
            self._tell(state)

    def _tell(self, state: State) -> None:
        words = self.query_one("#words", Line)
        clients = {client.id: client for client in state.clients or ()}
        if not clients:
            words.say("No client was found on PATH or in the usual places.")
            return
        table = self._table()
        keys = [str(key.value) for key in table.rows]
        key = keys[table.cursor_row] if 0 <= table.cursor_row < len(keys) else next(iter(clients))
        if key in clients:
            words.say("\n".join(story(clients[key])))

    @on(DataTable.RowHighlighted)
    def _highlighted(self) -> None:
        state = getattr(self.app, "state", State())
        if state.clients is not None:
            self._tell(state)


def _cells(client: Client) -> list[Text]:
    return [Text(clean(cell)) for cell in row(client)]


def row(client: Client) -> tuple[str, ...]:
    """The cells of a client's row; what is not known yet says so."""
    prediction, answer = client.prediction, client.reported
    predicted = "unknown"
    if prediction is not None and "__archspec" not in prediction.unknown:
        predicted = "fails" if prediction.failure else prediction.archspec or "none"
    reported = "asking..."
    if answer is not None:
        reported = "unknown" if answer.virtual_packages is None else answer.archspec or "none"
    name = "rattler (own)" if client.ours else client.kind
    packages = words.packages_word(client)
    return (name, client.version or "unknown", predicted, reported, words.agrees(client), packages)


def story(client: Client) -> list[str]:
    """All about one client, in the order in which one asks."""
    lines = [client.path, f"  found: {client.found_by}{_hidden(client)}"]
    if client.ours:
        lines.append("  envdoctor's own solver, not one that you installed")
    prediction = client.prediction
    if prediction is not None:
        would = prediction.failure or " ".join(str(p) for p in prediction.packages) or "nothing"
        lines += [f"would report  {would}", f"  {prediction.era.says}"]
        if prediction.decided_by:
            lines.append(f"  decided by {prediction.decided_by}")
        lines += [f"  source: {prediction.era.source}", f"override      {prediction.era.override}"]
    answer = client.reported
    if answer is None:
        lines.append("reports       asking...")
    elif answer.virtual_packages is None:
        lines.append(f"reports       unknown: {answer.trouble}")
    else:
        lines.append(
            f"reports       {' '.join(str(p) for p in answer.virtual_packages) or 'nothing'}"
        )
    if client.parts:
        lines.append(
            "parts         " + ", ".join(f"{n} {v}" for n, v in sorted(client.parts.items()))
        )
    if answer is not None and answer.transcript is not None:
        lines += ["", *transcript(answer.transcript)]
    return lines


def _hidden(client: Client) -> str:
    return f", shadowed by {client.shadowed_by}" if client.shadowed_by else ""


def transcript(said: Transcript, limit: int = 200) -> list[str]:
    """A command with everything that it printed, at most `limit` lines of each stream."""
    status = "none" if said.exit_status is None else str(said.exit_status)
    argv = " ".join(in_words(word) for word in said.argv if word != "-c")
    lines = [f"$ {argv}", f"  exit status {status}, {said.seconds:.2f} s"]
    if said.trouble:
        lines.append(f"  {said.trouble}")
    for name, stream in (("", said.stdout), ("standard error: ", said.stderr)):
        printed = stream.strip("\n").splitlines()
        lines += [f"  {name}{line}" for line in printed[:limit]]
        if len(printed) > limit:
            lines.append(f"  ... {len(printed) - limit} more lines")
    return lines
