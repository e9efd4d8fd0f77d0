"""The app: rooms as modes, one state, one worker that listens to the examination."""

import gc
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from doctor.model import Waiting
from doctor.session import Session
from doctor.settings import Kept
from doctor.tui.messages import (
    CheckAgain,
    Progress,
)
from doctor.tui.screens.overview import OverviewScreen
from doctor.tui.state import State, advance
from doctor.tui.terminal import Terminal
from doctor.tui.underway import Underway
from doctor.tui.widgets import USUAL, WIDE, Room, say_once

if TYPE_CHECKING:
    from textual.actions import ActionParseResult


def _machine() -> Screen[None]:
    """Loaded when it is first shown: the first frame does not wait for it."""
    from doctor.tui.screens.machine import MachineScreen

    return MachineScreen()


def _clients() -> Screen[None]:
    from doctor.tui.screens.clients import ClientsScreen

    return ClientsScreen()


def _packages() -> Screen[None]:
    from doctor.tui.screens.packages import PackagesScreen

    return PackagesScreen()


def _environments() -> Screen[None]:
    from doctor.tui.screens.environments import EnvironmentsScreen

    return EnvironmentsScreen()


def _project() -> Screen[None]:
    from doctor.tui.screens.project import ProjectScreen

    return ProjectScreen()


NOTHING_KEPT = Kept()
EVERYTHING = Terminal()

OVER_ROOMS = ("rerun", "triage", "guide", "bundle", "catalogue", "compare")
"""Actions that are offered in rooms, not on the pages over one."""


class DoctorApp(Underway):
    """envdoctor in a terminal."""

    TITLE = "envdoctor"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-small"), (USUAL, "-usual"), (WIDE, "-wide")]  # noqa: RUF012
    MODES: ClassVar = {
        "overview": OverviewScreen,
        "machine": _machine,
        "clients": _clients,
        "packages": _packages,
        "environments": _environments,
        "project": _project,
    }
    DEFAULT_MODE = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "switch_mode('overview')", "Overview", id="overview", show=False,
                tooltip="One sentence, then the worst findings first"),
        Binding("2", "switch_mode('machine')", "Machine", id="machine", show=False,
                tooltip="CPU features by level: have and missing"),
        Binding("3", "switch_mode('clients')", "Clients", id="clients", show=False,
                tooltip="Every installed client and what it reports"),
        Binding("4", "switch_mode('packages')", "Packages", id="packages", show=False,
                tooltip="Requirements by client, tried in dry runs"),
        Binding("5", "switch_mode('environments')", "Environments", id="environments",
                show=False, tooltip="The level that each environment needs"),
        Binding("6", "switch_mode('project')", "Project", id="project", show=False,
                tooltip="CPU-pinned lines of the files in this folder"),
        Binding("question_mark", "help", "Help", key_display="?", id="help",
                tooltip="Keys of this room"),
        Binding("q", "quit", "Quit", id="quit", tooltip="Leave, ending every child at once"),
        Binding("f1", "typing('help')", "Help", id="typing_help",
                tooltip="Keys of this room, also while typing"),
        Binding("ctrl+q", "typing('quit')", "Quit", key_display="^q", id="typing_quit",
                tooltip="Leave, also while typing"),
        Binding("s", "stop", "Stop", id="stop",
                tooltip="End what is under way at once: what did not answer is unknown"),
        Binding("r", "rerun", "Again", id="rerun", tooltip="Examine everything again"),
        Binding("g", "guide", "Guide", id="guide",
                tooltip="What to do about it, step by step, tried before it is done"),
        Binding("b", "bundle", "Bundle", id="bundle",
                tooltip="A file for somebody else, without names and secrets"),
        Binding("t", "triage", "Log", id="triage",
                tooltip="Paste an error log: which known problem it shows"),
        Binding("k", "catalogue", "Problems", id="catalogue",
                tooltip="Known problems: cause, signs and remedies of each"),
        Binding("m", "compare", "Compare", id="compare",
                tooltip="Beside other machines: bundles, recordings, reports"),
        Binding("w", "words", "Words", id="words",
                tooltip="Level, archspec name, override: what they are, how each is spelt"),
        Binding("ctrl+p", "palette", "Everything", key_display="^p", id="palette",
                tooltip="Find any room, verb, finding, client or known problem by its letters"),
        Binding("f2", "palette", "Everything", id="palette_too", show=False,
                tooltip="The same, where something else takes ^p"),
        Binding("ctrl+z", "suspend_process", "Suspend", id="suspend", show=False,
                tooltip="Back to the shell for a while; fg comes back here"),
        Binding("f9", "settings", "Settings", id="settings", show=False,
                tooltip="Colours, ASCII, mouse, time limit, muted findings"),
        Binding("ctrl+c", "interrupt", "Interrupt", id="interrupt", show=False, priority=True),
    ]  # fmt: skip

    def __init__(
        self,
        session: Session,
        limit: float,
        kept: Kept = NOTHING_KEPT,
        terminal: Terminal = EVERYTHING,
    ) -> None:
        """Shows a session that is already running, as was kept and as a terminal can."""
        super().__init__()
        self._session = session
        self._limit = limit
        self.look(kept, terminal)
        self.settings = replace(self.settings, limit=limit)  # which may be another for this run

    def on_mount(self) -> None:
        """Starts listening to the examination."""
        self.state = State(machine=self._session.glance, guides=self._session.guides)
        self.call_after_refresh(self._examine)
        if self.kept.trouble:
            self.notify(self.kept.trouble, title="Settings", timeout=20, markup=False)

    def on_unmount(self) -> None:
        """What is frozen may go, where something else than the end of the process follows."""
        gc.unfreeze()

    def _examine(self) -> None:
        """Begins once the first frame is on the screen."""
        self.state = replace(self.state, asking=Waiting(time.monotonic(), self._limit))
        self._session.start()
        self._listen(self._session)

    @work(thread=True, exclusive=True, exit_on_error=False, group="examine")
    def _listen(self, session: Session) -> None:
        for event in session.events():
            self.post_message(Progress(event, session))

    @on(Progress)
    def _advance(self, message: Progress) -> None:
        """What an earlier examination still says is not listened to."""
        if message.session is self._session:
            before = self.state.report
            self.state = self.with_muted(advance(self.state, message.event))
            if self.state.report is not before:
                gc.freeze()  # it stays: looking through thousands of findings takes half a second
            self.check_guides()
            self.try_next()
            self.try_waiting()

    @on(Worker.StateChanged)
    def _failed(self, message: Worker.StateChanged) -> None:
        """What breaks beside the screens is a fault too, never an endless `asking...`."""
        error = message.worker.error
        if message.state is WorkerState.ERROR and not self.is_leaving:
            self._handle_exception(
                error if isinstance(error, Exception) else RuntimeError(repr(error))
            )

    def watch_state(self, old: State, state: State) -> None:
        """Hands the state to every room that exists; others ask when they are first shown."""
        if not self.is_running:  # what is heard while the app closes has no screen any more
            return
        for screen in self.screen_stack:
            if isinstance(screen, Room) and screen.is_drawn:  # else it draws itself when it is
                screen.show(state)
        self.keep_time(state)
        if state.now == old.now:  # else only the clock went on
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of rooms are hidden on pages over one, and most are grey until there is a report."""
        if action in ("help", "quit"):
            return not self.is_typing
        if action == "stop":
            return self.state.doing is not None or self.state.under_way
        if action == "guide" and hasattr(self.screen, "guided"):
            return None if self.why_not(action) else True
        if action in OVER_ROOMS and len(self.screen_stack) > 1:
            return False
        return None if self.why_not(action) else True

    def why_not(self, action: str) -> str:
        """Why a key is grey, empty where it is not."""
        if action not in OVER_ROOMS or action == "catalogue":
            return ""
        if self.state.report is None:
            return "Not yet: the machine is still being examined."
        if action == "rerun" and self.state.source != "this machine":
            return "This is a recording: it answers what it answered. Nothing can be asked again."
        return ""

    def explain_grey(self, said: str) -> None:
        """Where the room has a line for it, else over the room for a while."""
        if isinstance(self.screen, Room):
            self.screen.say_why(said)
        else:
            say_once(self, said)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Does what a key stands for; a grey one says why it does nothing."""
        done = await super().run_action(action, default_namespace, namespaces)
        name = action.rpartition(".")[2].partition("(")[0] if isinstance(action, str) else ""
        for node in (default_namespace, self):
            if not done and isinstance(node, Room | DoctorApp) and (said := node.why_not(name)):
                self.explain_grey(said)
                break
        return done

    def action_rerun(self) -> None:
        """Examines again, unless that is still under way or the machine is a recording."""
        if self.state.report is not None and self.state.doing is None:
            self.rerun()

    @on(CheckAgain)
    def _check_again(self, message: CheckAgain) -> None:
        self.check_again(message.finding)

    def limited(self, seconds: float) -> None:
        """From the next examination on."""
        self._limit = seconds

    def rerun(self) -> None:
        """Everything is examined anew; guides and what is looked for again are remembered."""
        self._begin(self._session.again(kept=False))

    def recheck(self) -> None:
        """What changed is examined anew; everything else keeps its answer."""
        old = self.state
        self._begin(self._session.again(kept=True))
        self.state = replace(self.state, explained=old.explained, attempted=old.attempted)

    def _begin(self, session: Session) -> None:
        """What is still asked for the examination before is not waited for."""
        old = self.state
        self._session.stop()
        self.state = State(
            machine=session.glance, requirements=old.requirements, guides=old.guides,
            trying=old.trying, checking=old.checking, now=old.now,
        )  # fmt: skip
        self._session = session
        self._examine()

    @property
    def is_typing(self) -> bool:
        """Whether letters go into a line, so that none of them can be a key."""
        return self.focused is not None and self.focused.check_consume_key("a", "a")

    async def action_typing(self, what: str) -> None:
        """Help or quit by keys that are no letters."""
        if what == "help":
            self.action_help()
        else:
            await self.action_quit()
