"""A question whose default is no, under what the answer would do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message_pump import MessagePump
from textual.screen import ModalScreen

from doctor.tui.keys import Keys
from doctor.tui.widgets import Line


class Question(ModalScreen[bool]):
    """Only `y` does it, once the question can be read; Enter, Esc and n leave all as it is."""

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

    _hears = False

    def compose(self) -> ComposeResult:
        """What would be done, then the question."""
        with VerticalScroll(id="page"):
            yield from self.shown()
            yield Line(self.ASKS, classes="heading")
        yield Keys(id="keys")

    def shown(self) -> ComposeResult:
        """All that one has to know before answering."""
        yield from ()

    def on_screen_resume(self) -> None:
        """It is drawn next. Keys of before still travel: to what has the focus, back to the app.

        (Textualize/textual v8.2.8, app.py, `on_event` and `_on_key`.)
        """
        self._follow(self.app, self, self.query_one("#page"), self, self.app)

    def _follow(self, *way: MessagePump) -> None:
        """Hears a yes once all that was under way on that way has arrived."""
        if way:
            way[0].call_later(self._follow, *way[1:])
        else:
            self._hears = True

    def action_answer(self, yes: bool) -> None:
        """Leaves with the answer; a yes that was typed ahead answers nothing."""
        if self._hears or not yes:
            self.dismiss(yes)
