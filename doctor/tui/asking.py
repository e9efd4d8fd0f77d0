"""The part of the app that lets clients try requirements, and reads pasted logs."""

import time

from msgspec.structs import replace
from textual import on, work

from doctor.model import Attempt, Basis, Client, Report, Waiting
from doctor.session import Session, Work
from doctor.tui.bundling import Bundling
from doctor.tui.messages import ClientTried, Explain, Explained, Triage, Triaged
from doctor.tui.state import Wanted, asked, begun, explained, untried


class Asking(Bundling):
    """What the app does for its rooms of packages and logs."""

    _pasted_log: Triage | None = None
    _reading = False

    @on(Explain)
    def _asked(self, message: Explain) -> None:
        """Requirements are tried once the clients are known, after those asked for before."""
        new = tuple(r for r in message.requirements if r not in self.state.requirements)
        self.state = asked(self.state, new)
        self.try_next()

    def try_next(self) -> None:
        """Starts trying what is left to try, unless something is being tried."""
        report = self.state.report
        if report is None or self.state.explaining is not None or not self.state.requirements:
            return
        from doctor.explain import LIMIT

        wanted = untried(self.state)
        if wanted:
            self.state = begun(self.state, report, wanted, Waiting(time.monotonic(), LIMIT))
            self._explain(self._session, self._session.begin(), report, wanted)
        elif self.state.explained is None:
            self.state = begun(self.state, report, {}, Waiting(time.monotonic(), LIMIT))
            self.post_message(Explained(self._session))  # there is no client to ask

    @work(thread=True, exit_on_error=False, group="explain")
    def _explain(self, session: Session, task: Work, report: Report, wanted: Wanted) -> None:
        """However it ends, the app is told."""

        def tell(client: Client) -> None:
            self.post_message(ClientTried(client, wanted[client.id], session))

        trouble = ""
        try:
            session.dry_runs(task, report, wanted, tell)
        except Exception as error:  # noqa: BLE001 - a fault of ours, said where the user looks
            trouble = f"could not be tried: {error}"
        self.post_message(Explained(session, trouble))

    @on(ClientTried)
    def _client_tried(self, message: ClientTried) -> None:
        """What an earlier examination asked for is no answer any more."""
        if message.session is self._session:
            self.state = explained(self.state, message.client, message.requirements)

    @on(Explained)
    def _all_tried(self, message: Explained) -> None:
        if message.session is not self._session:
            return
        known = self.state.explained.clients if self.state.explained else ()
        for client in known:  # only where it broke is somebody left
            left = self.state.round.get(client.id, ())
            attempts = tuple(Attempt(r, "unknown", Basis.PROVEN, trouble=message.trouble)
                             for r in left)  # fmt: skip
            if left:
                row = replace(client, attempts=attempts)
                self.state = explained(self.state, row, left)
        self.state = replace(self.state, explaining=None, round={})
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
        self._pasted_log = message
        self._read_log()

    def _read_log(self) -> None:
        report = self.state.report
        if report is not None and self._pasted_log is not None and not self._reading:
            log, self._pasted_log, self._reading = self._pasted_log, None, True
            self._triage(report, log)

    @work(thread=True, exit_on_error=False, group="triage")
    def _triage(self, report: Report, wanted: Triage) -> None:
        self.post_message(Triaged(*self._session.triage(report, wanted.text), wanted))

    @on(Triaged)
    def _triaged(self, message: Triaged) -> None:
        from doctor.tui.screens.triage import TriageScreen

        self._reading = False
        for screen in self.screen_stack:
            if isinstance(screen, TriageScreen) and screen.wanted is message.wanted:
                screen.tell(message.findings, message.said)
        self._read_log()
