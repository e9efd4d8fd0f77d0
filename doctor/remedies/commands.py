"""Commands that several remedies share: how a client is called, and what it is asked for."""

from doctor.model import Client, Cost, Edit, Line, Remedy, Run
from doctor.version import at_least

VARIABLE = "CONDA_OVERRIDE_ARCHSPEC"

EXAMPLE = "_x86_64-microarch-level"
"""A package that every advised command can be tried with as it stands."""

ORDER = ("conda", "mamba", "micromamba")
"""Clients that create environments for the CPU that they detect, the most careful first."""

BASE_BY_HAND = "envdoctor never changes a base environment: run it yourself"


def create(client: Client, *words: str, name: str = "test", **env: str) -> Run:
    """A new environment with this client, with variables set for this command alone."""
    return Run((client.path, "create", "-n", name, *words), dict(env))


def remove_created(client: Client, name: str = "test") -> str:
    """How to take that environment away again.

    Source: mamba-org/mamba CHANGELOG.md: micromamba has `env remove` since 1.0.0 (PR 2002).
    """
    if client.kind == "micromamba" and not at_least(client.version or "0", "1.0.0"):
        return f"delete the folder of the environment {name}: this micromamba cannot remove one"
    return str(Run((client.path, "env", "remove", "-n", name)))


def spoken(client: Client) -> str:
    """The client's path as a shell takes it."""
    return str(Run((client.path,)))


def conda_of(client: Client) -> str:
    """The conda beside this client, where its system keeps programs."""
    if not client.root:
        return "conda"
    if "\\" in client.path:
        return f"{client.root}\\Scripts\\conda.exe"
    return f"{client.root}/bin/conda"


def take_out(line: Line, what: str, name: str, by_hand: str) -> Remedy:
    """A line of a start-up file, shown as a diff and taken out by the user."""
    return Remedy(
        f"Take {what} out of {line.path}, line {line.number}, then open a new shell.",
        (Edit(line.path, line.number, line.text),),
        name,
        Cost.FILE,
        changes=line.path,
        undo="put the line back",
        verify="envdoctor check",
        by_hand=by_hand,
    )
