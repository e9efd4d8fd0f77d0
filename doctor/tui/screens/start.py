"""Start: where a guide can begin."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.model import Finding
from doctor.remedies import commands
from doctor.report import words
from doctor.requirements import NotARequirement, parse
from doctor.tui.lists import Choices, Entry
from doctor.tui.messages import GuideFinding, GuideRequirement
from doctor.tui.state import State
from doctor.tui.widgets import Line, Room

LOG = "I have an error message: paste it"
DIFFER = "It installs with one client, and with another it does not"
TYPE = "I want a package that is refused: type it"


class StartScreen(Room):
    """A finding, a log, a requirement, or two clients that differ."""

    TITLE_WORDS = "Guide: where to start"
    MAIN = "#options"
    _found: tuple[Finding, ...] = ()
    _known: tuple[str, ...] | None = None

    def body(self) -> ComposeResult:
        """The places to start, and a line to type into."""
        yield Line("What is wrong? Enter takes you through it, step by step.", id="problem")
        yield Choices(id="options")
        yield Line(id="complaint")
        yield Input(placeholder="a requirement, such as graph-tool or demo-fast", id="ask")

    def on_mount(self) -> None:
        """The list is what keys go to; the line is hidden until it is wanted."""
        self.query_one("#ask", Input).display = False
        self.query_one("#complaint", Line).display = False
        self.query_one("#options", OptionList).focus()

    def show(self, state: State) -> None:
        """The findings that something can be done about, then the other places to start."""
        super().show(state)
        found = tuple(f for f in state.findings if f.remedies)
        lines = words.listed(found, state.clients or (), state.report)
        self._found = found
        if lines == self._known:
            return
        self._known = lines
        options = self.query_one("#options", OptionList)
        options.clear_options()
        rows = [Option(Entry(line, 9), id=f"finding-{n}") for n, line in enumerate(lines)]
        others = [Option(DIFFER, id="differ"), Option(TYPE, id="type"), Option(LOG, id="log")]
        options.add_options([*rows, *others])
        options.highlighted = 0

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        """Enter may come twice: the first has left this page then."""
        message.stop()
        if not self.is_active:
            return
        chosen = message.option.id or ""
        if chosen == "log":
            self.app.pop_screen()
            self.app.call_later(self.app.run_action, "triage")
        elif chosen in ("differ", "type"):
            self._ask(commands.EXAMPLE if chosen == "differ" else "")
        else:
            place = int(chosen.removeprefix("finding-"))
            if place < len(self._found):  # the machine may have been examined anew since Enter
                self.app.pop_screen()
                self.app.post_message(GuideFinding(self._found[place]))

    def _ask(self, text: str) -> None:
        question = self.query_one("#ask", Input)
        question.value = text
        question.display = True
        question.focus()
        self._complain("Which package? Enter lets every client try it in a scratch folder.")

    def _complain(self, text: str) -> None:
        complaint = self.query_one("#complaint", Line)
        complaint.say(text)
        complaint.display = True

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        try:
            wanted = parse(message.value.strip()).plain
        except NotARequirement as error:
            self._complain(f"{message.value.strip()!r} is not a requirement: {error}")
            return
        self._complain(f"Every client tries {wanted}...")
        self.app.post_message(GuideRequirement(wanted))

    def leave(self) -> None:
        """From the line back to the list, from the list back to the room."""
        question = self.query_one("#ask", Input)
        if not question.display:
            self.app.pop_screen()
            return
        question.display = False
        self.query_one("#complaint", Line).display = False
        self.query_one("#options", OptionList).focus()
