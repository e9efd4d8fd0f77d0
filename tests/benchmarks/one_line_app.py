"""What the app's first frame is measured against: a header, one line, a footer."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static


class OneLine(App[None]):
    """The smallest app with the same frame."""

    def compose(self) -> ComposeResult:
        """Header, line, footer."""
        yield Header()
        yield Static("one line")
        yield Footer()


if __name__ == "__main__":
    OneLine().run()
