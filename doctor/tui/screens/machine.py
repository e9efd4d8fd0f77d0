"""Machine: features by level, have or missing, each with its one-line explanation."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from doctor import naming
from doctor.columns import padded
from doctor.model import Machine
from doctor.report import features, words
from doctor.terms import TERMS
from doctor.tui.lists import Choices, Entry
from doctor.tui.searching import matches
from doctor.tui.state import State
from doctor.tui.widgets import USUAL, Line, Room

WORDS = ("level", "archspec name")


class MachineScreen(Room):
    """What this CPU has, what it lacks for the next level, and who says so."""

    ROOM = "machine"
    MAIN = "#features"
    HINT = "part of a feature's name or explanation; Esc shows all"

    def body(self) -> ComposeResult:
        """Summary, features, explanation."""
        with Container(id="split"):
            with Vertical(id="left"):
                with VerticalScroll(id="summary-box"):
                    yield Line(id="summary")
                yield Choices(id="features")
            with VerticalScroll(id="explained", can_focus=False):
                yield Line(id="explanation")
                yield Line(_met(), id="met")

    def show(self, state: State) -> None:
        """Draws the machine once it is known."""
        super().show(state)
        if state.machine is None:
            self.query_one("#summary", Line).say("Reading the CPU...")
            return
        narrow = self.app.size.width < USUAL
        self.query_one("#summary", Line).say("\n".join(_summary(state.machine, narrow)))
        self._fill(state.machine, self.finder.text)

    def _fill(self, machine: Machine, wanted: str) -> int:
        options = self.query_one("#features", Choices)
        shown = [option.id for option in options.options]
        rows = [row for row in features.rows(machine) if matches(wanted, " ".join(row))]
        if shown == [name for name, *_ in rows] and shown:
            return len(rows)
        options.clear_options()
        options.add_options(
            [Option(Entry(f"{s:8} {padded(n, 20)} {w:10} {t}", 41), id=n) for n, s, w, t in rows]
        )
        if rows:
            options.highlighted = 0
        elif machine.cpu.features is None:
            self.query_one("#explanation", Line).say("The CPU's features are unknown.")
        else:
            self.query_one("#explanation", Line).say(f"No feature has {wanted!r} in it.")
        if not self.finder.display:
            options.focus()
        return len(rows)

    def find(self, wanted: str, again: bool) -> str:
        """Leaves the features that are looked for; Enter goes to them."""
        machine = getattr(self.app, "state", State()).machine
        found = self._fill(machine, wanted) if machine is not None else 0
        return self.remaining(found, wanted, again)

    @on(OptionList.OptionHighlighted)
    def _explain(self, message: OptionList.OptionHighlighted) -> None:
        machine = getattr(self.app, "state", State()).machine
        listed = {option.id for option in self.query_one("#features", OptionList).options}
        if machine is not None and message.option.id in listed and message.option.id:
            said = features.explanation(message.option.id, machine.cpu.architecture)
            self.query_one("#explanation", Line).say(said)


def _met() -> str:
    """The words of this room, for terminals that have the place."""
    return "\n\n".join(f"{t.word}: {t.short}. {t.long}" for t in TERMS if t.word in WORDS)


def _summary(machine: Machine, narrow: bool = False) -> list[str]:
    """Narrow terminals leave out what a level has: the list below says it too."""
    described = machine.microarchitecture
    lines = [words.cpu_line(machine)]
    for row in described.levels:
        total = len(row.have) + len(row.lacks)
        said = f"lacks {' '.join(row.lacks)}" if row.lacks else " ".join(row.have)
        said = "has all of it" if narrow and not row.lacks else said
        lines.append(f"{row.level:10}  {len(row.have):2} of {total:2}  {said}")
    spelt = next((n for n in naming.names(machine) if n.conda == described.level), None)
    if spelt is not None and spelt.psabi:
        lines.append(f"also called {spelt.psabi} by GCC and glibc, never so in conda (w: words)")
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
