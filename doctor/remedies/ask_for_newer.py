"""Ask for a newer version than the one installed, so that a solver cannot fall back in silence."""

from doctor.model import Client, Cost, Probe, Record, Remedy, Report, Run, Trial, Type
from doctor.reach import works
from doctor.remedies.commands import ORDER, create, remove_created, spoken

NAME = "ask-for-newer"
TITLE = "Ask for a newer version by number"
WHY = "Adds an environment; where it cannot be had, the solver says why."

SHAPE, OLD = "demo-opt", "0.9"
"""A package of the reproduction channel of the same shape, and its build that asks for no level."""


def offer(report: Report, client: Client, record: Record) -> Remedy:
    """With another client that can install it; else with the one that fell back, to hear why."""
    able = [c for c in report.clients if c.kind in ORDER and c.id != client.id and works(c)]
    able.sort(key=lambda other: ORDER.index(other.kind))
    wanted = f"{record.name}>{record.version}"
    text = (
        f"Ask for more than the version that is there, {wanted}: then a client takes it or says "
        "what is missing, and nothing is chosen in silence."
    )
    return _with(client, able[0], text, wanted) if able else _refused(client, text, wanted)


def _with(client: Client, other: Client, text: str, wanted: str) -> Remedy:
    return Remedy(
        text,
        (create(other, wanted),),
        NAME,
        Cost.ONE_COMMAND,
        changes="adds the environment test",
        network=True,
        undo=remove_created(other),
        verify=f"envdoctor explain {Run((wanted,))}",
        trial=Trial((Probe(client.id, SHAPE),), (Probe(other.id, f"{SHAPE}>{OLD}"),)),
    )


def _refused(client: Client, text: str, wanted: str) -> Remedy:
    return Remedy(
        text,
        (Type(f"{spoken(client)} create -n test {Run((wanted,))}"),),
        NAME,
        Cost.ONE_COMMAND,
        network=True,
        undo=remove_created(client),
        by_hand="it is refused until the client is mended: read what it says",
    )
