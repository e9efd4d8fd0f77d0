"""A page of the catalogue: one known problem, whether or not this machine has it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from doctor.model import Page
from doctor.report import catalogue
from doctor.tui.messages import CopyText
from doctor.tui.widgets import Line, Room


class PageScreen(Room):
    """Symptom, cause, how it is told, what to do, sources."""

    TITLE_WORDS = "Known problem"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="copy", tooltip="All of it as plain text, to copy"),
    ]

    def __init__(self, page: Page) -> None:
        """Shows `page`."""
        super().__init__()
        self.page = page

    def body(self) -> ComposeResult:
        """The page in the order in which it is read."""
        page = self.page
        with VerticalScroll(id="page"):
            yield Line(page.symptom, classes="strong")
            yield Line(f"{page.id}  {catalogue.heading(page.group)}", classes="quiet")
            yield Line("Why", classes="heading")
            yield Line(page.cause)
            yield Line("How it is told", classes="heading")
            yield Line(page.detected)
            yield Line("What to do, safest first", classes="heading")
            for number, remedy in enumerate(page.remedies, start=1):
                yield Line(f"{number}. {remedy}")
            yield Line("Sources", classes="heading")
            yield Line("\n".join(page.sources))

    def action_copy(self) -> None:
        """The page as the command line prints it."""
        self.post_message(CopyText("this problem", "\n".join(catalogue.whole((self.page,)))))
