"""The part of the app that takes somebody through a finding: try, do, check again, remember."""

import time
from collections import deque

from msgspec.structs import replace
from textual import on, work

from doctor.model import Applied, Finding, Guide, Remedy, Report, Tried, Waiting
from doctor.report.words import asked_again
from doctor.session import Session, Work
from doctor.tui.asking import Asking
from doctor.tui.messages import (
    AppliedRemedy,
    ApplyRemedy,
    GuideFinding,
    GuideRequirement,
    Said,
    TrialWaits,
    TriedRemedy,
    TryRemedy,
)
from doctor.tui.state import asked

MAX_LINE = 500
"""Characters of a line of a command's output that are shown."""


class Guiding(Asking):
    """What the app does for its guide; everything else is in `DoctorApp`."""

    _awaited: str | None = None
    _waiting: tuple[tuple[str, Remedy], ...] = ()
    _trying_remedy: Remedy | None = None
    _lines: deque[str]
    _telling = False

    # --- where a guide begins ----------------------------------------------------------------

    def action_guide(self) -> None:
        """Into the guide of what the screen shows, else to the page of where to start."""
        from doctor.tui.screens.guide import GuideScreen
        from doctor.tui.screens.start import StartScreen

        subject = getattr(self.screen, "guided", lambda: None)()
        if isinstance(subject, Finding):
            self.post_message(GuideFinding(subject))
        elif isinstance(subject, str):
            self.post_message(GuideRequirement(subject))
        elif not isinstance(self.screen, StartScreen | GuideScreen):
            self.push_screen(StartScreen())

    @on(GuideFinding)
    def _guide(self, message: GuideFinding) -> None:
        """Begins, or goes on where it was left; what solvers can answer is asked at once.

        It is asked again where the finding is another one by now: so may the answers be.
        """
        from doctor.fix.recheck import own
        from doctor.tui.screens.guide import GuideScreen

        report = self.state.report
        finding = own(message.finding, report) if report else message.finding
        guide = self.state.guides.get(finding.id)
        if guide is None or guide.finding != finding:
            known = guide or Guide(finding)
            self._keep(replace(known, finding=finding, tried=()))
        self.push_screen(GuideScreen(finding.id))
        for remedy in finding.remedies:
            if not any(tried.remedy == remedy.text for tried in self._guide_of(finding.id).tried):
                self.post_message(TryRemedy(finding.id, remedy))

    @on(GuideRequirement)
    def _guide_requirement(self, message: GuideRequirement) -> None:
        """Once every client has tried it."""
        self._awaited = message.requirement
        self.state = asked(self.state, (message.requirement,))
        self.try_next()
        self.begin_awaited()

    def begin_awaited(self) -> None:
        """Opens the guide of a requirement as soon as clients have answered."""
        wanted, explained = self._awaited, self.state.explained
        if wanted is None or explained is None or wanted not in self.state.tried:
            return
        self._awaited = None
        self.post_message(GuideFinding(self._session.problem(explained, wanted)))

    def answered(self) -> None:
        """What waited for clients goes on."""
        self.begin_awaited()
        self.check_guides()

    def recheck(self) -> None:
        """Examines again what changed; `DoctorApp` does."""
        raise NotImplementedError

    # --- try ---------------------------------------------------------------------------------

    @on(TryRemedy)
    def _try_remedy(self, message: TryRemedy) -> None:
        """One trial after the other: the solves of a client lock its caches."""
        if message.remedy.trial is not None and not message.remedy.blocked:
            self._waiting = (*self._waiting, (message.finding, message.remedy))
            self.try_waiting()

    def try_waiting(self) -> None:
        """Starts the next trial, once there is a report and the one before it ended."""
        report = self.state.report
        if report is not None and self._waiting and self._trying_remedy is None:
            (finding, remedy), self._waiting = self._waiting[0], self._waiting[1:]
            self._trying_remedy = remedy
            self._ask(self._session, self._session.begin(), report, finding, remedy)
        self.mark_trying()

    @work(thread=True, exit_on_error=False, group="trial")
    def _ask(
        self, session: Session, task: Work, report: Report, finding: str, remedy: Remedy
    ) -> None:
        def tell(waiting: Waiting) -> None:
            self.post_message(TrialWaits(waiting, session))

        tried: Tried | None = None
        try:
            tried = session.try_remedy(report, remedy, task, tell)
        finally:
            self.post_message(TriedRemedy(finding, remedy, tried, session))

    @on(TrialWaits)
    def _trial_waits(self, message: TrialWaits) -> None:
        if message.session is self._session and self._trying_remedy is not None:
            self.state = replace(self.state, trial=message.waiting)

    @on(TriedRemedy)
    def _remedy_tried(self, message: TriedRemedy) -> None:
        """Remembers it; what an examination broke off is tried once more after that."""
        self._trying_remedy = None
        self.state = replace(self.state, trial=None)
        if message.session is not self._session:
            self._waiting = ((message.finding, message.remedy), *self._waiting)
        elif message.tried is not None:
            guide = self._guide_of(message.finding)
            others = tuple(t for t in guide.tried if t.remedy != message.remedy.text)
            self._keep(replace(guide, tried=(*others, message.tried)))
        self.try_waiting()

    def forget_trials(self) -> None:
        """What waits for its trial is not tried any more, unless somebody asks for it again."""
        self._waiting = ()
        self.mark_trying()

    def mark_trying(self) -> None:
        """The state says what is being tried or waits for it."""
        now = [self._trying_remedy] if self._trying_remedy else []
        texts = tuple(r.text for r in (*now, *(remedy for _, remedy in self._waiting)))
        if texts != self.state.trying:
            self.state = replace(self.state, trying=texts)

    # --- do ----------------------------------------------------------------------------------

    @on(ApplyRemedy)
    def _apply(self, message: ApplyRemedy) -> None:
        """Only after the question; one thing at a time."""
        from doctor.host.changing import LIMIT

        if self._doing is None and self._session.host.live:
            self._doing = self._session.doing()
            self._lines = deque(maxlen=200)
            self.state = replace(
                self.state, doing=message.remedy.text, said=(),
                begun=Waiting(time.monotonic(), LIMIT),
            )  # fmt: skip
            self._carry_out(self._guide_of(message.finding).finding, message.remedy)

    @work(thread=True, exit_on_error=False, group="apply")
    def _carry_out(self, finding: Finding, remedy: Remedy) -> None:
        """However it ends, the app is told; a flood of lines is one message at a time."""

        def say(line: str) -> None:
            self._lines.append(line[:MAX_LINE])
            if not self._telling:
                self._telling = True
                self.post_message(Said())

        assert self._doing is not None
        try:
            applied = self._doing.apply(finding, remedy, say)
        except Exception as error:  # noqa: BLE001 - a fault of ours, said where the user looks
            state = f"envdoctor broke: {error}. What was done before that may be left."
            applied = Applied(finding.id, remedy.text, "", False, state)
        self.outcome = applied
        self.post_message(AppliedRemedy(finding.id, applied))

    @on(Said)
    def _told(self) -> None:
        self._telling = False
        self.state = replace(self.state, said=tuple(self._lines.copy()))

    @on(AppliedRemedy)
    def _remedy_applied(self, message: AppliedRemedy) -> None:
        """Remembers it, then examines again what changed, or leaves if that was asked for."""
        self._doing = None
        if self._leaving is not None:
            self.leave(self._leaving)
            return
        guide = self._guide_of(message.finding)
        kept = replace(guide, applied=(*guide.applied, message.applied), checked=None)
        self._keep(kept)
        self.state = replace(self.state, doing=None, begun=None, checking=message.finding)
        self.recheck()

    # --- check again -------------------------------------------------------------------------

    def check_guides(self) -> None:
        """After an examination: whether the finding of the guide is still there."""
        from doctor.fix.recheck import checked, needs_trying

        report, wanted = self.state.report, self.state.checking
        if report is None or wanted is None or wanted not in self.state.guides:
            return
        guide = self._guide_of(wanted)
        if needs_trying(guide.finding):
            report = self.state.explained
            if report is None or guide.finding.subject not in self.state.tried:
                return
        last: Applied | None = guide.applied[-1] if guide.applied else None
        self._keep(replace(guide, checked=checked(guide.finding, last, report)))
        again = {}
        if self.state.kept is not None and self._session.host.live:
            again[wanted] = asked_again(self.state.clients or (), self.state.kept)
        self.state = replace(self.state, checking=None, again=again)

    def check_again(self, finding: str) -> None:
        """Examines again what changed, for this guide."""
        self.state = replace(self.state, checking=finding)
        self.recheck()

    def _guide_of(self, finding: str) -> Guide:
        return self.state.guides[finding]

    def _keep(self, guide: Guide) -> None:
        self.state = replace(self.state, guides={**self.state.guides, guide.finding.id: guide})
