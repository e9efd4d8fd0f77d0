"""The app: rooms as modes, one state, one worker that listens to the examination."""

import time
from typing import ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from doctor.model import Waiting
from doctor.session import Session
from doctor.tui.messages import (
    CheckAgain,
    OpenFinding,
    OpenPage,
    Progress,
)
from doctor.tui.screens.overview import OverviewScreen
from doctor.tui.state import State, advance
from doctor.tui.underway import Underway
from doctor.tui.widgets import Room


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


class DoctorApp(Underway):
    """envdoctor in a terminal."""

    TITLE = "envdoctor"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - as App has it
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
        Binding("m", "compare", "Compare", id="compare", show=False,
                tooltip="Beside other machines: bundles, recordings, reports"),
        Binding("ctrl+c", "interrupt", "Interrupt", id="interrupt", show=False, priority=True),
    ]  # fmt: skip

    def __init__(self, session: Session, limit: float) -> None:
        """Shows a session that is already running."""
        super().__init__()
        self._session = session
        self._limit = limit

    def on_mount(self) -> None:
        """Starts listening, also for the wish of the system that we end."""
        self.listen_to_signals()
        self.state = State(machine=self._session.glance, guides=self._session.guides)
        self.call_after_refresh(self._examine)

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
            self.state = advance(self.state, message.event)
            self.check_guides()
            self.try_next()
            self.try_waiting()

    @on(Worker.StateChanged)
    def _failed(self, message: Worker.StateChanged) -> None:
        """A broken examination is said, never shown as an endless `asking...`."""
        if message.state is WorkerState.ERROR:
            if message.worker.group == "examine":
                self.state = replace(self.state, asking=None)
            self.notify(f"The examination broke: {message.worker.error}", severity="error",
                        timeout=30, markup=False)  # fmt: skip

    def watch_state(self, old: State, state: State) -> None:
        """Hands the state to every room that exists; others ask when they are first shown."""
        if not self.is_running:  # what is heard while the app closes has no screen any more
            return
        for screen in self.screen_stack:
            if isinstance(screen, Room) and screen.is_mounted:  # else it draws itself when it is
                screen.show(state)
        self.keep_time(state)
        if state.now == old.now:  # else only the clock went on
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of rooms are hidden on pages over one, and most are grey until there is a report."""
        if action == "stop":
            return self.state.doing is not None or self.state.under_way
        if action not in ("rerun", "triage", "guide", "bundle", "catalogue"):
            return True
        if action == "guide" and hasattr(self.screen, "guided"):
            return True if self.state.report is not None else None
        if len(self.screen_stack) > 1:
            return False
        return True if action == "catalogue" or self.state.report is not None else None

    @on(OpenFinding)
    def _open_finding(self, message: OpenFinding) -> None:
        from doctor.tui.screens.finding import FindingScreen

        self.push_screen(FindingScreen(message.finding))

    @on(OpenPage)
    def _open_page(self, message: OpenPage) -> None:
        from doctor.tui.screens.page import PageScreen

        page = next((p for p in self._session.pages() if p.id == message.problem), None)
        if page is None:
            self.notify(f"There is no page about {message.problem}.", markup=False)
        else:
            self.push_screen(PageScreen(page))

    def action_catalogue(self) -> None:
        """All known problems: they need no report."""
        from doctor.tui.screens.catalogue import CatalogueScreen

        self.push_screen(CatalogueScreen(self._session.pages()))

    def action_rerun(self) -> None:
        """Examines again, unless that is still under way or the machine is a recording."""
        if self.state.report is not None and self.state.doing is None:
            self.rerun()

    @on(CheckAgain)
    def _check_again(self, message: CheckAgain) -> None:
        self.check_again(message.finding)

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

    def action_help(self) -> None:
        """Keys of the room that is shown."""
        from doctor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen.active_bindings))


def run(session: Session, limit: float) -> int:
    """Runs the app on a session; returns the exit status."""
    app = DoctorApp(session, limit)
    app.run()
    return app.return_code or 0
