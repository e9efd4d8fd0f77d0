"""A client takes a newer macOS for 10.16, the name that old programs are shown."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Client, Cost, Evidence, Finding, Remedy, Report, Severity, VirtualPackage
from doctor.remedies import commands, upgrade_client

ID = "osx-virtual-version-10-16"
GROUP = "system"
SYMPTOM = "nothing provides __osx >=11, on a newer macOS"
CAUSE = (
    "macOS 11 and newer call themselves 10.16 to programs that were built with an older SDK. conda "
    "before 25.1.0 believes what its Python is told."
)
DETECTED = "A client reports __osx=10.16, and CONDA_OVERRIDE_OSX does not say so."
REMEDIES = ("advice", "upgrade-client")
ADVICE = (
    "Have macOS say its own version to one command, with SYSTEM_VERSION_COMPAT=0.",
    "Or say it yourself for one command, with CONDA_OVERRIDE_OSX.",
)
SOURCES = (
    "https://github.com/conda/conda/issues/13832",
    "https://github.com/conda/conda/issues/13178",
)
VARIABLE = "CONDA_OVERRIDE_OSX"
COMPAT = "SYSTEM_VERSION_COMPAT"


def check(report: Report) -> Iterator[Finding]:
    """One warning per client that reports 10.16 without being told to."""
    if VARIABLE in report.machine.settings or report.machine.system.os != "osx":
        return
    for client in report.clients:
        answer = client.reported
        for package in (answer.virtual_packages if answer else None) or ():
            if package.name == "__osx" and f"{package.version}.".startswith("10.16."):
                yield _finding(report, client, package)


def _finding(report: Report, client: Client, package: VirtualPackage) -> Finding:
    real = _real(report)
    seen = f"this macOS is {real}" if real else "macOS 10.16 was never released: it is 11 or newer"
    return Finding(
        ID,
        client.id,
        Severity.WARNING,
        f"{client.title} takes this macOS for 10.16",
        "Packages that need macOS 11 or newer are not installed, or an old version is.",
        (client.id,),
        (
            Evidence(f"it reports {package}", reach.source(client)),
            Evidence(seen, "system"),
        ),
        tuple(_remedies(client, real)),
        SOURCES[0],
    )


def _real(report: Report) -> str | None:
    """The version of macOS, if we were not shown 10.16 ourselves."""
    version = report.machine.system.distribution_version
    return None if version is None or f"{version}.".startswith("10.16.") else version


def _remedies(client: Client, real: str | None) -> Iterator[Remedy]:
    if client.kind == "conda":
        yield _for_one_command(client, ADVICE[0], **{COMPAT: "0"})
        if real:
            yield _for_one_command(client, ADVICE[1], **{VARIABLE: real})
    else:
        yield Remedy(ADVICE[0])
    yield from upgrade_client.offer(client)


def _for_one_command(client: Client, text: str, **env: str) -> Remedy:
    return Remedy(
        text,
        (commands.create(client, "python", **env),),
        cost=Cost.ONE_COMMAND,
        changes="adds the environment test",
        network=True,
        undo=commands.remove_created(client),
        verify="envdoctor clients",
    )
