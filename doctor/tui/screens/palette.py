"""Palette: everything that can be done or looked at, found by a few letters of its name."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.tui.commands import Command
from doctor.tui.lists import Choices, Entry
from doctor.tui.widgets import Line, Room


class PaletteScreen(Room):
    """A line to type into, over what its letters are found in, the best first."""

    TITLE_WORDS = "Everything"
    MAIN = "#options"

    def __init__(self, commands: Iterable[Command]) -> None:
        """Offers these commands."""
        super().__init__()
        self._commands = tuple(commands)
        self._shown: tuple[Command, ...] = ()

    def body(self) -> ComposeResult:
        """Hint, line, commands."""
        yield Line("Type a few letters of it; arrows choose, Enter does it.", id="hint")
        yield Input(placeholder="a room, verb, finding, client or known problem", id="ask")
        yield Choices(id="options")

    def on_mount(self) -> None:
        """What is typed goes into the line."""
        self._fill("")
        self.query_one("#ask", Input).focus()

    def _fill(self, wanted: str) -> None:
        self._shown = best(self._commands, wanted)
        options = self.query_one("#options", Choices)
        options.clear_options()
        options.add_options([Option(Entry(f"{c.title}  {c.help}".strip(), 4)) for c in self._shown])
        options.highlighted = 0 if self._shown else None

    @on(Input.Changed, "#ask")
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._fill(message.value)

    @on(Input.Submitted, "#ask")
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        place = self.query_one("#options", Choices).highlighted
        if place is not None and place < len(self._shown):
            self._run(self._shown[place])

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self._run(self._shown[message.option_index])

    def key_down(self) -> None:
        """Arrows choose also while the line has the focus."""
        self.query_one("#options", Choices).action_cursor_down()

    def key_up(self) -> None:
        """The one above."""
        self.query_one("#options", Choices).action_cursor_up()

    def _run(self, command: Command) -> None:
        """From the room that the palette was opened over, as if there were no page."""
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        command.run()


def best(commands: tuple[Command, ...], wanted: str) -> tuple[Command, ...]:
    """Those that hold the letters, the best match first; ties keep their order."""
    if not wanted.strip():
        return commands
    matcher = Matcher(wanted.strip())
    scored = [(max(matcher.match(c.title), matcher.match(c.help) * 0.5), c) for c in commands]
    found = [(score, command) for score, command in scored if score > 0]
    return tuple(command for _, command in sorted(found, key=lambda pair: -pair[0]))
