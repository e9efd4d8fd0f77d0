"""Settings: what can be chosen, what holds now, and what of it is kept."""

from typing import ClassVar, get_args

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.muting import toggled
from doctor.settings import MAX_LIMIT, Choice, Kept, Settings, Theme, standing
from doctor.tui import terminal as terminals
from doctor.tui.lists import Choices
from doctor.tui.messages import ChangeSettings, KeepSettings
from doctor.tui.terminal import Terminal
from doctor.tui.widgets import Line, Room, plain

HINT = "What you change holds at once, until you leave. w keeps it, after showing the file."

ABOUT = {
    "theme": "Colours. auto takes the terminal's own where it has few, else dark, or light where "
    "the terminal says so. Without colours, as with NO_COLOR, it always is terminal.",
    "limit": "Seconds that clients have to answer, from the next examination on. Enter asks.",
    "mouse": "Clicking and scrolling in the app. With no, the terminal's own selecting works.",
    "ascii": "Draw with ASCII only, and show ? for every other character. auto does so where the "
    "locale is not UTF-8 or the terminal's font lacks what widgets are drawn with.",
    "animations": "Smooth scrolling and a blinking cursor. auto has none over ssh and where "
    "NO_MOTION is set.",
    "muted": "Listed last as MUTED and counted for nothing, on this machine. Enter takes it out.",
    "none": "u on a finding mutes it: it is listed last and counted for nothing.",
}
"""What each setting does."""

CYCLES = {"theme": get_args(Theme), "ascii": get_args(Choice), "animations": get_args(Choice)}


class Chosen(Choices):
    """The settings; Enter changes one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", id="change", tooltip="The next value, or a question"),
    ]


class SettingsScreen(Room):
    """One line for each setting, what it does below, and where it is kept."""

    TITLE_WORDS = "Settings"
    MAIN = "#settings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "keep", "Keep", id="keep",
                tooltip="Write the settings, after showing what changes in which file"),
    ]  # fmt: skip

    def __init__(self, kept: Kept, settings: Settings, terminal: Terminal) -> None:
        """Shows what holds."""
        super().__init__()
        self._kept = kept
        self._settings = settings
        self._terminal = terminal
        self._said = ""

    def body(self) -> ComposeResult:
        """Hint, settings, a line to type into, what the chosen one does."""
        yield Line(HINT, id="hint")
        yield Chosen(id="settings")
        yield Input(id="ask")
        with VerticalScroll(id="page"):
            yield Line(id="words")
            yield Line(id="where", classes="paragraph")

    def on_mount(self) -> None:
        """The list is what keys go to."""
        self.query_one("#ask", Input).display = False
        self._fill()
        self.main().focus()

    def tell(self, kept: Kept, settings: Settings, said: str) -> None:
        """Shows what holds by now, and a sentence about the last key."""
        self._kept, self._settings, self._said = kept, settings, said
        self._fill()

    def _fill(self) -> None:
        options = self.query_one("#settings", Chosen)
        place = options.highlighted or 0
        options.clear_options()
        options.add_options([Option(plain(row), id=id) for id, row in self._rows()])
        options.highlighted = min(place, options.option_count - 1)
        self._explain()

    def _rows(self) -> list[tuple[str, str]]:
        now = self._settings
        rows = [
            ("theme", now.theme, terminals.theme(now, self._terminal)),
            ("limit", f"{now.limit:g} s", ""),
            ("mouse", _yes(now.mouse), ""),
            ("ascii", now.ascii, _yes(terminals.is_ascii(now, self._terminal))),
            ("animations", now.animations, _yes(not terminals.is_still(now, self._terminal))),
        ]
        lines = [(name, _row(name, value, comes_to)) for name, value, comes_to in rows]
        lines += [(f"muted {id}", f"{'muted':12} {id}") for id in now.muted]
        return lines if now.muted else [*lines, ("none", f"{'muted':12} nothing")]

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        """What the setting under the cursor does, and what of all is kept."""
        chosen = self.query_one("#settings", Chosen).chosen or "theme"
        self.query_one("#words", Line).say(ABOUT[chosen.partition(" ")[0]])
        self.query_one("#where", Line).say(f"{self._said} {self._where()}".strip())

    def _where(self) -> str:
        """Where it is kept, and on what terminal this is."""
        said = standing(self._kept, self._settings, "w")
        return f"{said}\nThis terminal: {terminals.described(self._terminal)}."

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        """Changes the setting under the cursor."""
        message.stop()
        name, _, finding = (message.option.id or "").partition(" ")
        now = self._settings
        if name == "limit":
            self._ask()
        elif name == "mouse":
            self.post_message(ChangeSettings(replace(now, mouse=not now.mouse)))
        elif name == "muted":
            self.post_message(ChangeSettings(replace(now, muted=toggled(now.muted, finding))))
        elif name in CYCLES:
            values = CYCLES[name]
            value = values[(values.index(getattr(now, name)) + 1) % len(values)]
            self.post_message(ChangeSettings(replace(now, **{name: value})))

    def action_keep(self) -> None:
        """Asks before anything is written."""
        self.post_message(KeepSettings())

    # --- a number ----------------------------------------------------------------------------

    def _ask(self) -> None:
        line = self.query_one("#ask", Input)
        line.value, line.display = f"{self._settings.limit:g}", True
        line.placeholder = "seconds"
        line.focus()

    @on(Input.Submitted, "#ask")
    def _answered(self, message: Input.Submitted) -> None:
        message.stop()
        if not message.input.display:  # Enter came twice
            return
        try:
            limit = float(message.value)
        except ValueError:
            limit = 0.0
        if not 0 < limit <= MAX_LIMIT:
            said = f"{message.value!r}: type more than 0 and at most {MAX_LIMIT:g} seconds."
            self.tell(self._kept, self._settings, said)
            return
        self.leave()
        self.post_message(ChangeSettings(replace(self._settings, limit=limit)))

    def leave(self) -> None:
        """From the line back to the list, from the list back to the room."""
        line = self.query_one("#ask", Input)
        if line.display:
            line.display = False
            self._said = ""
            self.main().focus()
        else:
            self.app.pop_screen()


def _row(name: str, value: str, comes_to: str) -> str:
    """A setting, what was chosen, and what `auto` comes to here."""
    return f"{name:12} {value}" + (f": {comes_to}" if comes_to and comes_to != value else "")


def _yes(value: bool) -> str:
    return "yes" if value else "no"
