"""Use another installed client, that can, for this one environment."""

from doctor.model import Client, Cost, Probe, Remedy, Report, Trial
from doctor.reach import honours_override, works
from doctor.remedies.commands import EXAMPLE, ORDER, create, remove_created

NAME = "use-another-client"
TITLE = "Use another client for this environment"
WHY = "Nothing is replaced or reconfigured; the new environment can be removed again."


def offer(report: Report, client: Client, honouring: bool = False) -> list[Remedy]:
    """The first other client that can install level packages; none if there is none.

    `honouring` asks for one that reads CONDA_OVERRIDE_ARCHSPEC.
    """
    able = [
        other
        for other in report.clients
        if other.kind in ORDER
        and other.id != client.id
        and works(other)
        and (honours_override(other) or not honouring)
    ]
    able.sort(key=lambda other: ORDER.index(other.kind))
    return [instead(client, other) for other in able[:1]]


def instead(client: Client, other: Client) -> Remedy:
    """`other` in place of `client`."""
    return Remedy(
        f"Use {other.title} for this environment, with your package added; nothing is replaced.",
        (create(other, EXAMPLE),),
        NAME,
        Cost.ONE_COMMAND,
        changes="adds the environment test",
        network=True,
        undo=remove_created(other),
        verify="envdoctor explain _x86_64-microarch-level",
        trial=Trial((Probe(client.id, EXAMPLE),), (Probe(other.id, EXAMPLE),)),
    )
