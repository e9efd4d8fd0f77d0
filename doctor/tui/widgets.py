"""Pieces that several rooms share."""

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from doctor.clean import clean
from doctor.tui.state import State


class Line(Static):
    """Text that is shown as it is: no markup, no control characters."""

    def __init__(
        self, text: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        """Shows `text`."""
        super().__init__(plain(text), id=id, classes=classes)

    def say(self, text: str) -> None:
        """Shows another text."""
        self.update(plain(text))


def plain(text: str) -> Content:
    """Text of any origin as content without markup or control characters."""
    return Content(clean(text))


class Room(Screen[None]):
    """A screen with a title line, a body and the footer, that draws itself from a state."""

    TITLE_WORDS = ""

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        yield Line(id="title")
        yield from self.body()
        yield Footer(show_command_palette=False, compact=True)

    def body(self) -> ComposeResult:
        """What is between title and footer."""
        yield from ()

    def on_mount(self) -> None:
        """Draws what is known already."""
        self._redraw()

    def on_screen_resume(self) -> None:
        """Draws what became known while another room was shown."""
        self._redraw()

    def _redraw(self) -> None:
        state = getattr(self.app, "state", None)
        if isinstance(state, State):
            self.show(state)

    def show(self, state: State) -> None:
        """Draws a state."""
        self.query_one("#title", Line).say(f"envdoctor  {self.TITLE_WORDS}  {state.source}")
