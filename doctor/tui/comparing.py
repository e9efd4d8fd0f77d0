"""The part of the app that puts the machine that is shown beside others, from files."""

from textual import on, work
from textual.reactive import reactive

from doctor.model import Report
from doctor.session import Session
from doctor.tui.copying import Copying
from doctor.tui.messages import CompareFiles, FilesCompared
from doctor.tui.state import State


class Comparing(Copying):
    """What the app does to compare; everything else is in `DoctorApp`."""

    state: reactive[State]
    _session: Session

    def action_compare(self) -> None:
        """A page over the room, once there is a report to compare."""
        from doctor.tui.screens.compare import CompareScreen

        if self.state.report is not None and len(self.screen_stack) == 1:
            self.push_screen(CompareScreen())

    @on(CompareFiles)
    def _compare(self, message: CompareFiles) -> None:
        if self.state.report is not None:
            self._read_files(self.state.report, message.line)

    @work(thread=True, exclusive=True, exit_on_error=False, group="compare")
    def _read_files(self, report: Report, line: str) -> None:
        self.post_message(FilesCompared(line, *self._session.compare(report, line)))

    @on(FilesCompared)
    def _compared(self, message: FilesCompared) -> None:
        from doctor.tui.screens.compare import CompareScreen

        if not isinstance(self.screen, CompareScreen):
            return
        if message.comparison is None:
            self.screen.complain(message.trouble)
        else:
            self.screen.tell_of(message.comparison, self.state)
