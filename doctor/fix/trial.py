"""A remedy -> what solvers answer before it and after it; nothing outside scratch changes."""

import time
from collections.abc import Callable

from msgspec.structs import replace

from doctor import examine
from doctor.clients import BY_KIND
from doctor.examine import Databases
from doctor.explain import Overriding, overridden, predicted
from doctor.host import Host
from doctor.model import (
    Answered,
    Attempt,
    Basis,
    Client,
    Probe,
    Remedy,
    Report,
    Tried,
    Waiting,
)
from doctor.reach import own_number
from doctor.requirements import LEVEL_PACKAGE

LIMIT = 60.0
"""Seconds that each question of a trial has."""


Tell = Callable[[Waiting], None]
"""Hears whose answer is waited for, each time that a question is asked."""


def tried(
    host: Host,
    reference: Host,
    report: Report,
    remedy: Remedy,
    limit: float = LIMIT,
    tell: Tell = lambda waiting: None,
) -> Tried | None:
    """What a remedy would do, `None` where it has nothing that a solver could answer.

    What a client here can be asked is proven by its own solver; another version, other parts, and
    what cannot be run are predicted by `reference`'s. The same question is asked once.
    """
    if remedy.trial is None:
        return None
    reference.prepare("@channel@")
    if host is not reference:
        host.prepare("@channel@")
    asking = _Asking(host, reference, report, limit, tell)
    before = tuple(asking.answer(probe) for probe in remedy.trial.before)
    after = tuple(asking.answer(probe) for probe in remedy.trial.after)
    return Tried(remedy.text, before, after, _unsafe(report, after))


def _unsafe(report: Report, after: tuple[Answered, ...]) -> str:
    """A level above what every processor has is no success, whatever the solver says."""
    own = own_number(report.machine)
    for answered in after:
        for name, version, _ in answered.attempt.chosen or ():
            if own and LEVEL_PACKAGE.fullmatch(name) and version.isdecimal() and int(version) > own:
                return f"{answered.title} would install level {version}, this CPU has level {own}"
    return ""


class _Asking:
    """Answers the questions of one trial."""

    def __init__(
        self, host: Host, reference: Host, report: Report, limit: float, tell: Tell
    ) -> None:
        self._tell = tell
        self._host = host
        self._reference = reference
        self._report = report
        self._limit = limit
        self._known: dict[bytes, Answered] = {}
        self._databases = Databases(host, report.machine)

    def answer(self, probe: Probe) -> Answered:
        """By the client's solver, else by its rule."""
        import msgspec

        key = msgspec.json.encode(probe)
        if key not in self._known:
            self._known[key] = self._ask(probe)
        return self._known[key]

    def _ask(self, probe: Probe) -> Answered:
        client = next((c for c in self._report.clients if c.id == probe.client), None)
        if client is None:
            reason = "is not among the clients of this report"
            gone = Attempt(probe.requirement, "unknown", Basis.PREDICTED, trouble=reason)
            return Answered(probe, probe.client, gone)
        other = self._changed(client, probe)
        self._tell(Waiting(time.monotonic(), self._limit, other.title))
        attempt = None if probe.version or probe.parts else self._proven(client, probe)
        if attempt is None or attempt.installs is None:
            failed = attempt.trouble if attempt is not None and self._host.live else None
            attempt = self._by_rule(other, probe)
            attempt = replace(attempt, trouble=attempt.trouble or failed)
        return Answered(probe, other.title, replace(attempt, override=probe.override))

    def _changed(self, client: Client, probe: Probe) -> Client:
        """The client as the probe would have it, with its rule."""
        other = client
        if probe.version is not None or probe.parts:
            table = None if "archspec" in probe.parts else client.archspec_json
            parts = {**client.parts, **probe.parts}
            if client.kind == "mamba" and probe.version:
                parts.pop("libmambapy", None)
            other = replace(client, version=probe.version or client.version, parts=parts,
                            archspec_json=table, answers=())  # fmt: skip
        if probe.way is not None:
            other = replace(other, parts={**other.parts, "solver": probe.way})
        if probe.override is not None:
            return overridden(self._databases, self._report, other, probe.override)
        return examine.predicted(other, self._report.machine, self._databases)

    def _proven(self, client: Client, probe: Probe) -> Attempt | None:
        if client.trouble:
            return None
        host = self._host if probe.override is None else Overriding(self._host, probe.override)
        found = BY_KIND[client.kind].attempt(host, client, probe.requirement, self._limit)
        chosen = [a for a in found if probe.way in (None, a.way)]
        return chosen[0] if chosen else None

    def _by_rule(self, client: Client, probe: Probe) -> Attempt:
        found = predicted(self._reference, client, (probe.requirement,), self._limit)
        return found[0]
