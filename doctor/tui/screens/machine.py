"""Machine: features by level, have or missing, each with its one-line explanation."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from doctor.model import Machine
from doctor.report import features, words
from doctor.tui.state import State
from doctor.tui.widgets import Line, Room, plain


class MachineScreen(Room):
    """What this CPU has, what it lacks for the next level, and who says so."""

    ROOM = "machine"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Find", key_display="/", id="search",
                tooltip="Search features and their explanations"),
        Binding("escape", "leave_search", "All", id="all", show=False, tooltip="Show all again"),
    ]  # fmt: skip

    def body(self) -> ComposeResult:
        """Summary, search, features, explanation."""
        with VerticalScroll(id="summary-box"):
            yield Line(id="summary")
        yield Input(placeholder="part of a feature's name or explanation", id="search")
        yield OptionList(id="features")
        yield Line(id="explanation")

    def on_mount(self) -> None:
        """The search line waits until it is asked for."""
        self.query_one("#search").display = False
        super().on_mount()

    def show(self, state: State) -> None:
        """Draws the machine once it is known."""
        super().show(state)
        if state.machine is None:
            self.query_one("#summary", Line).say("Reading the CPU...")
            return
        self.query_one("#summary", Line).say("\n".join(_summary(state.machine)))
        self._fill(state.machine, self.query_one("#search", Input).value)

    def _fill(self, machine: Machine, wanted: str) -> None:
        options = self.query_one("#features", OptionList)
        shown = [option.id for option in options.options]
        rows = [row for row in features.rows(machine) if wanted.lower() in " ".join(row).lower()]
        if shown == [name for name, *_ in rows] and shown:
            return
        options.clear_options()
        options.add_options(
            [Option(plain(f"{s:8} {n:20} {w:10} {t}"), id=n) for n, s, w, t in rows]
        )
        if rows:
            options.highlighted = 0
        elif machine.cpu.features is None:
            self.query_one("#explanation", Line).say("The CPU's features are unknown.")
        else:
            self.query_one("#explanation", Line).say(f"No feature has {wanted!r} in it.")
        if not self.query_one("#search").display:
            options.focus()

    @on(OptionList.OptionHighlighted)
    def _explain(self, message: OptionList.OptionHighlighted) -> None:
        machine = getattr(self.app, "state", State()).machine
        listed = {option.id for option in self.query_one("#features", OptionList).options}
        if machine is not None and message.option.id in listed and message.option.id:
            said = features.explanation(message.option.id, machine.cpu.architecture)
            self.query_one("#explanation", Line).say(said)

    def action_search(self) -> None:
        """Opens the search line."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def action_leave_search(self) -> None:
        """Closes the search line and shows everything again."""
        search = self.query_one("#search", Input)
        search.value = ""
        search.display = False
        self.query_one("#features", OptionList).focus()

    @on(Input.Changed)
    def _search(self, message: Input.Changed) -> None:
        machine = getattr(self.app, "state", State()).machine
        if machine is not None:
            self._fill(machine, message.value)

    @on(Input.Submitted)
    def _to_results(self) -> None:
        self.query_one("#features", OptionList).focus()


def _summary(machine: Machine) -> list[str]:
    described = machine.microarchitecture
    lines = [words.cpu_line(machine)]
    for row in described.levels:
        total = len(row.have) + len(row.lacks)
        said = f"lacks {' '.join(row.lacks)}" if row.lacks else " ".join(row.have)
        lines.append(f"{row.level:10} {len(row.have):2} of {total:2}  {said}")
    for near in described.nearest[:2]:
        lines.append(f"nearest {near.name}: it needs {' '.join(near.missing)} too")
    lines.append(_witnesses(machine))
    lines.extend(machine.system.hides)
    if machine.trouble:
        lines.append(machine.trouble)
    return lines


def _witnesses(machine: Machine) -> str:
    said = [f"{w.name}: {w.level or w.trouble or 'unknown'}" for w in machine.witnesses]
    levels = {w.level for w in machine.witnesses if w.level}
    level = machine.microarchitecture.level
    if said and levels == {level} and all(w.level for w in machine.witnesses):
        return f"{len(said)} second opinions (loader, psABI table, libmamba's test) agree: {level}"
    return "\n".join(said) or "No second opinion: there is none for this CPU, or it is unknown."
