"""Set CONDA_OVERRIDE_ARCHSPEC for one command: the CPU's own level or below, never more."""

from doctor.model import Client, Cost, Probe, Remedy, Trial
from doctor.reach import takes_variable
from doctor.remedies.commands import EXAMPLE, VARIABLE, create, remove_created

NAME = "override-for-one-command"
TITLE = "Name the level for one command"
WHY = "Holds for one command only; the level is the CPU's own or below it, so what it gets runs."


def offer(client: Client, level: str | None, why: str, requirement: str = EXAMPLE) -> list[Remedy]:
    """The override for one command, where this client honours it and the level is known.

    `level` is the CPU's own level or below; never more.
    """
    if level is None or not takes_variable(client):
        return []
    return [
        Remedy(
            why,
            (create(client, requirement, **{VARIABLE: level}),),
            NAME,
            Cost.ONE_COMMAND,
            changes="adds the environment test, solved for that level",
            network=True,
            undo=remove_created(client),
            verify=f"envdoctor explain {requirement}",
            trial=Trial(
                (Probe(client.id, requirement),), (Probe(client.id, requirement, override=level),)
            ),
        )
    ]


def not_for(client: Client) -> list[Remedy]:
    """That it would do nothing, for a client that does not read it; none for one that does."""
    if takes_variable(client):
        return []
    ignores = f"{client.title} ignores it"
    if client.kind == "pixi":
        ignores = "pixi's workspaces ignore it"
    text = f"Do not set {VARIABLE}: this version ignores it."
    return [Remedy(text, name=NAME, cost=Cost.ONE_COMMAND, blocked=ignores)]
