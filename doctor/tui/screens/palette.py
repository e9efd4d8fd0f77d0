"""Palette: everything that can be done or looked at, found by a few letters of its name."""

import re
from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.tui.commands import Command
from doctor.tui.lists import Choices, Entry
from doctor.tui.searching import matches
from doctor.tui.widgets import Line, Room

MANY = 200
"""Commands that are shown: nobody reads more, and letters find the others."""

FEW = 10
"""Where fewer hold what was typed, its letters are looked for one by one."""

NOT = 3
"""The rank of a command that does not hold what is looked for."""


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
        found = best(self._commands, wanted)
        self._shown = found[:MANY]
        options = self.query_one("#options", Choices)
        options.clear_options()
        rows = [Option(Entry(f"{c.title}  {c.help}".strip(), 4)) for c in self._shown]
        if len(found) > MANY:
            said = f"and {len(found) - MANY} more: type more letters of it"
            rows.append(Option(Entry(said), disabled=True))
        options.add_options(rows or [Option(Entry("Nothing has that in it."), disabled=True)])
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
        if message.option_index < len(self._shown):  # a letter came after Enter, before this
            self._run(self._shown[message.option_index])

    def key_down(self) -> None:
        """Arrows choose also while the line has the focus."""
        self.query_one("#options", Choices).action_cursor_down()

    def key_up(self) -> None:
        """The one above."""
        self.query_one("#options", Choices).action_cursor_up()

    async def key_pagedown(self) -> None:
        """Many further down."""
        await self.query_one("#options", Choices).run_action("page_down")

    async def key_pageup(self) -> None:
        """Many further up."""
        await self.query_one("#options", Choices).run_action("page_up")

    def _run(self, command: Command) -> None:
        """From the room that the palette was opened over, as if there were no page.

        Enter may come twice: the first has left this page then.
        """
        if not self.is_active:
            return
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        command.run()


def best(commands: tuple[Command, ...], wanted: str) -> tuple[Command, ...]:
    """Those that hold the words, else those that hold the letters in their order.

    Names that begin with them come first, then names, then what is said of them; ties keep their
    order. Letters alone are looked for in names, and only where few hold the words: comparing
    thousands takes longer than typing.
    """
    if not wanted.strip():
        return commands
    low = wanted.casefold().strip()
    held = [(_rank(command, low), command) for command in commands]
    found = [command for rank, command in sorted(held, key=lambda pair: pair[0]) if rank < NOT]
    if len(found) >= FEW:
        return tuple(found)
    matcher = Matcher(low)
    letters = re.compile(".*?".join(map(re.escape, low.replace(" ", ""))))
    others = [c for rank, c in held if rank == NOT and letters.search(c.title.casefold())]
    scored = [(matcher.match(command.title), command) for command in others[:MANY]]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return (*found, *(command for _, command in best))


def _rank(command: Command, wanted: str) -> int:
    title = command.title.casefold()
    if title.startswith(wanted) or f" {wanted}" in title:
        return 0
    if matches(wanted, title):
        return 1
    return 2 if matches(wanted, f"{title} {command.help}") else NOT
