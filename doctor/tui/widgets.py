"""Pieces that several rooms share."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

from textual import on
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from doctor.clean import clean, without_secrets
from doctor.columns import steady
from doctor.report.text import last_column, table
from doctor.tui.hanging import Hanging
from doctor.tui.keys import Keys
from doctor.tui.lists import Choices, shown
from doctor.tui.searching import Finder, Reader
from doctor.tui.state import State
from doctor.tui.title import Title


class Line(Static):
    """Text that is shown as it is: no markup, no control characters."""

    def __init__(
        self, text: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        """Shows `text`."""
        super().__init__(plain(text), id=id, classes=classes)
        self._said = text

    def say(self, text: str) -> None:
        """Shows another text; the same again costs nothing."""
        if text != self._said:
            self._said = text
            self.update(plain(text))


def plain(text: str) -> Content:
    """Text of any origin as content without markup, control characters and secrets."""
    return Hanging(steady(without_secrets(clean(text))))


class Aligned(Line):
    """Rows in columns, of which the last wraps below itself, so that none gets out of line."""

    def __init__(self, rows: Sequence[tuple[str, ...]] = (), *, id: str | None = None) -> None:
        """Shows `rows`."""
        super().__init__(id=id)
        self.lay(rows)

    def lay(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Shows other rows."""
        cells = [tuple(map(shown, row)) for row in rows]
        text = "\n".join(table(cells))
        if text != self._said:
            self._said = text
            self.update(Hanging(text, indent=last_column(cells)))


def say_once(app: App[Any], said: str) -> None:
    """Over the room for a while; a key that is pressed again and again does not cover it."""
    if all(note.message != said for note in app._notifications):
        app.notify(said, markup=False)


LETTERS = ("help", "quit", "find")
"""Bindings of keys that are text where somebody types; each has one that is not, `typing_...`."""

ALWAYS = ("help", "quit", "typing_help", "typing_quit", "stop")
"""Bindings that are always in sight: the first two, or the next two where somebody types; and what
ends what is under way.
"""

COMMON = ("find", "typing_find", "back")
"""Bindings of every room, which come after a room's own."""

USUAL, WIDE = 80, 120
"""Columns from which on nothing is left out; those from which on details stand beside lists."""


@runtime_checkable
class Blinking(Protocol):
    """What has a cursor of its own."""

    cursor_blink: bool


class Room(Screen[None]):
    """A screen with a title line, a body and the footer, that draws itself from a state.

    `ROOM` is its name among ROOMS; pages over a room have `TITLE_WORDS` instead. `MAIN` selects
    what keys go to. A list is searched by its options, and text that stands in `#page` by lines;
    rooms that know better have a `find` of their own.
    """

    ROOM = ""
    TITLE_WORDS = ""
    MAIN = "#page"
    HINT = "words to look for; Enter goes to the next, Esc closes this"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", key_display="/", id="find",
                tooltip="Look for words in this room"),
        Binding("f3", "find", "Find", id="typing_find",
                tooltip="Look for words in this room, also while typing"),
        Binding("escape", "back", "Back", id="back",
                tooltip="From a line or a text to the list, from a page to the room"),
    ]  # fmt: skip
    _is_whole = False
    _reader: Reader | None = None
    _drawn_as: object = None
    _sought: Finder.Wanted | None = None
    _searched_from: Widget | None = None

    def compose(self) -> ComposeResult:
        """Title, body, search, keys."""
        yield Title(id="title")
        yield Line(id="source")
        yield from self.body()
        yield Finder(id="finder")
        yield Keys(id="keys")

    @property
    def every_binding(self) -> dict[str, ActiveBinding]:
        """All keys that do something now, of two for the same thing both.

        Help and Quit stand first, so that no narrow footer cuts them, then the room's own.
        """
        known = super().active_bindings
        if getattr(self.app, "is_typing", False):
            known = {k: b for k, b in known.items() if b.binding.id not in LETTERS}

        def place(key: str) -> int:
            active = known[key]
            if active.binding.id in ALWAYS:
                return 0 if active.binding.id in LETTERS else 1
            return 4 if active.node is self.app else 3 if active.binding.id in COMMON else 2

        return {key: known[key] for key in sorted(known, key=place)}

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """Those for the footer: F1, F3 and Ctrl-Q where somebody types, though they always work."""
        known = self.every_binding
        if getattr(self.app, "is_typing", False):
            return known
        return {k: b for k, b in known.items() if not (b.binding.id or "").startswith("typing_")}

    def body(self) -> ComposeResult:
        """What is between title and footer."""
        yield from ()

    def on_mount(self) -> None:
        """Draws what is known already. Textual calls this after those of subclasses."""
        self._is_whole = True
        self._redraw()

    def on_screen_resume(self) -> None:
        """Draws what became known, and what looks different, while another room was shown."""
        self._redraw()
        look = getattr(self.app, "drawn_as", None)
        if look is not self._drawn_as:
            self._drawn_as = look
            self.draw_again()

    def draw_again(self) -> None:
        """All of it, since what is drawn looks different by now."""
        for widget in self.query("*"):
            widget.refresh()

    def on_descendant_focus(self, message: DescendantFocus) -> None:
        """A cursor in a line blinks only where things may move."""
        if isinstance(message.widget, Blinking):
            message.widget.cursor_blink = not getattr(self.app, "is_still", False)

    def _redraw(self) -> None:
        state = getattr(self.app, "state", None)
        if isinstance(state, State) and self.is_drawn:
            self.show(state)

    @property
    def is_drawn(self) -> bool:
        """Whether its parts are there: not yet where it just opened, not any more at the end.

        Parts within parts come a few turns of the loop after the title, and all before `on_mount`.
        """
        return self._is_whole and bool(self.query("#title"))

    def show(self, state: State) -> None:
        """Draws a state."""
        self._entitle()
        source = self.query_one("#source", Line)
        source.say(f"Not this machine: {state.source.removeprefix('recording of ')}")
        source.display = state.report is not None and state.source != "this machine"

    def on_resize(self) -> None:
        """The title says as much as fits."""
        if self.is_mounted:
            self._entitle()

    def _entitle(self) -> None:
        self.query_one(Title).say(self.ROOM, self.TITLE_WORDS, self.app.size.width - 2)

    # --- search ------------------------------------------------------------------------------

    @property
    def finder(self) -> Finder:
        """The line to search with."""
        return self.query_one("#finder", Finder)

    def main(self) -> Widget:
        """What keys go to unless somebody is typing."""
        return self.query_one(self.MAIN)

    def action_find(self) -> None:
        """Opens the line to search with."""
        if not self.finder.display:
            self._searched_from = self.focused
        self.finder.open(self.HINT)

    @on(Finder.Wanted)
    def _wanted(self, message: Finder.Wanted) -> None:
        """Once the letter stands there; of letters that come fast only the last is looked for."""
        message.stop()
        if message.again:
            self._look()
        self._sought = message
        self.call_after_refresh(self._look)

    def _look(self) -> None:
        sought, self._sought = self._sought, None
        if sought is not None and self.is_drawn:  # it may have been left meanwhile
            self.finder.say(self.find(sought.text, sought.again))

    def find(self, wanted: str, again: bool) -> str:
        """Goes to what is looked for, to the next one `again`; says which of how many it is."""
        main = self.main()
        if isinstance(main, Choices):
            return main.find_next(wanted, again) if wanted.strip() else ""
        if self._reader is None or not again:
            self._reader = Reader(self.to_read())
        return self._reader.find(wanted, again)

    def remaining(self, found: int, wanted: str, again: bool) -> str:
        """For rooms that leave out what is not looked for: how much is left; Enter goes to it."""
        if again:
            self.main().focus()
        return f"{found} found" if wanted.strip() else ""

    def to_read(self) -> VerticalScroll:
        """The text that is searched."""
        return self.query_one("#page", VerticalScroll)

    # --- back --------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no way back from the first thing of a room."""
        if action == "back" and self.ROOM:
            return self.finder.display or self.focused is not self.main()
        return True

    def why_not(self, action: str) -> str:
        """Why a key of this room is grey, empty where it is not."""
        return ""

    def say_why(self, said: str) -> None:
        """Says why a grey key did nothing; rooms with a line for such sentences use that."""
        say_once(self.app, said)

    def action_back(self) -> None:
        """Closes the search: back to where it began; else to the list, else from a page."""
        if self.finder.display:
            self.finder.close()
            before = self._searched_from
            (before if before is not None and before.focusable else self.main()).focus()
        else:
            self.leave()

    def leave(self) -> None:
        """One step back, where nothing is looked for."""
        if not self.ROOM:
            self.app.pop_screen()
        else:
            self.main().focus()
