"""Words: what people meet on these screens, and the names that one level has elsewhere."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from doctor import naming
from doctor.model import Machine
from doctor.terms import TERMS
from doctor.tui.widgets import Aligned, Line, Room


class WordsScreen(Room):
    """Every term with what one has to know about it; the table of names."""

    TITLE_WORDS = "Words"

    def __init__(self, machine: Machine | None) -> None:
        """Shows this machine's own name too."""
        super().__init__()
        self._machine = machine

    def body(self) -> ComposeResult:
        """Names first, since that is what most people mix up."""
        with VerticalScroll(id="page"):
            yield Line("One level, three spellings", classes="strong")
            yield Aligned(list(naming.table(self._machine)))
            yield Line(naming.ONLY_FIRST)
            for term in TERMS:
                yield Line(term.word, classes="heading")
                yield Line(f"{term.short[0].upper()}{term.short[1:]}.\n{term.long}")
