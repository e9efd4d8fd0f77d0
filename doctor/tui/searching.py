"""Searching a room: one line at its foot, and what was found there."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Input, Static

from doctor.tui.hanging import Hanging


def matches(wanted: str, text: str) -> bool:
    """Whether a text holds every word that is looked for, in any case."""
    low = text.casefold()
    return all(word in low for word in wanted.casefold().split())


class Finder(Horizontal):
    """The line to type into, and a count; hidden until it is asked for."""

    @dataclass
    class Wanted(Message):
        """Something was typed, or with `again` Enter was pressed."""

        text: str
        again: bool

    def compose(self) -> ComposeResult:
        """A word, the line, a count."""
        yield Static("Find:", id="find-word")
        yield Input(id="find", select_on_focus=False)
        yield Static("", id="found")

    def on_mount(self) -> None:
        """Nothing is looked for at first."""
        self.display = False

    @property
    def line(self) -> Input:
        """The line to type into."""
        return self.query_one("#find", Input)

    @property
    def text(self) -> str:
        """What is looked for, empty where nothing is."""
        return self.line.value if self.display else ""

    def open(self, hint: str) -> None:
        """Shows the line."""
        self.display = True
        self.line.placeholder = hint
        self.line.focus()

    def close(self) -> None:
        """Hides it; nothing is looked for any more."""
        if self.line.value:
            self.line.value = ""
        self.say("")
        self.display = False

    def say(self, text: str) -> None:
        """How much was found."""
        self.query_one("#found", Static).update(Content(text))

    def on_input_changed(self, message: Input.Changed) -> None:
        """Looks for it at once."""
        message.stop()
        self.post_message(self.Wanted(message.value, False))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Goes on to the next."""
        message.stop()
        self.post_message(self.Wanted(message.value, True))


class Reader:
    """Finds words in the texts of a page, one place after the other."""

    def __init__(self, page: VerticalScroll) -> None:
        """Looks through the texts of `page` as they are now."""
        self._page = page
        self._place = -1

    def find(self, wanted: str, again: bool) -> str:
        """Goes to the next line that holds the words and marks it; says which of how many."""
        texts = [(text, _lines(text)) for text in self._page.query(Static)]
        found = [
            (text, number)
            for text, lines in texts
            for number, line in enumerate(lines)
            if wanted.strip() and matches(wanted, line)
        ]
        self._clear(texts)
        if not found:
            return "nothing has that in it" if wanted.strip() else ""
        self._place = (self._place + 1) % len(found) if again else 0
        text, number = found[self._place]
        self._show(text, _lines(text), number)
        return f"{self._place + 1} of {len(found)}"

    def _clear(self, texts: list[tuple[Static, list[str]]]) -> None:
        for text, _ in texts:
            content = text.content
            if isinstance(content, Hanging) and content.spans:
                text.update(content.styled_as(Content()), layout=False)

    def _show(self, text: Static, lines: list[str], number: int) -> None:
        """Marks a line and brings it into sight, counting the lines that wrap above it."""
        start = sum(len(line) + 1 for line in lines[:number])
        content = text.content
        assert isinstance(content, Hanging)
        marked = content.stylize(Style(reverse=True), start, start + len(lines[number]))
        text.update(content.styled_as(marked), layout=False)
        width = max(text.content_region.width, 1)
        above = content.lines_above(number, width)
        top = text.virtual_region.y + above
        self._page.scroll_to(y=max(top - self._page.size.height // 3, 0), animate=False)


def _lines(text: Static) -> list[str]:
    return str(text.content).split("\n")
