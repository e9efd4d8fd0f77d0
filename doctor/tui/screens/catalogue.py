"""The catalogue: all known problems by group, whether or not this machine has them."""

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.model import Page
from doctor.report import catalogue
from doctor.tui.messages import OpenPage
from doctor.tui.widgets import Line, Room, plain


class Problems(OptionList):
    """The problems; Enter opens a page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "select", "Page", id="open", tooltip="All about the problem under the cursor"
        ),
    ]


class CatalogueScreen(Room):
    """What users say, under what it is about; the cause of the one under the cursor below."""

    TITLE_WORDS = "Known problems"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Find", key_display="/", id="search",
                tooltip="Search the pages of all problems"),
        Binding("escape", "back", "Back", id="back", tooltip="Show all again, then back"),
        Binding("f1", "typing('help')", "Help", id="typing_help",
                tooltip="Keys of this page, while typing"),
        Binding("ctrl+q", "typing('quit')", "Quit", key_display="^q", id="typing_quit",
                priority=True, tooltip="Leave, while typing"),
    ]  # fmt: skip

    def __init__(self, pages: tuple[Page, ...]) -> None:
        """Shows these pages, which come group by group."""
        super().__init__()
        self._pages = {page.id: page for page in pages}

    def body(self) -> ComposeResult:
        """Search, problems, the cause of one."""
        yield Input(placeholder="part of a problem, its cause, a remedy, a source", id="search")
        yield Problems(id="problems")
        yield Line(id="problems-cause")

    def on_mount(self) -> None:
        """The search line waits until it is asked for."""
        self.query_one("#search").display = False
        self._fill("")
        self.query_one("#problems").focus()
        super().on_mount()

    def _fill(self, wanted: str) -> None:
        problems = self.query_one("#problems", OptionList)
        problems.clear_options()
        problems.add_options(_options(self._pages, wanted.lower()))
        if problems.option_count:
            problems.highlighted = 1
        else:
            self.query_one("#problems-cause", Line).say(f"No known problem has {wanted!r} in it.")

    @on(OptionList.OptionHighlighted)
    def _explain(self, message: OptionList.OptionHighlighted) -> None:
        page = self._pages.get(message.option.id or "")
        if page is not None and message.option_list.option_count:
            self.query_one("#problems-cause", Line).say(page.cause)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.post_message(OpenPage(message.option.id or ""))

    def action_search(self) -> None:
        """Opens the search line."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def action_back(self) -> None:
        """Closes the search line and shows everything again, or else leaves."""
        search = self.query_one("#search", Input)
        if not search.display:
            self.app.pop_screen()
            return
        search.value = ""
        search.display = False
        self.query_one("#problems").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`?` and `q` are letters in the search line: two other keys stand in for them there."""
        return action != "typing" or isinstance(self.focused, Input)

    async def action_typing(self, what: str) -> None:
        """Help or quit."""
        await self.app.run_action(what)

    @on(Input.Changed)
    def _search(self, message: Input.Changed) -> None:
        self._fill(message.value)

    @on(Input.Submitted)
    def _to_results(self) -> None:
        self.query_one("#problems").focus()


def _options(pages: dict[str, Page], wanted: str) -> Iterator[Option]:
    """Those that hold what is wanted, each group under its heading, which cannot be chosen."""
    found = [page for page in pages.values() if wanted in _text(page)]
    for group, members in groupby(found, key=lambda page: page.group):
        yield Option(plain(catalogue.heading(group)), disabled=True)
        yield from (Option(plain(f"  {page.symptom}"), id=page.id) for page in members)


def _text(page: Page) -> str:
    return "\n".join(catalogue.whole((page,))).lower()
