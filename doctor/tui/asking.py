"""The part of the app that lets clients try requirements, and reads pasted logs."""

from textual import on, work

from doctor.model import Report
from doctor.tui.bundling import Bundling
from doctor.tui.messages import Explain, Explained, Triage, Triaged
from doctor.tui.state import asked, explained


class Asking(Bundling):
    """What the app does for its rooms of packages and logs."""

    _trying = False
    _pasted_log: str | None = None
    _reading = False

    @on(Explain)
    def _asked(self, message: Explain) -> None:
        """Requirements are tried once the clients are known, after those asked for before."""
        new = tuple(r for r in message.requirements if r not in self.state.requirements)
        self.state = asked(self.state, new)
        self.try_next()

    def try_next(self) -> None:
        """Starts trying what was asked for, unless something is being tried."""
        report = self.state.report
        waiting = tuple(r for r in self.state.requirements if r not in self.state.tried)
        if report is not None and waiting and not self._trying:
            self._trying = True
            self._explain(report, waiting)

    @work(thread=True, exit_on_error=False, group="explain")
    def _explain(self, report: Report, requirements: tuple[str, ...]) -> None:
        self.post_message(Explained(requirements, self._session.explain(report, requirements)))

    @on(Explained)
    def _tried(self, message: Explained) -> None:
        self._trying = False
        self.state = explained(self.state, message.requirements, message.report)
        self.answered()
        self.try_next()

    def answered(self) -> None:
        """Clients have tried what was asked for: guides may wait for that."""

    def action_triage(self) -> None:
        """A page to paste a log into; what it shows is checked against this machine."""
        from doctor.tui.screens.triage import TriageScreen

        if len(self.screen_stack) == 1:
            self.push_screen(TriageScreen())

    @on(Triage)
    def _pasted(self, message: Triage) -> None:
        """While one text is read only the newest waits: a terminal may paste letter by letter."""
        self._pasted_log = message.text
        self._read_log()

    def _read_log(self) -> None:
        report = self.state.report
        if report is not None and self._pasted_log is not None and not self._reading:
            log, self._pasted_log, self._reading = self._pasted_log, None, True
            self._triage(report, log)

    @work(thread=True, exit_on_error=False, group="triage")
    def _triage(self, report: Report, text: str) -> None:
        self.post_message(Triaged(*self._session.triage(report, text)))

    @on(Triaged)
    def _triaged(self, message: Triaged) -> None:
        from doctor.tui.screens.triage import TriageScreen

        self._reading = False
        if isinstance(self.screen, TriageScreen):
            self.screen.tell(message.findings, message.said)
        self._read_log()
