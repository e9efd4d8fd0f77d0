"""Keep: the file of settings, what would change in it, and a question whose default is no."""

from textual.app import ComposeResult

from doctor.tui.question import Question
from doctor.tui.widgets import Line


class KeepScreen(Question):
    """The whole diff."""

    ASKS = "Write it? y writes it; Enter, n and Esc write nothing."

    def __init__(self, path: str, changes: tuple[str, ...]) -> None:
        """Asks about one file."""
        super().__init__()
        self._path = path
        self._changes = changes

    def shown(self) -> ComposeResult:
        """Which file, then line by line what goes and what comes."""
        yield Line("This file will be written, readable by you alone:", classes="strong")
        yield Line(self._path, classes="literal")
        yield Line("- goes   + comes", classes="paragraph")
        yield Line("\n".join(self._changes), classes="literal")
