"""Sentences and commands that several checks give, gated on what is installed."""

import shlex

from doctor.levels import installable, level_number
from doctor.microarch import installed
from doctor.model import Client, Machine, Remedy, Report, VirtualPackage
from doctor.version import at_least

EXAMPLE = "_x86_64-microarch-level"
"""A package that every advised command can be tried with as it stands."""


def shown(client: Client) -> VirtualPackage | None:
    """The client's `__archspec`: as reported, else as predicted, else `None`."""
    reported = client.reported
    packages = reported.virtual_packages if reported else None
    if packages is None and client.prediction and not client.prediction.failure:
        packages = client.prediction.packages
    return next((p for p in packages or () if p.name == "__archspec"), None)


def source(client: Client) -> str:
    """Where `shown` was read."""
    reported = client.reported
    if reported is not None and reported.virtual_packages is not None:
        return reported.source or client.path
    return client.prediction.era.source if client.prediction else client.path


def foreign(report: Report, client: Client) -> bool:
    """Whether a client solves for another platform than this machine's."""
    subdir = target(report, client)
    return subdir is not None and subdir != report.machine.system.subdir


def target(report: Report, client: Client) -> str | None:
    """The subdir that a client solves for: what it says, else the variable's; `None` if neither."""
    return client.target or report.machine.settings.get("CONDA_SUBDIR")


def levels_of(client: Client) -> tuple[int, ...]:
    """Levels that a client installs here, by what it reports, else by rule."""
    package = shown(client)
    regex = client.prediction.matches_regex_builds if client.prediction else False
    for family in ("x86_64", "ppc64le"):
        found = installable(package, family, regex)
        if found:
            return found
    return ()


def is_libmamba(client: Client) -> bool:
    """Whether libmamba computes this client's virtual packages."""
    if client.kind == "mamba":
        return client.version is None or at_least(client.version, "1.4.6")
    return client.kind == "micromamba"


def works(client: Client) -> bool:
    """Whether this client can install some level package, by its own answer or by rule."""
    package = shown(client)
    if client.kind == "pixi":
        return bool(client.prediction and any(client.prediction.accepts.values()))
    return bool(installable(package, "x86_64", True) or installable(package, "ppc64le", True))


def use_another(report: Report, client: Client, honouring: bool = False) -> list[Remedy]:
    """Another installed client that can, for this environment; none if there is none.

    `honouring` asks for one that reads CONDA_OVERRIDE_ARCHSPEC.
    """
    order = ("conda", "mamba", "micromamba")
    able = [
        other
        for other in report.clients
        if other.kind in order
        and other.id != client.id
        and works(other)
        and (honours_override(other) or not honouring)
    ]
    able.sort(key=lambda other: order.index(other.kind))
    return [
        Remedy(
            f"Use {other.title} for this environment, with your package added; nothing changes.",
            f"{program(other)} create -n test {EXAMPLE}",
        )
        for other in able[:1]
    ]


def own_level(machine: Machine) -> str | None:
    """The level that every processor of the machine has: no advice goes above it."""
    return machine.shared_level or machine.microarchitecture.level


def own_number(machine: Machine) -> int | None:
    """The number of that level; `None` if it is unknown, or a CPU without levels."""
    return level_number(own_level(machine) or "")


def runs(machine: Machine, name: str) -> bool:
    """Whether a name that archspec knows is of no higher level than every processor has."""
    database = installed()
    own = own_level(machine)
    if own not in database.targets or own is None:
        return False
    return database.level(name) in (own, *database.ancestors[own])


def upgrade(client: Client, within_one: bool = False) -> list[Remedy]:
    """How to upgrade this client, by the way it was installed.

    `within_one` says that the newest mamba 1 helps already.
    """
    if client.kind == "micromamba":
        return [_upgrade_micromamba(client)]
    if client.kind == "mamba":
        return [_upgrade_mamba(client, within_one)]
    if client.kind == "conda":
        command = f"{program(client)} update -n base conda"
        return [Remedy("Upgrade conda from the channel it came from.", command)]
    if client.kind == "pixi":
        return [Remedy("Upgrade pixi.", f"{program(client)} self-update")]
    command = f"{quoted(client.python or 'python')} -m pip install --upgrade py-rattler"
    return [Remedy("Upgrade py-rattler in that environment.", command)]


def _upgrade_micromamba(client: Client) -> Remedy:
    if "/homebrew/" in client.path or "/linuxbrew/" in client.path:
        return Remedy("Upgrade micromamba with Homebrew.", "brew upgrade micromamba")
    if at_least(client.version or "0", "1.0.0"):
        return Remedy(
            "Upgrade micromamba to 2.x; this replaces the program and rewrites its block in the "
            "shell's start-up file.",
            f"{program(client)} self-update -c conda-forge",
        )
    return Remedy("Download a micromamba of 2.0.0 or newer; this one cannot update itself.")


def _upgrade_mamba(client: Client, within_one: bool) -> Remedy:
    version = client.version or "0"
    if at_least(version, "2.0.0alpha0"):
        command = f"{program(client)} update -n base mamba libmamba"
        return Remedy("Upgrade mamba to its newest release.", command)
    install = f"{_conda_of(client)} install -n base -c conda-forge"
    if within_one and not at_least(version, "1.5.10"):
        text = "Upgrade mamba within 1.x, the smallest step that helps."
        return Remedy(text, f"{install} 'mamba>=1.5.10,<2'")
    text = "Upgrade to mamba 2, with the solver plug-in that fits it."
    return Remedy(text, f"{install} 'mamba>=2' 'conda-libmamba-solver>=24.11'")


def override(client: Client, level: str | None, why: str) -> list[Remedy]:
    """The override for one command, where this client honours it and the level is known.

    `level` is the CPU's own level or below; never more.
    """
    if level is None or not takes_variable(client):
        return []
    command = with_variable("CONDA_OVERRIDE_ARCHSPEC", level, client)
    return [Remedy(why, command)]


def with_variable(name: str, value: str, client: Client) -> str:
    """A command with a variable set for it alone, in the shell of the client's system."""
    return prefixed(name, value, f"{program(client)} create -n test {EXAMPLE}", client)


def prefixed(name: str, value: str, command: str, client: Client) -> str:
    """A command with a variable set for it alone."""
    if "\\" in client.path:  # PowerShell has no prefix form: set, run, take away
        return f'$env:{name}="{value}"; {command}; Remove-Item Env:{name}'
    return f"{name}={value} {command}"


def quoted(path: str) -> str:
    """A path as a shell takes it."""
    if "\\" in path:
        return f'& "{path}"' if " " in path else path
    return shlex.quote(path)


def program(client: Client) -> str:
    """The client's path as a shell takes it."""
    return quoted(client.path)


def honours_override(client: Client) -> bool:
    """Whether this version reads CONDA_OVERRIDE_ARCHSPEC at all."""
    return client.prediction is not None and client.prediction.era.override == "honoured"


def takes_variable(client: Client) -> bool:
    """Whether CONDA_OVERRIDE_ARCHSPEC can be set for one command of this client.

    pixi's workspaces ignore it, and py-rattler is a library without a command.
    """
    return honours_override(client) and client.kind not in ("pixi", "rattler")


def _conda_of(client: Client) -> str:
    """The conda beside this client, where its system keeps programs."""
    if not client.root:
        return "conda"
    if "\\" in client.path:
        return quoted(f"{client.root}\\Scripts\\conda.exe")
    return quoted(f"{client.root}/bin/conda")
