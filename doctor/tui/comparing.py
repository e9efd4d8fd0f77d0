"""The part of the app that puts the machine that is shown beside others, from files."""

from textual import on, work

from doctor.model import Report
from doctor.session import Session
from doctor.tui.messages import CompareFiles, FilesCompared
from doctor.tui.opening import Opening


class Comparing(Opening):
    """What the app does to compare; everything else is in `DoctorApp`."""

    _session: Session

    def action_compare(self) -> None:
        """A page over the room, once there is a report to compare."""
        from doctor.tui.screens.compare import CompareScreen

        if self.state.report is not None and len(self.screen_stack) == 1:
            self.push_screen(CompareScreen())

    @on(CompareFiles)
    def _compare(self, message: CompareFiles) -> None:
        if self.state.report is not None:
            self._read_files(self.state.report, message)

    @work(thread=True, exclusive=True, exit_on_error=False, group="compare")
    def _read_files(self, report: Report, wanted: CompareFiles) -> None:
        found = self._session.compare(report, wanted.line)
        self.post_message(FilesCompared(wanted, *found))

    @on(FilesCompared)
    def _compared(self, message: FilesCompared) -> None:
        from doctor.tui.screens.compare import CompareScreen

        for screen in self.screen_stack:
            if not isinstance(screen, CompareScreen) or screen.wanted is not message.wanted:
                continue  # older files were slow to read, or their page was closed
            if message.comparison is None:
                screen.complain(message.trouble)
            else:
                screen.tell_of(message.comparison, self.state)
