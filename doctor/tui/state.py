"""What is known so far: all that a room needs to draw itself."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from doctor.model import STOPPED, Client, Finding, Guide, Machine, Report, Waiting
from doctor.muting import HERE
from doctor.report import words

if TYPE_CHECKING:
    from doctor.examine import Event

Wanted = dict[str, tuple[str, ...]]
"""Requirements by the id of a client."""


class State(Struct, frozen=True):
    """Machine, clients and findings as far as they are known; `report` when all is.

    `requirements` are those that were asked about, `attempted` those that each client, by id, has
    tried, which `explained` has the attempts of, and `round` those that it is trying now.
    `guides` are those that were begun, by finding; `trying` are remedies that wait for their trial,
    the first of them is tried; `doing` is the one that is carried out, `said` what it prints,
    `checking` the finding that is looked for again, `kept` the clients that were not asked again,
    `again` says that of the finding it was done for.

    `asking`, `explaining`, `trial` and `begun` say since when it is waited for the examination, for
    dry runs, for an answer of a trial, and for the one that is carried out; `now` is what time it
    is, as far as a screen shows it.
    """

    machine: Machine | None = None
    clients: tuple[Client, ...] | None = None
    findings: tuple[Finding, ...] = ()
    report: Report | None = None
    requirements: tuple[str, ...] = ()
    attempted: Wanted = field(default_factory=dict)
    round: Wanted = field(default_factory=dict)
    explained: Report | None = None
    guides: dict[str, Guide] = field(default_factory=dict)
    trying: tuple[str, ...] = ()
    doing: str | None = None
    said: tuple[str, ...] = ()
    checking: str | None = None
    kept: tuple[str, ...] | None = None
    again: dict[str, str] = field(default_factory=dict)
    asking: Waiting | None = None
    explaining: Waiting | None = None
    trial: Waiting | None = None
    begun: Waiting | None = None
    now: float = 0.0

    @property
    def tried(self) -> tuple[str, ...]:
        """Requirements that every client has tried."""
        known = self.explained.clients if self.explained else None
        if known is None:
            return ()
        return tuple(r for r in self.requirements
                     if all(r in self.attempted.get(c.id, ()) for c in known))  # fmt: skip

    @property
    def under_way(self) -> bool:
        """Whether somebody is being asked, which can be stopped."""
        return bool(self.asking or self.explaining or self.trial or self.trying)

    @property
    def asked(self) -> str:
        """What stands in the place of an answer that a client still owes."""
        return words.waiting("asking", self.asking, self.now)

    @property
    def headline(self) -> str:
        """One sentence about the whole."""
        if self.report is not None:
            return words.headline(self.report)
        if self.clients is None:
            return "Looking for clients..."
        done = sum(1 for client in self.clients if client.reported is not None)
        return f"Asking clients: {done} of {len(self.clients)} have answered..."

    @property
    def source(self) -> str:
        """Whose machine this is."""
        return self.report.source if self.report else "examining..."


def is_here(state: State) -> bool:
    """Whether a report about this machine is shown."""
    return state.report is not None and state.report.source == HERE


def advance(state: State, event: "Event") -> State:
    """The state after an event."""
    from doctor.examine import ClientAnswered, ClientsFound, Judged, MachineRead

    if isinstance(event, MachineRead):
        return replace(state, machine=event.machine)
    if isinstance(event, ClientsFound):
        found = replace(state, clients=event.clients, asking=event.waiting, kept=event.kept)
        return _only(found, {c.id: c.path for c in event.clients if c.id in (event.kept or ())})
    if isinstance(event, ClientAnswered):
        answered = event.client
        rows = tuple(answered if c.id == answered.id else c for c in state.clients or ())
        return replace(state, clients=rows)
    assert isinstance(event, Judged)
    report = event.report
    return replace(
        state,
        machine=report.machine,
        clients=report.clients,
        findings=report.findings,
        report=report,
        explained=_with_attempts(report, state.explained) if state.explained else None,
        kept=event.kept,
        asking=None,
    )


def asked(state: State, requirements: tuple[str, ...]) -> State:
    """The state in which these requirements are to be tried."""
    return replace(state, requirements=tuple(dict.fromkeys((*state.requirements, *requirements))))


# --- dry runs --------------------------------------------------------------------------------


def untried(state: State) -> Wanted:
    """What is left for each client to try."""
    rows = {
        client.id: tuple(
            wanted
            for wanted in state.requirements
            if wanted not in state.attempted.get(client.id, ())
        )
        for client in state.clients or ()
    }
    return {name: left for name, left in rows.items() if left}


def begun(state: State, report: Report, wanted: Wanted, waiting: Waiting) -> State:
    """The state in which clients try that."""
    known = _with_attempts(report, state.explained)
    return replace(state, explained=known, round=wanted, explaining=waiting)


def explained(state: State, client: Client, requirements: tuple[str, ...]) -> State:
    """The state with what a client did with these requirements, beside what it did before."""
    assert state.explained is not None
    rows = tuple(
        replace(row, attempts=(*row.attempts, *client.attempts)) if row.id == client.id else row
        for row in state.explained.clients
    )
    tried = (*state.attempted.get(client.id, ()), *requirements)
    return replace(
        state,
        explained=replace(state.explained, clients=rows),
        attempted={**state.attempted, client.id: tuple(dict.fromkeys(tried))},
        round={name: left for name, left in state.round.items() if name != client.id},
    )


def _with_attempts(report: Report, known: Report | None) -> Report:
    """The report with the attempts that are known of its clients."""
    attempts = {client.id: client.attempts for client in known.clients} if known else {}
    rows = (replace(c, attempts=attempts.get(c.id, ())) for c in report.clients)
    return replace(report, clients=tuple(rows))


def _only(state: State, kept: dict[str, str]) -> State:
    """The state with the dry runs of these clients alone, by id and path, as far as they ended."""
    if state.explained is None:
        return state
    rows: list[Client] = []
    attempted: Wanted = {}
    for client in state.explained.clients:
        if kept.get(client.id) == client.path:
            broken = set(_unanswered(client))
            whole = tuple(a for a in client.attempts if a.requirement not in broken)
            tried = state.attempted.get(client.id, ())
            rows.append(replace(client, attempts=whole))
            attempted[client.id] = tuple(wanted for wanted in tried if wanted not in broken)
    clients = tuple(rows)
    return replace(state, explained=replace(state.explained, clients=clients), attempted=attempted)


def _unanswered(client: Client) -> Iterator[str]:
    """Requirements that a solver was asked about without an answer."""
    for attempt in client.attempts:
        if attempt.trouble == STOPPED or (attempt.trouble and attempt.transcript):
            yield attempt.requirement
