"""Bundle: every byte before it is written, what was replaced, what may still be left out."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.bundle import preview
from doctor.bundle.format import MANIFEST, RECORDING, REPORT, SUMMARY
from doctor.bundle.making import Bundle
from doctor.bundle.members import Content
from doctor.tui.lists import Choices, Entry
from doctor.tui.messages import MakeBundle, WriteBundle, WrittenBundle
from doctor.tui.widgets import Line, Room

ALWAYS = (MANIFEST, SUMMARY, REPORT, RECORDING)
"""Files that every bundle has."""

MAX_BESIDE = 8_000
"""Bytes of a file that are shown beside the list; Enter shows all of it."""

HINT = "Nothing is sent. It is written when you press w; Enter reads any of it first."


class Contents(Choices):
    """The files; Enter reads one, space leaves one out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Read", id="read", tooltip="The whole text of this file"),
    ]


class BundleScreen(Room):
    """What would be written, file by file."""

    TITLE_WORDS = "Bundle"
    MAIN = "#contents"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "Write", id="write", tooltip="Write it, after asking where"),
        Binding("space", "untick", "Leave out", id="untick", tooltip="With or without this file"),
        Binding("n", "hide", "Hide", id="hide", tooltip="Hide one more word, wherever it stands"),
    ]

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__()
        self._bundle: Bundle | None = None
        self._words: tuple[str, ...] = ()
        self._without: list[str] = []
        self._asking = ""

    def body(self) -> ComposeResult:
        """Hint, files, what was replaced, a line to type into."""
        yield Line(HINT, id="hint")
        with Container(id="split"):
            with Vertical(id="left"):
                yield Contents(id="contents")
                with VerticalScroll(id="replaced", can_focus=False):
                    yield Line("Putting it together...", id="verdict")
            with VerticalScroll(id="aside"):
                yield Line(id="words")
        yield Input(id="ask")

    def on_mount(self) -> None:
        """Asks for the bundle at once."""
        self.query_one("#ask", Input).display = False
        self.query_one("#contents", OptionList).focus()
        self._make()

    def _make(self) -> None:
        self.query_one("#verdict", Line).say("Putting it together...")
        self.post_message(MakeBundle(self._words, tuple(self._without)))

    def tell(self, made: Bundle | str) -> None:
        """Shows the bundle, or why there is none."""
        options = self.query_one("#contents", OptionList)
        place = options.highlighted or 0
        options.clear_options()
        self._bundle = None if isinstance(made, str) else made
        contents = self._bundle.contents if self._bundle else ()
        rows = [Option(Entry(_row(c), 14), id=c.name) for c in contents]
        rows += [Option(Entry(f"[ ] left out  {path}", 14), id=path) for path in self._without]
        options.add_options(rows)
        options.highlighted = min(place, len(rows) - 1) if rows else None
        said = (
            [f"Nothing can be written: {made}"]
            if isinstance(made, str)
            else list(preview.verdict(made))
        )
        self.query_one("#verdict", Line).say("\n".join(said))

    def _chosen(self) -> Content | None:
        place = self.query_one("#contents", OptionList).highlighted
        contents = self._bundle.contents if self._bundle else ()
        return contents[place] if place is not None and place < len(contents) else None

    @on(OptionList.OptionHighlighted)
    def _beside(self) -> None:
        """Wide terminals show the beginning of the chosen file beside the list."""
        content = self._chosen()
        text = content.data[:MAX_BESIDE].decode("utf-8", "replace") if content else ""
        self.query_one("#words", Line).say(text)
        self.query_one("#aside").scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _read(self, message: OptionList.OptionSelected) -> None:
        from doctor.tui.screens.text import TextScreen

        message.stop()
        content = self._chosen()
        if content is not None:
            text = content.data.decode("utf-8", "replace")
            self.app.push_screen(TextScreen(f"{content.name}, of {content.source}", text))

    def action_untick(self) -> None:
        """Files of the machine and outputs of clients can be left out."""
        place = self.query_one("#contents", OptionList).highlighted
        contents = self._bundle.contents if self._bundle else ()
        content = self._chosen()
        if content is not None and content.name.startswith("files/"):
            self._without.append(content.source)
            self._make()
        elif content is None and self._without and place is not None:
            del self._without[place - len(contents)]
            self._make()
        elif content is not None:
            self.query_one("#verdict", Line).say(f"{content.name} is needed to open the bundle.")

    def action_hide(self) -> None:
        """A line for one more word."""
        self._ask("hide", "", "a word to hide everywhere, such as a project's name")

    def action_write(self) -> None:
        """A line for the file's name."""
        if self._bundle is not None:
            made = self._bundle.manifest.made
            name = f"envdoctor-{made[:19].replace(':', '').replace('T', '-')}.zip"
            self._ask("write", name, "the new file")

    def _ask(self, what: str, text: str, hint: str) -> None:
        self._asking = what
        line = self.query_one("#ask", Input)
        line.value, line.placeholder, line.display = text, hint, True
        line.focus()

    @on(Input.Submitted)
    def _answered(self, message: Input.Submitted) -> None:
        message.stop()
        value = message.value.strip()
        self._close()
        if not value:
            return
        if self._asking == "hide":
            self._words = (*self._words, value)
            self._make()
        elif self._bundle is not None:
            over = self._asking == "over"
            self.post_message(WriteBundle(self._bundle, value, over))

    def written(self, message: WrittenBundle) -> None:
        """Where it is now, or why it is not; a file that is there is asked about."""
        self.query_one("#verdict", Line).say(message.said)
        if not message.done and "is there already" in message.said:
            self._ask("over", message.path, "Enter replaces the file that is there; Esc does not")

    def _close(self) -> None:
        line = self.query_one("#ask", Input)
        line.display = False
        self.query_one("#contents", OptionList).focus()

    def leave(self) -> None:
        """From the line back to the list, from the list back to the room."""
        if self.query_one("#ask", Input).display:
            self._close()
        else:
            self.app.pop_screen()


def _row(content: Content) -> str:
    tick = "[=]" if content.name in ALWAYS else "[x]"
    return f"{tick} {_size(len(content.data)):>8}  {content.name}"


def _size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.1f} kB"
