"""Bring conda, mamba, libmambapy and the solver's plug-in of one base together again."""

from doctor.model import Client, Cost, Remedy, Run
from doctor.remedies.commands import BASE_BY_HAND, conda_of
from doctor.version import at_least

NAME = "matched-set"
TITLE = "Update the parts of a base together"
WHY = "Changes the base environment; all in one transaction, so that the parts fit afterwards."


def offer(client: Client, *more: str) -> Remedy:
    """One transaction with the solver that needs no plug-in, from the channel that base uses.

    `more` are packages that have to fit as well: mamba where it is one of those that do not.
    """
    conda = client.path if client.kind == "conda" else conda_of(client)
    solver = ("--solver", "classic") if at_least(client.parts.get("conda", client.version or "0"),
                                                 "22.11.0") else ()  # fmt: skip
    names = ("conda-libmamba-solver", "libmambapy", *more)
    argv = (conda, "install", *solver, "-n", "base", *names)
    return Remedy(
        f"Bring {', '.join(names[:-1])} and {names[-1]} up to date in one transaction, with the "
        "classic solver and from the channel that base uses.",
        (Run(argv, {"CONDA_NO_PLUGINS": "true"}),),
        NAME,
        Cost.BASE,
        changes=f"the base environment {client.root or ''}".rstrip(),
        network=True,
        undo=f"{Run((conda,))} install -n base --revision N, with N from conda list --revisions",
        verify="envdoctor clients",
        by_hand=BASE_BY_HAND,
    )
