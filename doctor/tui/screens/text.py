"""Text: all of one file, as it would be written."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from doctor.clean import clean, without_secrets
from doctor.tui.messages import CopyText
from doctor.tui.widgets import Line, Room

MAX_SHOWN = 200_000
"""Characters that are laid out; more of them no one reads on a screen."""


class TextScreen(Room):
    """A title and a text, scrollable; long lines wrap."""

    TITLE_WORDS = "Text"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="copy", tooltip="All of this text, to copy"),
    ]

    def __init__(self, title: str, text: str) -> None:
        """Shows `text`."""
        super().__init__()
        self._heading = title
        self._whole = text

    def body(self) -> ComposeResult:
        """What it is, then all of it."""
        yield Line(self._heading, id="hint")
        with VerticalScroll(id="page"):
            shown = without_secrets(clean(self._whole))  # half a secret would not be known for one
            yield Line(shown[:MAX_SHOWN])
            if len(shown) > MAX_SHOWN:
                yield Line(f"({len(shown) - MAX_SHOWN} more characters are in the file)")

    def on_mount(self) -> None:
        """The text is what keys scroll."""
        self.query_one("#page").focus()

    def action_copy(self) -> None:
        """All of it, also what is not laid out."""
        self.post_message(CopyText(self._heading, self._whole))
