"""Help: the keys of the room that was shown, generated from its bindings, and the words."""

from collections.abc import Iterator, Mapping

from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.containers import VerticalScroll
from textual.dom import DOMNode

from doctor.terms import TERMS
from doctor.tui.widgets import Aligned, Line, Room

MOVING = "arrows, Page Up, Page Down, Home, End move; Tab goes to the next part of a room"


class HelpScreen(Room):
    """Every key with what it does, and the words that one meets."""

    TITLE_WORDS = "Help"

    def __init__(self, bindings: Mapping[str, ActiveBinding], app: DOMNode) -> None:
        """Shows these bindings; those of the `app` are good in every room."""
        super().__init__()
        self._keys = bindings
        self._app = app

    def body(self) -> ComposeResult:
        """Keys of the room, keys of all rooms, words."""
        here, everywhere = list(self._rows(everywhere=False)), list(self._rows(everywhere=True))
        with VerticalScroll(id="page"):
            yield Line("Keys here", classes="strong")
            yield Aligned(here)
            yield Line(MOVING)
            if everywhere:  # a question has none of them
                yield Line("Keys in every room", classes="heading")
                yield Aligned(everywhere)
            yield Line("Words (w says more)", classes="heading")
            yield Aligned([(term.word, term.short) for term in TERMS])

    def _rows(self, everywhere: bool) -> Iterator[tuple[str, str, str]]:
        """Key, name, what it does; a key that does nothing yet says so."""
        seen = set()
        for active in self._keys.values():
            binding = active.binding
            if not (binding.description and binding.tooltip) or binding.id in seen:
                continue  # a second key for the same
            seen.add(binding.id)
            if (active.node is self._app) == everywhere:
                key = self.app.get_key_display(binding)
                does = binding.tooltip if active.enabled else f"(not now) {binding.tooltip}"
                yield key, binding.description, does
