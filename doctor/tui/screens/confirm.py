"""Confirm: the literal steps of a remedy, and a question whose default is no."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from doctor.fix.steps import literal
from doctor.model import Remedy
from doctor.tui.keys import Keys
from doctor.tui.widgets import Line


class ConfirmScreen(ModalScreen[bool]):
    """Only `y` does it; Enter, Esc and n leave everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Do it", id="yes", tooltip="Do exactly what is shown"),
        Binding("n,enter,escape", "answer(False)", "No", key_display="n/Enter", id="no",
                tooltip="Change nothing"),
    ]  # fmt: skip

    def __init__(self, remedy: Remedy) -> None:
        """Asks about one remedy."""
        super().__init__()
        self._remedy = remedy

    def compose(self) -> ComposeResult:
        """What will be done, what that changes, how to undo it, the question."""
        remedy = self._remedy
        with VerticalScroll(id="page"):
            yield Line("This will be done:", classes="strong")
            for step in literal(remedy):
                yield Line(str(step), classes="literal")
            yield Line(f"Changes: {remedy.changes or remedy.cost.value}", classes="paragraph")
            yield Line("It needs the network." if remedy.network else "It needs no network.")
            yield Line(f"Undo: {remedy.undo}" if remedy.undo else "")
            yield Line("Do it? y does it; Enter, n and Esc change nothing.", classes="heading")
        yield Keys(id="keys")

    def action_answer(self, yes: bool) -> None:
        """Leaves with the answer."""
        self.dismiss(yes)
