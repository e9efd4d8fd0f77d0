"""Help: the keys of the room that was shown, generated from its bindings."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll

from doctor.report import text, words
from doctor.tui.widgets import Line, Room


class HelpScreen(Room):
    """Every key with what it does, and the words that one meets."""

    TITLE_WORDS = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", "Back", id="back", tooltip="Back to the room"),
    ]

    def __init__(self, bindings: Mapping[str, ActiveBinding]) -> None:
        """Shows these bindings."""
        super().__init__()
        self._keys = bindings

    def body(self) -> ComposeResult:
        """Keys, then words."""
        rows = []
        for active in self._keys.values():
            binding = active.binding
            if binding.description and binding.tooltip:
                key = binding.key_display or binding.key
                rows.append((key, binding.description, binding.tooltip or ""))
        with VerticalScroll(id="page"):
            yield Line("Keys", classes="heading")
            yield Line("\n".join(text.table(rows)))
            yield Line("Words", classes="heading")
            yield Line("\n".join(text.table(list(words.MEANINGS.items()))))
