"""Command: a command or diff alone, to be selected and copied."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from doctor.tui.widgets import Line, Room


class CommandScreen(Room):
    """Nothing else stands on its lines, so that the terminal can select it."""

    TITLE_WORDS = "Copy"

    def __init__(self, text: str) -> None:
        """Shows `text` and offers it to the terminal."""
        super().__init__()
        self._text = text

    def body(self) -> ComposeResult:
        """A sentence, then the text."""
        yield Line(
            "It was sent to your terminal's clipboard; not every terminal takes that. If it does "
            "not paste, select it here:",
            id="hint",
        )
        with VerticalScroll(id="page"):
            yield Line(self._text)

    def on_mount(self) -> None:
        """Hands it to the terminal."""
        self.app.copy_to_clipboard(self._text)
