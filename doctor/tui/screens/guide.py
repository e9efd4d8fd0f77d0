"""Guide: the ways out of a finding, tried, done and checked, with a memory of all that."""

from textwrap import shorten
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from doctor.columns import padded, shortened
from doctor.fix.recheck import sentence
from doctor.fix.steps import why_not
from doctor.model import Guide, Remedy, Tried
from doctor.remedies import BY_NAME
from doctor.report import remedies, words
from doctor.tui.lists import Choices, Entry
from doctor.tui.messages import ApplyRemedy, CheckAgain, CopyText, OpenFinding, TryRemedy
from doctor.tui.state import State
from doctor.tui.widgets import Line, Room

STAGES = ("Why", "Options", "Try", "Do", "Check")
NO_WAY = "Nothing has to be done, or nothing is known that helps. Enter shows what was found."

NOTHING = "There is no way out that could be tried, done or copied."


class Options(Choices):
    """The ways out; Enter shows the finding."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Why", id="why", tooltip="The finding with its evidence"),
    ]


class GuideScreen(Room):
    """Problem, options in order of safety, what a trial came to, what was done."""

    TITLE_WORDS = "Guide"
    MAIN = "#options"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "try", "Try", id="try", tooltip="Ask solvers again, changing nothing"),
        Binding("x", "do", "Do it", id="do", tooltip="Do it, after showing it and asking"),
        Binding("y", "copy", "Copy", id="copy", tooltip="Command, diff or advice alone, to copy"),
        Binding("c", "check", "Check", id="check", tooltip="Is the finding still there?"),
    ]

    def __init__(self, finding: str) -> None:
        """The guide of one finding, which the state holds."""
        super().__init__()
        self._finding = finding
        self._rows: list[str] = []

    def body(self) -> ComposeResult:
        """Stages, problem, options, all about one option."""
        yield Line(id="stages")
        yield Line(id="problem")
        with Container(id="split"):
            with Vertical(id="left"):
                yield Options(id="options")
                yield Line(id="note")
            with VerticalScroll(id="detail", can_focus=True):
                yield Line(id="words")

    def on_mount(self) -> None:
        """The options are what keys go to."""
        self._say("")
        self.query_one("#options", OptionList).focus()

    def show(self, state: State) -> None:
        """Draws the guide as far as it is known."""
        super().show(state)
        guide = state.guides.get(self._finding)
        if guide is None:
            return
        self.query_one("#stages", Line).say(_stages(guide, state))
        self.query_one("#problem", Line).say(_problem(guide, state, 3 * self.app.size.width))
        self._show_options(guide, state)
        self._tell(guide, state)

    def _show_options(self, guide: Guide, state: State) -> None:
        width = self.app.size.width
        rows = [_row(guide, remedy, state, width) for remedy in guide.finding.remedies]
        before, self._rows = self._rows, rows
        options = self.query_one("#options", OptionList)
        if rows and len(rows) == len(before):
            for number, row in enumerate(rows):
                if row != before[number]:  # the clock went on: cursor and notes stay
                    options.replace_option_prompt_at_index(number, Entry(row))
            return
        place = options.highlighted
        options.clear_options()
        if rows:
            options.add_options([Option(Entry(row), id=str(n)) for n, row in enumerate(rows)])
            options.highlighted = min(place or 0, len(rows) - 1)
        else:
            options.add_option(Option(Entry(NO_WAY)))
            options.highlighted = 0  # Enter shows the finding

    def _tell(self, guide: Guide, state: State) -> None:
        remedy = self._chosen(guide)
        said = self.query_one("#words", Line)
        said.say("" if remedy is None else "\n".join(_details(guide, remedy, state)))

    def _chosen(self, guide: Guide) -> Remedy | None:
        place = self.query_one("#options", OptionList).highlighted
        found = guide.finding.remedies
        return found[place] if place is not None and place < len(found) else None

    def _current(self) -> tuple[State, Guide, Remedy | None]:
        state = getattr(self.app, "state", State())
        guide = state.guides[self._finding]
        return state, guide, self._chosen(guide)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        state = getattr(self.app, "state", State())
        self._say("")
        if self._finding in state.guides:
            self._tell(state.guides[self._finding], state)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.post_message(OpenFinding(self._current()[1].finding))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One thing is done at a time."""
        state = getattr(self.app, "state", State())
        if action in ("do", "check") and state.doing is not None:
            return False
        return None if self.why_not(action) else super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Without a way there is nothing to do; a recording cannot change."""
        state = getattr(self.app, "state", State())
        guide = state.guides.get(self._finding)
        if action in ("try", "do", "copy") and guide is not None and not guide.finding.remedies:
            return NOTHING
        if action not in ("do", "check") or state.report is None:
            return ""
        if state.source == "this machine":
            return ""
        if action == "do":
            return "This is a recording of another machine: nothing can be done to it."
        return "This is a recording of another machine: it has not changed."

    def to_read(self) -> VerticalScroll:
        """What is said of the chosen option."""
        return self.query_one("#detail", VerticalScroll)

    def action_try(self) -> None:
        """The option under the cursor is tried again."""
        _, _, remedy = self._current()
        if remedy is None:
            return
        if remedy.trial is None or remedy.blocked:
            self._say(why_not(remedy) or "It cannot be tried without doing it.")
        else:
            self.post_message(TryRemedy(self._finding, remedy))

    def action_do(self) -> None:
        """Shows the literal step and asks; what cannot be done says why."""
        from doctor.tui.screens.confirm import ConfirmScreen

        state, _, remedy = self._current()
        if remedy is None or state.doing or state.report is None:
            return
        reason = why_not(remedy, state.report)
        if reason:
            self._say(f"{reason} y shows it to copy.")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.post_message(ApplyRemedy(self._finding, remedy))

        self.app.push_screen(ConfirmScreen(remedy), answered)

    def action_copy(self) -> None:
        """The command or diff alone; of advice without either the words."""
        _, _, remedy = self._current()
        if remedy is not None:
            text = "\n".join(str(step) for step in remedy.steps) or remedy.text
            self.post_message(CopyText("one way out", text))

    def action_check(self) -> None:
        """Examines again what changed."""
        state, _, _ = self._current()
        if state.report is not None and not state.doing:
            self.post_message(CheckAgain(self._finding))

    def say_why(self, said: str) -> None:
        """In the line for that."""
        self._say(said)

    def _say(self, text: str) -> None:
        """A sentence about the last key, until another option is chosen."""
        note = self.query_one("#note", Line)
        note.say(text)
        note.display = bool(text)


def _stages(guide: Guide, state: State) -> str:
    """Where in the way somebody is."""
    place = 1
    if guide.tried:
        place = 2
    if guide.applied or state.doing:
        place = 3
    if guide.checked is not None or state.checking == guide.finding.id:
        place = 4
    names = [f"{n} {name}" for n, name in enumerate(STAGES, start=1)]
    names[place] = f"[{names[place]}]"
    return "  ".join(names)


def _row(guide: Guide, remedy: Remedy, state: State, width: int) -> str:
    """What it is, in as many characters as there is room for, and what is known of it."""
    room = min(max(width - 20, 30), 44)
    known = remedies.progress(guide, remedy) or "not tried"
    if _is_tried(remedy, state):
        known = words.waiting("trying", state.trial, state.now)
        if room + 1 + len(known) > width - 4:  # a row has one line
            known = words.elapsed(state.trial, state.now) or "trying..."
    elif remedy.text in state.trying:
        known = "waits"
    if state.doing == remedy.text:
        known = "being done..."
    title = BY_NAME[remedy.name].TITLE if remedy.name in BY_NAME else remedy.text
    return f"{padded(shorten(title, room, placeholder='...'), room)} {known}"


def _is_tried(remedy: Remedy, state: State) -> bool:
    """Whether it is this one's turn: one is tried after the other."""
    return state.trying[:1] == (remedy.text,)


def _details(guide: Guide, remedy: Remedy, state: State) -> list[str]:
    lines = [*remedies.steps(remedy), ""] if remedy.steps else [remedy.text, ""]
    if state.doing == remedy.text:
        return [*lines, f"Being done. s stops it. {_so_far(state)}".rstrip(), "", *state.said[-12:]]
    if _is_tried(remedy, state) and state.trial is not None:
        lines += [words.waiting(f"Asking {state.trial.who}", state.trial, state.now), ""]
    for done in (applied for applied in guide.applied if applied.remedy == remedy.text):
        lines += [*remedies.applied(done), ""]
    tried = _tried(guide, remedy)
    if tried is not None:
        lines += [*remedies.trial(tried), remedies.LEGEND, ""]
    text = [remedy.text, ""] if remedy.steps else []
    return [*lines, *text, *remedies.facts(remedy)]


def _so_far(state: State) -> str:
    """How long it has taken, and how long it may take."""
    done = words.elapsed(state.begun, state.now).partition(" ")[0]
    if state.begun is None or not done:
        return ""
    return f"So far {done} s of at most {state.begun.limit / 3600:g} h."


def _problem(guide: Guide, state: State, room: int) -> str:
    """The problem, and what became of it since; Enter says all of it."""
    title = shortened(guide.finding.title, room)
    if state.checking == guide.finding.id:
        return f"{title}\nExamining the machine again..."
    if guide.checked is None:
        return title
    last = guide.applied[-1] if guide.applied else None
    said = sentence(guide.finding, last, guide.checked)
    return f"{title}\n{said} {state.again.get(guide.finding.id, '')}".rstrip()


def _tried(guide: Guide, remedy: Remedy) -> Tried | None:
    return next((tried for tried in guide.tried if tried.remedy == remedy.text), None)
