"""Confirm: the literal steps of a remedy, and a question whose default is no."""

from textual.app import ComposeResult

from doctor.fix.steps import literal
from doctor.model import Remedy
from doctor.tui.question import Question
from doctor.tui.widgets import Line


class ConfirmScreen(Question):
    """What will be done, what that changes, how to undo it."""

    def __init__(self, remedy: Remedy) -> None:
        """Asks about one remedy."""
        super().__init__()
        self._remedy = remedy

    def shown(self) -> ComposeResult:
        """The steps as they are carried out."""
        remedy = self._remedy
        yield Line("This will be done:", classes="strong")
        for step in literal(remedy):
            yield Line(str(step), classes="literal")
        yield Line(f"Changes: {remedy.changes or remedy.cost.value}", classes="paragraph")
        yield Line("It needs the network." if remedy.network else "It needs no network.")
        yield Line(f"Undo: {remedy.undo}" if remedy.undo else "")
