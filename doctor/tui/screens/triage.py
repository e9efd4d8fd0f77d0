"""Triage: paste the error log of a client, and see which known problem it shows."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from doctor.model import Finding
from doctor.tui.lists import Choices, Entry
from doctor.tui.messages import OpenFinding, Triage
from doctor.tui.widgets import Line, Room

HINT = "Paste a log here. What it shows appears below; Tab goes there, Enter says more."


class TriageScreen(Room):
    """A place to paste into, over the findings of what was pasted."""

    TITLE_WORDS = "Paste a log"
    MAIN = "#findings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "clear", "Clear", id="clear", tooltip="Empty the log"),
    ]  # fmt: skip

    def __init__(self) -> None:
        """Starts empty."""
        super().__init__()
        self._found: tuple[Finding, ...] = ()
        self.wanted: Triage | None = None

    def body(self) -> ComposeResult:
        """Hint, log, findings."""
        yield Line(HINT, id="hint")
        yield TextArea(id="log", tab_behavior="focus", soft_wrap=False)
        yield Line("Nothing was pasted yet.", id="verdict")
        yield Choices(id="findings")

    def on_mount(self) -> None:
        """What is pasted goes into the log."""
        self.query_one("#log", TextArea).focus()

    @on(TextArea.Changed)
    def _changed(self, message: TextArea.Changed) -> None:
        self.wanted = Triage(message.text_area.text)
        self.post_message(self.wanted)

    def tell(self, found: tuple[Finding, ...], said: str) -> None:
        """Shows what a log came to."""
        self._found = found
        self.query_one("#verdict", Line).say(said)
        options = self.query_one("#findings", OptionList)
        options.clear_options()
        options.add_options([Option(Entry(_line(f), 9), id=str(n)) for n, f in enumerate(found)])
        options.highlighted = 0 if found else None

    def action_clear(self) -> None:
        """Starts again."""
        log = self.query_one("#log", TextArea)
        log.clear()
        log.focus()

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        place = int(message.option.id or 0)
        if place < len(self._found):  # another log may have been read since Enter
            self.post_message(OpenFinding(self._found[place]))


def _line(finding: Finding) -> str:
    place = finding.subject.replace("-", " ")
    return f"{finding.severity.value.upper():8} {place}: {finding.title}"
