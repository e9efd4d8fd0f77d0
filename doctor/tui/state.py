"""What is known so far: all that a room needs to draw itself."""

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from doctor.model import Client, Finding, Guide, Machine, Report
from doctor.muting import HERE
from doctor.report import words

if TYPE_CHECKING:
    from doctor.examine import Event


class State(Struct, frozen=True):
    """Machine, clients and findings as far as they are known; `report` when all is.

    `requirements` are those that were asked about; `tried` those that `explained` has attempts of.
    `guides` are those that were begun, by finding; `trying` are remedies that wait for their trial,
    `doing` the one that is carried out, `said` what it prints, `checking` the finding that is
    looked for again.
    """

    machine: Machine | None = None
    clients: tuple[Client, ...] | None = None
    findings: tuple[Finding, ...] = ()
    report: Report | None = None
    requirements: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    explained: Report | None = None
    guides: dict[str, Guide] = field(default_factory=dict)
    trying: tuple[str, ...] = ()
    doing: str | None = None
    said: tuple[str, ...] = ()
    checking: str | None = None

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


NOT_HERE = "Only findings of this machine can be muted: this is not one."
"""Why a finding cannot be muted."""


def is_here(state: State) -> bool:
    """Whether a report about this machine is shown."""
    return state.report is not None and state.report.source == HERE


def advance(state: State, event: "Event") -> State:
    """The state after an event."""
    from doctor.examine import ClientAnswered, ClientsFound, Judged, MachineRead

    if isinstance(event, MachineRead):
        return replace(state, machine=event.machine)
    if isinstance(event, ClientsFound):
        return replace(state, clients=event.clients)
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
    )


def asked(state: State, requirements: tuple[str, ...]) -> State:
    """The state in which these requirements are to be tried."""
    return replace(state, requirements=tuple(dict.fromkeys((*state.requirements, *requirements))))


def explained(state: State, requirements: tuple[str, ...], report: Report) -> State:
    """The state with what clients did with these requirements, beside what they did before."""
    before = {c.id: c.attempts for c in state.explained.clients} if state.explained else {}
    clients = tuple(
        replace(client, attempts=(*before.get(client.id, ()), *client.attempts))
        for client in report.clients
    )
    tried = tuple(dict.fromkeys((*state.tried, *requirements)))
    return replace(state, explained=replace(report, clients=clients), tried=tried)
