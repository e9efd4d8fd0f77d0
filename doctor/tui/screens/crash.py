"""Fault: what broke in envdoctor, whether it left anything, what to report and with what."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from doctor.tui.widgets import Line, Room

KEYS = """\
b  a bundle of what was recorded so far, to go with it:
   shown before it is written, without names and secrets
y  all of this as plain text, with every call, to copy
q  leave"""


class CrashScreen(Room):
    """One screen: what happened, what to report, what to press."""

    TITLE_WORDS = "Fault"

    def __init__(self, headline: str, left: str, report: str, shown: str) -> None:
        """`left` is what may have changed, `shown` what `report` asks to report."""
        super().__init__()
        self._words = headline, left, report, shown

    def body(self) -> ComposeResult:
        """In the order in which it matters."""
        headline, left, report, shown = self._words
        with VerticalScroll(id="page"):
            yield Line(f"{headline} {left}", classes="strong")
            yield Line(report, classes="paragraph")
            yield Line(shown, classes="paragraph")
            yield Line(KEYS, classes="paragraph")
            yield Line(id="verdict")

    def on_mount(self) -> None:
        """The text is what keys scroll."""
        self.query_one("#page").focus()

    def tell(self, said: str) -> None:
        """What came of a key, where it can be seen."""
        self.query_one("#verdict", Line).say(said)
        self.query_one("#page", VerticalScroll).scroll_end(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to go back to."""
        return False if action == "back" else super().check_action(action, parameters)
