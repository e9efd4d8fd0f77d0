"""Bundle: every byte before it is written, what was replaced, what may still be left out."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.bundle import preview
from doctor.bundle.format import MANIFEST, RECORDING
from doctor.bundle.making import Bundle
from doctor.bundle.members import Content
from doctor.tui.lists import Choices, Entry
from doctor.tui.messages import MakeBundle, WriteBundle, WrittenBundle
from doctor.tui.widgets import Line, Room

ALWAYS = (MANIFEST, RECORDING)
"""Files without which no bundle can be opened."""

MAX_BESIDE = 8_000
"""Bytes of a file that are shown beside the list; Enter shows all of it."""

WORD = "word "
"""Before a hidden word, in the list's names of its rows: no file is called so."""

MAKING = "Putting it together..."
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
        Binding(
            "space",
            "untick",
            "Leave out",
            id="untick",
            tooltip="With or without this file; a hidden word may stand again",
        ),
        Binding("n", "hide", "Hide", id="hide", tooltip="Hide one more word, wherever it stands"),
    ]

    def __init__(self) -> None:
        """Nothing is known yet."""
        super().__init__()
        self._bundle: Bundle | None = None
        self._wish = MakeBundle((), ())
        self._made_of: MakeBundle | None = None
        self._asking = self._there = ""

    def body(self) -> ComposeResult:
        """Hint, files, what was replaced, a line to type into."""
        yield Line(HINT, id="hint")
        with Container(id="split"):
            with Vertical(id="left"):
                yield Contents(id="contents")
                with VerticalScroll(id="replaced", can_focus=False):
                    yield Line(MAKING, id="verdict")
            with VerticalScroll(id="aside"):
                yield Line(id="words")
        yield Input(id="ask")

    def on_mount(self) -> None:
        """Asks for the bundle at once."""
        self.query_one("#ask", Input).display = False
        self.query_one("#contents", OptionList).focus()
        self._make((), ())

    def _make(self, words: tuple[str, ...], without: tuple[str, ...]) -> None:
        self._wish = MakeBundle(words, without)
        self.query_one("#verdict", Line).say(MAKING)
        self.post_message(self._wish)

    def tell(self, made: Bundle | str, wanted: MakeBundle) -> None:
        """Shows the bundle, or why there is none as it was wanted: then the one before stays.

        What was put together for an older wish, or for a page that was closed, is not shown: nobody
        wants it any more.
        """
        if wanted is not self._wish:
            return
        verdict = self.query_one("#verdict", Line)
        if not isinstance(made, str):
            self._bundle, self._made_of = made, wanted
            self._list(made)
            verdict.say("\n".join(preview.verdict(made)))
        elif self._made_of is None or self._bundle is None:
            self._made_of = wanted
            verdict.say(f"Nothing can be written: {made}")
        else:
            self._wish = self._made_of
            verdict.say(f"Not possible, so it stays as it was: {made}")

    def _list(self, made: Bundle) -> None:
        options = self.query_one("#contents", OptionList)
        place = options.highlighted or 0
        options.clear_options()
        rows = [Option(Entry(_row(c), 14), id=c.place) for c in made.contents]
        rows += [Option(Entry(f"[ ] left out  {left}", 14), id=left) for left in self._wish.without]
        rows += [Option(Entry(f"[x] hidden    {word}", 14), id=WORD + word)
                 for word in self._wish.words]  # fmt: skip
        options.add_options(rows)
        options.highlighted = min(place, len(rows) - 1)

    def _chosen(self) -> Content | None:
        chosen = self.query_one("#contents", Contents).chosen
        contents = self._bundle.contents if self._bundle else ()
        return next((content for content in contents if content.place == chosen), None)

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
            self.app.push_screen(TextScreen(f"{content.name}: {content.source}", text))

    def action_untick(self) -> None:
        """Leaves a file out, or takes it in again; a hidden word may stand again.

        Also while that is not put together yet.
        """
        place = self.query_one("#contents", Contents).chosen
        if place is None:
            return
        if place in ALWAYS:
            self.query_one("#verdict", Line).say(f"{place} is needed to open the bundle.")
            return
        left, words = self._wish.without, self._wish.words
        if place.startswith(WORD):
            kept = (word for word in words if WORD + word != place)
            self._make(tuple(kept), left)
            return
        others = tuple(other for other in left if other != place)
        self._make(words, others if place in left else (*left, place))

    def action_hide(self) -> None:
        """A line for one more word."""
        self._ask("hide", "", "a word to hide everywhere, such as a project's name")

    def action_write(self) -> None:
        """A line for the file's name, once what is shown is what is wanted."""
        if not self._is_late() and self._bundle is not None:
            made = self._bundle.manifest.made
            name = f"envdoctor-{made[:19].replace(':', '').replace('T', '-')}.zip"
            self._ask("write", name, "the new file")

    def _is_late(self) -> bool:
        """Says so where the bundle is not put together yet as it is wanted now."""
        late = self._wish != self._made_of
        if late:
            self.query_one("#verdict", Line).say(f"{MAKING} Press w again when that is done.")
        return late

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
            words = dict.fromkeys((*self._wish.words, value))
            self._make(tuple(words), self._wish.without)
        elif self._bundle is not None and not self._is_late():
            over = self._asking == "over" and value == self._there
            self.post_message(WriteBundle(self._bundle, value, over))

    def shows(self, bundle: Bundle) -> bool:
        """Whether that is its bundle: another one was opened since, or wanted otherwise."""
        return self._bundle is bundle

    def written(self, message: WrittenBundle) -> None:
        """Where it is now, or why it is not; a file that is there is asked about."""
        self.query_one("#verdict", Line).say(message.said)
        if not message.done and "is there already" in message.said:
            self._there = message.path  # another name is another file, which is asked about too
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
