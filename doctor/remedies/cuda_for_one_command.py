"""Set CONDA_OVERRIDE_CUDA for one command: what the driver of the machine that runs it can do.

Read by conda and by libmamba for as long as they have virtual packages: conda/conda
4.8.0:conda/base/context.py; mamba-org/mamba 7140b7db9 (0.8.0), libmamba/src/core/
virtual_packages.cpp.
"""

from doctor.model import Client, Cost, Remedy, Report, Type
from doctor.remedies.commands import ORDER, create, remove_created, spoken
from doctor.version import at_least

NAME = "cuda-for-one-command"
TITLE = "Name the CUDA version for one command"
WHY = "Holds for one command only; it is no more than what the driver in question can do."
VARIABLE = "CONDA_OVERRIDE_CUDA"
EXAMPLE = "pytorch-gpu"
"""A package of conda-forge that asks for `__cuda`."""


def reads(client: Client) -> bool:
    """Whether CONDA_OVERRIDE_CUDA can be set for one command of this client."""
    if client.kind not in ORDER or client.trouble or client.ours:
        return False
    return client.kind != "micromamba" or at_least(client.version or "0", "0.8.0")


def offer(report: Report, why: str, version: str | None) -> list[Remedy]:
    """With the first client that reads it; in words alone where none is here.

    `version` is what a driver is known to offer; `None` where it is another machine's, so that
    only the user can say it.
    """
    able = sorted((c for c in report.clients if reads(c)), key=lambda c: ORDER.index(c.kind))
    if not able:
        return [Remedy(why, name=NAME, cost=Cost.ONE_COMMAND)]
    return [_known(able[0], why, version) if version else _unknown(able[0], why)]


def _known(client: Client, why: str, version: str) -> Remedy:
    return Remedy(
        why,
        (create(client, EXAMPLE, **{VARIABLE: version}),),
        NAME,
        Cost.ONE_COMMAND,
        changes="adds the environment test, solved for that CUDA version",
        network=True,
        undo=remove_created(client),
        verify="nvidia-smi",
    )


def _unknown(client: Client, why: str) -> Remedy:
    return Remedy(
        why,
        (Type(f"{VARIABLE}=VERSION {spoken(client)} create -n test {EXAMPLE}"),),
        NAME,
        Cost.ONE_COMMAND,
        changes="adds the environment test, solved for that CUDA version",
        network=True,
        undo=remove_created(client),
        verify="nvidia-smi, on the machine that will run it",
        by_hand="VERSION is what nvidia-smi says on the machine that will run it",
    )
