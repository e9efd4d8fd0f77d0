"""envdoctor with a fault in it: `python -m tests.breaking KIND`, run as the command runs the app.

None of our functions is replaced. A room of an app of its own breaks, or the machine does what no
machine should do.
"""

import os
import sys
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

import doctor
from doctor.explain import place
from doctor.host.live import LiveHost
from doctor.model import Figures
from doctor.session import Session
from doctor.tui.app import DoctorApp
from doctor.tui.crash import CrashApp
from doctor.tui.running import run
from doctor.tui.widgets import Room

STYLES = str(Path(doctor.__file__).parent / "tui" / "app.tcss")

SECRET = "hunter2"

MESSAGE = (
    "cannot read /home/alice/acme-merger/environment.yml of "
    f"https://alice:{SECRET}@conda.example.org/t/tk-123/main \x1b]0;pwned\x07"
)


class Fault(RuntimeError):
    """What no code of ours catches."""


class BrokenRoom(Room):
    """A room that cannot be put together."""

    def body(self) -> ComposeResult:
        raise Fault(MESSAGE)
        yield


class BrokenApp(DoctorApp):
    """F9 breaks it, in the way that it was started for."""

    CSS_PATH = STYLES
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "break", "Break")]
    kind = ""

    def action_break(self) -> None:
        if self.kind == "compose":
            self.push_screen(BrokenRoom())
        elif self.kind == "worker":
            self.break_beside()
        else:
            raise Fault(MESSAGE)

    @work(thread=True, exit_on_error=False)
    def break_beside(self) -> None:
        raise Fault(MESSAGE)


class BrokenMachine(LiveHost):
    """Breaks while it is examined, as soon as a client runs: its pipe says so."""

    def figures(self) -> Figures:
        with open(os.environ["STARTED"]) as pipe:
            pipe.read()
        raise Fault(MESSAGE)


class BrokenScreen(CrashApp):
    """Breaks while it tells what broke."""

    CSS_PATH = STYLES

    def action_whole(self) -> None:
        raise Fault("again")

    def on_ready(self) -> None:
        self.action_whole()


class OddMachine(LiveHost):
    """Answers with what no file can hold."""

    def figures(self) -> Figures:
        return Figures(memory=object())  # type: ignore[arg-type]


HOSTS = {"examination": BrokenMachine, "odd": OddMachine}


def main(kind: str) -> int:
    host = HOSTS.get(kind, LiveHost)({"@channel@": place})
    app = BrokenApp(Session(host, 60, host), 60)
    app.kind = kind
    return run(app, shown=BrokenScreen if kind == "twice" else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
