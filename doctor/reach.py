"""How far a client reaches on a machine: its `__archspec`, its levels, whether it is told."""

from collections.abc import Iterator

from doctor.levels import family_of, installable, level_number
from doctor.microarch import installed
from doctor.model import Client, Machine, Report, VirtualPackage
from doctor.version import at_least


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


def plain_on_windows(machine: Machine, client: Client) -> bool:
    """Whether this version calls every CPU x86_64, being on Windows.

    conda before 24.3.0 compares the machine's name AMD64 with x86_64 (conda/conda #13640, #13641);
    libmamba before 2.0.7 cannot ask the CPU there (mamba-org/mamba cdcec3223, #3803).
    """
    if machine.system.os != "win" or client.version is None:
        return False
    if client.kind == "conda":
        return at_least(client.version, "4.9.0") and not at_least(client.version, "24.3.0")
    return is_libmamba(client) and not at_least(client.version, "2.0.7.rc0")


def own_level(machine: Machine) -> str | None:
    """The level that every processor of the machine has: no advice goes above it."""
    return machine.shared_level or machine.microarchitecture.level


def without_levels(machine: Machine) -> bool:
    """Whether this platform is known to have no level packages, so that levels do not matter."""
    return machine.system.subdir is not None and family_of(machine.system.subdir) is None


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


def honours_override(client: Client) -> bool:
    """Whether this version reads CONDA_OVERRIDE_ARCHSPEC at all."""
    return client.prediction is not None and client.prediction.era.override == "honoured"


def takes_variable(client: Client) -> bool:
    """Whether CONDA_OVERRIDE_ARCHSPEC can be set for one command of this client.

    pixi's workspaces ignore it, and py-rattler is a library without a command.
    """
    return honours_override(client) and client.kind not in ("pixi", "rattler")


def differences(client: Client) -> Iterator[tuple[str, str, str]]:
    """Name, predicted and reported value of each virtual package that differs.

    Nothing is compared where either side is unknown.
    """
    answer, prediction = client.reported, client.prediction
    if answer is None or answer.virtual_packages is None or prediction is None:
        return
    if prediction.failure:
        yield "answer", f"fails: {prediction.failure}", "answered"
        return
    predicted = {package.name: package for package in prediction.packages}
    reported = {package.name: package for package in answer.virtual_packages}
    for name in sorted(predicted.keys() | reported.keys()):
        if name in prediction.unknown or name not in _KNOWN:
            continue
        if predicted.get(name) != reported.get(name):
            yield name, _value(predicted.get(name)), _value(reported.get(name))


_KNOWN = ("__archspec", "__conda", "__cuda", "__glibc", "__linux", "__osx", "__unix", "__win")


def _value(package: VirtualPackage | None) -> str:
    return str(package) if package else "absent"
