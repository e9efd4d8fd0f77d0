"""Upgrade a client to the first version that does better, by the way it was installed.

Sources: mamba-org/mamba micromamba/src/update.cpp (`self-update`, 1.0.0 and newer, rewrites the
shell's block), issue 4047 (Homebrew's has none since 2.1.1), f182c7bd3 (`mamba self-update`
replaced mamba by micromamba); prefix-dev/pixi docs/reference/cli (`self-update`, `global`).
"""

from collections.abc import Callable

from doctor.model import Client, Cost, Probe, Remedy, Run, Trial, Type
from doctor.remedies.commands import BASE_BY_HAND, EXAMPLE, conda_of, spoken
from doctor.version import at_least

NAME = "upgrade-client"
TITLE = "Upgrade the client"
WHY = "Replaces a program that other environments and scripts use as well."

_BREWS = ("/homebrew/", "/linuxbrew/", "/Cellar/")
_SYSTEM = ("/usr/bin/", "/bin/", "/usr/sbin/", "/snap/")
"""Where distributions keep programs; micromamba's own image has its single file there as well."""


def offer(client: Client, within_one: bool = False) -> list[Remedy]:
    """How to upgrade this client; `within_one` says that the newest mamba 1 helps already."""
    place = client.real or client.path
    if any(sign in place for sign in _BREWS):
        return [_run(client, f"Upgrade {client.kind} with Homebrew.",
                     ("brew", "upgrade", client.kind))]  # fmt: skip
    if "/.pixi/envs/" in place:
        return [_run(client, f"Upgrade {client.kind} with the pixi that installed it.",
                     ("pixi", "global", "update", client.kind))]  # fmt: skip
    if place.startswith(_SYSTEM) and client.kind != "micromamba":
        return [_distribution(client)]
    if client.kind == "mamba":
        return [_mamba(client, within_one)]
    return [_BY_KIND.get(client.kind, _other)(client)]


def _micromamba(client: Client) -> Remedy:
    if client.installed_in is not None:
        text = "Upgrade micromamba in the environment that it is a package of."
        argv = ("conda", "update", "-p", client.installed_in, "micromamba")
        return _run(client, text, argv, Cost.BASE, "the environment it is in", BASE_BY_HAND)
    if not at_least(client.version or "0", "1.0.0"):
        text = "Download a micromamba of 2.0.0 or newer; this one cannot update itself."
        return Remedy(text, name=NAME, cost=Cost.PROGRAM, network=True)
    again = Run((client.path, "self-update", "--version", client.version or "", "-c",
                 "conda-forge"))  # fmt: skip
    return _run(
        client,
        "Upgrade micromamba to 2.x; this replaces the program and rewrites its block in the "
        "shell's start-up file.",
        (client.path, "self-update", "-c", "conda-forge"),
        changes=f"{client.path}, and micromamba's own block in the shell's start-up file",
        undo=str(again),
    )


def _mamba(client: Client, within_one: bool) -> Remedy:
    version = client.version or "0"
    if at_least(version, "2.0.0alpha0"):
        argv: tuple[str, ...] = (client.path, "update", "-n", "base", "mamba", "libmamba")
        return _base(client, "Upgrade mamba to its newest release.", argv)
    install = (conda_of(client), "install", "-n", "base", "-c", "conda-forge")
    if within_one and not at_least(version, "1.5.10"):
        text = "Upgrade mamba within 1.x, the smallest step that helps."
        return _base(client, text, (*install, "mamba>=1.5.10,<2"))
    text = "Upgrade to mamba 2, with the solver plug-in that fits it."
    return _base(client, text, (*install, "mamba>=2", "conda-libmamba-solver>=24.11"))


def _conda(client: Client) -> Remedy:
    argv = (client.path, "update", "-n", "base", "conda")
    return _base(client, "Upgrade conda from the channel it came from.", argv)


def _pixi(client: Client) -> Remedy:
    undo = str(Run((client.path, "self-update", "--version", client.version or "")))
    argv = (client.path, "self-update")
    return _run(client, "Upgrade pixi.", argv, changes=client.path, undo=undo)


def _rattler(client: Client) -> Remedy:
    argv = (client.python or "python", "-m", "pip", "install", "--upgrade", "py-rattler")
    undo = str(Run((*argv[:4], f"py-rattler=={client.version}")))
    text = "Upgrade py-rattler in that environment."
    by_hand = "it may be a base environment, where conda's own solver uses it: run it yourself"
    changes = f"the environment {client.root}"
    return _run(client, text, argv, changes=changes, by_hand=by_hand, undo=undo)


_BY_KIND: dict[str, Callable[[Client], Remedy]] = {
    "micromamba": _micromamba, "conda": _conda, "pixi": _pixi, "rattler": _rattler,
}  # fmt: skip


def _other(client: Client) -> Remedy:
    """A client of which no command is known that upgrades it."""
    text = f"Upgrade {client.kind} in the way in which it was installed."
    return Remedy(text, name=NAME, cost=Cost.PROGRAM, network=True, trial=_trial(client))


def _distribution(client: Client) -> Remedy:
    """Programs that the distribution's package manager put there are its to replace."""
    return Remedy(
        f"Upgrade {client.kind} with the distribution's package manager, or install a newer one "
        "beside it in your home directory.",
        (Type(f"command -v {client.kind}"),),
        NAME,
        Cost.PROGRAM,
        changes=client.path,
        network=True,
        by_hand="the distribution's package manager installed it, and it needs its owner",
    )


def _base(client: Client, text: str, argv: tuple[str, ...]) -> Remedy:
    undo = f"{Run((argv[0],))} list -n base --revisions, then install -n base --revision N"
    changes = f"the base environment {client.root or ''}".rstrip()
    return _run(client, text, argv, Cost.BASE, changes, BASE_BY_HAND, undo)


def _run(
    client: Client,
    text: str,
    argv: tuple[str, ...],
    cost: Cost = Cost.PROGRAM,
    changes: str = "",
    by_hand: str = "",
    undo: str = "",
) -> Remedy:
    return Remedy(
        text,
        (Run(argv),),
        NAME,
        cost,
        changes=changes or client.path,
        network=True,
        undo=undo or "install the old version in the same way",
        verify=f"{spoken(client)} --version",
        by_hand=by_hand,
        trial=_trial(client),
    )


def _trial(client: Client) -> Trial | None:
    """The first version that does better, by rule: it is not here to be asked."""
    era = client.prediction.era if client.prediction else None
    if era is None or not era.fixed_in:
        return None
    fixed = era.fixed_in[-1]
    return Trial((Probe(client.id, EXAMPLE),), (Probe(client.id, EXAMPLE, version=fixed),))
