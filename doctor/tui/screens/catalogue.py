"""The catalogue: all known problems by group, whether or not this machine has them."""

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from doctor.model import Page
from doctor.report import catalogue
from doctor.tui.lists import Choices, Entry
from doctor.tui.messages import OpenPage
from doctor.tui.searching import matches
from doctor.tui.widgets import Line, Room


class Problems(Choices):
    """The problems; Enter opens a page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Page", id="open", tooltip="All about the problem under the cursor"
        ),
    ]


class CatalogueScreen(Room):
    """What users say, under what it is about; the cause of the one under the cursor below."""

    TITLE_WORDS = "Known problems"
    MAIN = "#problems"
    HINT = "part of a problem, its cause, a remedy, a source; Esc shows all"

    def __init__(self, pages: tuple[Page, ...]) -> None:
        """Shows these pages, which come group by group."""
        super().__init__()
        self._pages = {page.id: page for page in pages}

    def body(self) -> ComposeResult:
        """Problems, the cause of one, in wide terminals its whole page."""
        with Container(id="split"):
            with Vertical(id="left"):
                yield Problems(id="problems")
                yield Line(id="problems-cause")
            with VerticalScroll(id="aside"):
                yield Line(id="words")

    def on_mount(self) -> None:
        """All of them, until something is looked for."""
        self._fill("")
        self.main().focus()

    def _fill(self, wanted: str) -> int:
        problems = self.query_one("#problems", Problems)
        problems.clear_options()
        problems.add_options(_options(self._pages, wanted))
        if problems.option_count:
            problems.highlighted = 1
        else:
            self.query_one("#problems-cause", Line).say(f"No known problem has {wanted!r} in it.")
        return sum(1 for option in problems.options if not option.disabled)

    def find(self, wanted: str, again: bool) -> str:
        """Leaves the problems that are looked for; Enter goes to them."""
        found = self._fill(wanted)
        return self.remaining(found, wanted, again)

    @on(OptionList.OptionHighlighted)
    def _explain(self, message: OptionList.OptionHighlighted) -> None:
        page = self._pages.get(message.option.id or "")
        if page is not None and message.option_list.option_count:
            self.query_one("#problems-cause", Line).say(page.cause)
            self.query_one("#words", Line).say("\n".join(catalogue.whole((page,))).strip())
            self.query_one("#aside").scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.post_message(OpenPage(message.option.id or ""))


def _options(pages: dict[str, Page], wanted: str) -> Iterator[Option]:
    """Those that hold what is wanted, each group under its heading, which cannot be chosen."""
    found = [page for page in pages.values() if matches(wanted, _text(page))]
    for group, members in groupby(found, key=lambda page: page.group):
        yield Option(Entry(catalogue.heading(group)), disabled=True)
        yield from (Option(Entry(f"  {page.symptom}", 2), id=page.id) for page in members)


def _text(page: Page) -> str:
    return "\n".join(catalogue.whole((page,)))
