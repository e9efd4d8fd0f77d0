"""Pieces that several rooms share."""

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from doctor.clean import clean, without_secrets
from doctor.tui.state import State


class Line(Static):
    """Text that is shown as it is: no markup, no control characters."""

    def __init__(
        self, text: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        """Shows `text`."""
        super().__init__(plain(text), id=id, classes=classes)
        self._said = text

    def say(self, text: str) -> None:
        """Shows another text; the same again costs nothing."""
        if text != self._said:
            self._said = text
            self.update(plain(text))


def plain(text: str) -> Content:
    """Text of any origin as content without markup, control characters and secrets."""
    return Content(without_secrets(clean(text)))


ROOMS = ("overview", "machine", "clients", "packages", "environments", "project")
"""In the order of their digits."""


class Room(Screen[None]):
    """A screen with a title line, a body and the footer, that draws itself from a state.

    `ROOM` is its name among ROOMS; pages over a room have `TITLE_WORDS` instead.
    """

    ROOM = ""
    TITLE_WORDS = ""

    def compose(self) -> ComposeResult:
        """Title, body, keys."""
        yield Line(id="title")
        yield Line(id="source")
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
        self.query_one("#title", Line).say(self._title())
        source = self.query_one("#source", Line)
        source.say(f"recorded, not this machine: {state.source}")
        source.display = state.report is not None and state.source != "this machine"

    def on_resize(self) -> None:
        """The title says as much as fits."""
        if self.is_mounted:
            self.query_one("#title", Line).say(self._title())

    def _title(self) -> str:
        if not self.ROOM:
            return f"envdoctor  {self.TITLE_WORDS}"
        words = [
            f"[{number} {name.title()}]" if name == self.ROOM else f"{number} {name.title()}"
            for number, name in enumerate(ROOMS, start=1)
        ]
        whole = f"envdoctor {' '.join(words)}"
        if len(whole) <= self.app.size.width - 2:
            return whole
        short = [word if word.startswith("[") else word.split()[0] for word in words]
        return f"envdoctor {' '.join(short)}"
