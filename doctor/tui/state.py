"""What is known so far: all that a room needs to draw itself."""

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from doctor.model import Client, Finding, Machine, Report
from doctor.report import words

if TYPE_CHECKING:
    from doctor.examine import Event


class State(Struct, frozen=True):
    """Machine, clients and findings as far as they are known; `report` when all is."""

    machine: Machine | None = None
    clients: tuple[Client, ...] | None = None
    findings: tuple[Finding, ...] = ()
    report: Report | None = None

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
    return State(report.machine, report.clients, report.findings, report)
