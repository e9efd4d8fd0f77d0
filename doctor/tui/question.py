"""A question whose default is no, under what the answer would do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from doctor.tui.keys import Keys
from doctor.tui.widgets import Line


class Question(ModalScreen[bool]):
    """Only `y` does it; Enter, Esc and n leave everything as it is."""

    ASKS = "Do it? y does it; Enter, n and Esc change nothing."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Do it", id="yes", tooltip="Do exactly what is shown"),
        Binding("n,enter,escape", "answer(False)", "No", key_display="n/Enter", id="no",
                tooltip="Change nothing"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?", id="help",
                tooltip="The keys of this question"),
        Binding("q,ctrl+q", "app.quit", "Quit", key_display="q", id="quit",
                tooltip="Leave envdoctor, changing nothing"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """What would be done, then the question."""
        with VerticalScroll(id="page"):
            yield from self.shown()
            yield Line(self.ASKS, classes="heading")
        yield Keys(id="keys")

    def shown(self) -> ComposeResult:
        """All that one has to know before answering."""
        yield from ()

    def action_answer(self, yes: bool) -> None:
        """Leaves with the answer."""
        self.dismiss(yes)
