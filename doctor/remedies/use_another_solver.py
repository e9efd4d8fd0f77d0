"""Use another solver of the same conda for one command."""

from doctor.model import Client, Cost, Probe, Remedy, Trial
from doctor.remedies.commands import EXAMPLE, create, remove_created
from doctor.version import at_least

NAME = "use-another-solver"
TITLE = "Use another solver of conda for one command"
WHY = "Holds for one command only, and no version changes."

_SINCE = {"classic": "22.11.0", "libmamba": "22.11.0", "rattler": "25.5.0"}
PLUGINS = {"libmamba": "conda-libmamba-solver", "rattler": "conda-rattler-solver"}
"""The package that brings each solver which conda has not got itself."""


def offer(client: Client, solver: str, why: str, requirement: str = EXAMPLE) -> list[Remedy]:
    """`--solver` for one command; blocked where its plug-in is missing, none where unknown."""
    if client.kind != "conda" or not at_least(client.version or "0", _SINCE[solver]):
        return []
    step = create(client, "--solver", solver, requirement)
    plugin = PLUGINS.get(solver)
    missing = plugin is not None and plugin not in client.parts
    return [
        Remedy(
            why,
            () if missing else (step,),
            NAME,
            Cost.ONE_COMMAND,
            changes="" if missing else "adds the environment test",
            network=True,
            undo="" if missing else remove_created(client),
            verify=f"envdoctor explain {requirement!r}",
            blocked=f"{plugin} is not in its base" if missing else "",
            trial=None
            if missing
            else Trial(
                (Probe(client.id, requirement),), (Probe(client.id, requirement, way=solver),)
            ),
        )
    ]
