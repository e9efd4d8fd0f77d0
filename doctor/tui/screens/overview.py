"""Overview: one sentence, then the worst findings first, then the CPU and the clients."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from doctor.columns import shortened
from doctor.model import Finding, Severity
from doctor.muting import NOT_HERE
from doctor.report import text, words
from doctor.tui.lists import Choices, Entry
from doctor.tui.messages import MuteFinding, OpenFinding
from doctor.tui.state import State, is_here
from doctor.tui.widgets import USUAL, WIDE, Aligned, Line, Room

_TO_DO = (Severity.ERROR, Severity.WARNING)


class Findings(Choices):
    """The findings; Enter says why."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Why", id="why", tooltip="All about the finding under the cursor"
        ),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where there is no finding, Enter does nothing."""
        return action != "select" or self.highlighted is not None


class OverviewScreen(Room):
    """What is wrong, in one sentence, and what to press."""

    ROOM = "overview"
    MAIN = "#findings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "mute", "Mute", id="mute", show=False,
                tooltip="List the finding under the cursor last, count it for nothing; or again"),
    ]  # fmt: skip
    _rows: tuple[tuple[str, str], ...] | str = ()

    def body(self) -> ComposeResult:
        """Sentence, findings, CPU, clients; in wide terminals the chosen finding beside them."""
        yield Line(id="headline")
        with Container(id="split"):
            with Vertical(id="left"):
                yield Findings(id="findings")
                with VerticalScroll(id="rest"):
                    yield Line(id="cpu")
                    yield Aligned(id="clients")
                    yield Line(id="marks")
            with VerticalScroll(id="aside"):
                yield Line(id="words")

    def show(self, state: State) -> None:
        """Draws a state; the list keeps its cursor."""
        super().show(state)
        self.query_one("#headline", Line).say(self._sentence(state))
        self._show_findings(state)
        machine = state.machine
        cpu = words.cpu_line(machine) if machine else "CPU: reading..."
        self.query_one("#cpu", Line).say(cpu)
        self._show_clients(state)

    def _sentence(self, state: State) -> str:
        """What is wrong, or that all is well, and what to press, in at most five lines."""
        said = shortened(state.headline, 3 * self.app.size.width)
        worst = next(iter(state.report.counted), None) if state.report else None
        if worst is not None and worst.severity in _TO_DO:
            return f"{said} Press g: what to do about it, step by step."
        if is_here(state) and all(client.ours for client in state.clients or ()):
            return f"{said} Once one is installed, press r: it is looked for again."
        if worst is not None and worst.severity is Severity.UNKNOWN:
            return f"{said} Press Enter: all about it."
        return said

    def _show_clients(self, state: State) -> None:
        """Narrow terminals lack room for "as predicted": the room of clients has it."""
        rows = text.client_rows(state.clients or (), state.asked)
        if self.app.size.width < USUAL:
            rows = [(row[0].replace("envdoctor's", "own"), *row[1:3], row[4]) for row in rows]
        self.query_one("#clients", Aligned).lay(rows if state.clients is not None else ())
        self.query_one("#marks", Line).say(words.LEGEND if state.clients is not None else "")

    def _show_findings(self, state: State) -> None:
        options = self.query_one("#findings", Findings)
        lines = words.listed(state.findings, state.clients or (), state.report)
        rows = tuple(zip((f.id for f in state.findings), lines, strict=True))
        said = "No findings." if state.report else "Findings appear here."
        if (rows or said) == self._rows:
            return
        here, self._rows = options.chosen, rows or said
        options.clear_options()
        if rows:
            options.add_options([Option(Entry(row, 9), id=id) for id, row in rows])
            ids = [id for id, _ in rows]
            options.highlighted = ids.index(here) if here in ids else 0
        else:
            options.add_option(Option(Entry(said), disabled=True))
        if not options.has_focus and self.focused is None:
            options.focus()

    @on(OptionList.OptionHighlighted)
    def _beside(self) -> None:
        """Wide terminals show the chosen finding beside the list."""
        chosen = self._chosen()
        if chosen is not None and self.app.size.width >= WIDE:
            state = words.state(chosen, getattr(self.app, "state", State()).report)
            self.query_one("#words", Line).say("\n".join(text.plain_finding(chosen, state)).strip())
            self.query_one("#aside").scroll_home(animate=False)

    def _chosen(self) -> Finding | None:
        state = getattr(self.app, "state", State())
        place = self.query_one("#findings", Findings).highlighted
        known = place is not None and place < len(state.findings)
        return state.findings[place] if known and place is not None else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was found on this machine can be muted."""
        if action == "mute" and self.why_not(action):
            return None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Why it cannot be muted."""
        state = getattr(self.app, "state", State())
        if action != "mute" or is_here(state):
            return ""
        return NOT_HERE if state.report else "Not yet: the machine is still being examined."

    def action_mute(self) -> None:
        """Mutes the finding under the cursor, or hears it again."""
        chosen = self._chosen()
        if chosen is not None:
            self.post_message(MuteFinding(chosen.id))

    def on_resize(self) -> None:
        """A terminal that became wide shows more."""
        super().on_resize()
        state = getattr(self.app, "state", None)
        if isinstance(state, State) and self.is_mounted:
            self._beside()
            self._show_clients(state)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        state = getattr(self.app, "state", State())
        found = next((f for f in state.findings if f.id == message.option.id), None)
        if found is not None:
            self.post_message(OpenFinding(found))
