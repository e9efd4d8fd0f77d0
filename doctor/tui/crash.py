"""The app that shows a fault of the app: a fresh one, for the state of the other may be broken."""

from dataclasses import dataclass
from typing import ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.worker import Worker, WorkerState

from doctor.model import Report
from doctor.tui.bundling import Bundling
from doctor.tui.fault import HEADLINE, REPORT, Fault
from doctor.tui.leaving import FAULT, Leaving
from doctor.tui.looking import Looking
from doctor.tui.screens.crash import KEYS, CrashScreen
from doctor.tui.state import State


@dataclass
class SoFar(Message):
    """What is found in what was recorded until the fault."""

    report: Report


class CrashApp(Bundling):
    """One screen about a fault, and the bundle of what was recorded until then."""

    TITLE = "envdoctor"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", key_display="?", id="help",
                tooltip="Keys of this screen"),
        Binding("q", "quit", "Quit", id="quit", tooltip="Leave"),
        Binding("b", "bundle", "Bundle", id="bundle",
                tooltip="A file of what was recorded so far, without names and secrets"),
        Binding("y", "whole", "Text", id="text", tooltip="All that there is to report, to copy"),
        Binding("ctrl+z", "suspend_process", "Suspend", id="suspend", show=False,
                tooltip="Back to the shell; fg comes back here"),
        Binding("ctrl+c", "interrupt", "Interrupt", id="interrupt", show=False, priority=True),
    ]  # fmt: skip

    def __init__(self, broken: Leaving, fault: Fault) -> None:
        """Shows what broke in an app that has ended."""
        super().__init__()
        self._session = broken.session
        self._told = fault
        if isinstance(broken, Looking):
            self.look(broken.kept, broken.terminal)
        known = getattr(broken, "state", None)
        self.set_reactive(Bundling.state, known if isinstance(known, State) else State())

    def on_mount(self) -> None:
        """Its only room."""
        self.push_screen(CrashScreen(HEADLINE, self._told.left, REPORT, self._told.shown))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Pages over the screen have keys of their own."""
        return action not in ("bundle", "whole") or isinstance(self.screen, CrashScreen)

    async def action_quit(self) -> None:
        """The fault is what scripts are told."""
        self.leave(FAULT)

    def action_interrupt(self) -> None:
        """The same."""
        self.leave(FAULT)

    def action_help(self) -> None:
        """The keys, which the screen shows too."""
        self._page("Keys", KEYS)

    def action_whole(self) -> None:
        """Everything that there is to report."""
        self._page("What to report", self._told.text)

    def _page(self, title: str, text: str) -> None:
        from doctor.tui.screens.text import TextScreen

        if not isinstance(self.screen, TextScreen):
            self.push_screen(TextScreen(title, text))

    # --- the bundle --------------------------------------------------------------------------

    def action_bundle(self) -> None:
        """Where the examination had not ended, what is known so far is judged first."""
        if self.state.report is not None:
            super().action_bundle()
        elif not any(worker.group == "so far" for worker in self.workers if worker.is_running):
            self._say("Reading what was recorded so far...")
            self._judge()

    @work(thread=True, exit_on_error=False, group="so far")
    def _judge(self) -> None:
        self.post_message(SoFar(self._session.so_far()))

    @on(SoFar)
    def _judged_so_far(self, message: SoFar) -> None:
        self._say("")
        self.state = replace(self.state, report=message.report)
        super().action_bundle()

    @on(Worker.StateChanged)
    def _failed(self, message: Worker.StateChanged) -> None:
        """What broke may be needed for it."""
        if message.state is WorkerState.ERROR and message.worker.group == "so far":
            error = type(message.worker.error).__name__
            self._say(f"No bundle can be made of what was recorded: that broke too ({error}).")

    def _say(self, text: str) -> None:
        if isinstance(self.screen, CrashScreen):
            self.screen.tell(text)
