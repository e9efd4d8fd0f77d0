"""Solve an environment again for a lower level, beside the old one, which stays as it is."""

from collections.abc import Iterable

from doctor.model import Client, Cost, Environment, Remedy, Report, Run
from doctor.reach import takes_variable
from doctor.remedies.commands import ORDER, VARIABLE

NAME = "solve-for-this-cpu"
TITLE = "Solve it again for the oldest machine"
WHY = "Adds an environment beside the old one, which others may be using."


def offer(
    report: Report, environment: Environment, level: str, names: Iterable[str]
) -> list[Remedy]:
    """With the first client that reads the override; in words where none does.

    `level` is this CPU's own or below.
    """
    able = [c for c in report.clients if c.kind in ORDER and takes_variable(c)]
    able.sort(key=lambda client: ORDER.index(client.kind))
    if not able:
        text = f"Create it again on the oldest machine that shall run it (level {level})."
        return [Remedy(text, name=NAME, cost=Cost.ONE_COMMAND)]
    return [_with(able[0], environment, level, tuple(names))]


def _with(client: Client, environment: Environment, level: str, names: tuple[str, ...]) -> Remedy:
    place = f"{environment.path}-{level}"
    return Remedy(
        f"Solve it again for {level}, beside the old one, with your other packages added. Leave "
        "the old one alone while anybody uses it.",
        (Run((client.path, "create", "-p", place, *names), {VARIABLE: level}),),
        NAME,
        Cost.ONE_COMMAND,
        changes=f"adds the environment {place}",
        network=True,
        undo=str(Run((client.path, "env", "remove", "-p", place))),
        verify=f"envdoctor envs {Run((place,))}",
    )
