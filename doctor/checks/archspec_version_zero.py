"""A client reports `__archspec` with version 0, which level packages do not take."""

from collections.abc import Iterator

from doctor import reach
from doctor.levels import family_of
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity, VirtualPackage
from doctor.remedies import override_for_one_command, upgrade_client, use_another_client

ID = "cep30-version0-mismatch"
GROUP = "clients"
SYMPTOM = "__archspec has version 0, and no level package can be installed"
CAUSE = (
    "CEP 30 lets a client that knows no CPU name report version 0 with the plain architecture, and "
    "asks packages to depend on any version. conda-forge's level packages ask for version 1."
)
DETECTED = (
    "A client's own answer has __archspec with version 0, on a platform that has level packages. "
    "pixi.lock, which always writes 0 there, does not count."
)
REMEDIES = ("use-another-client", "override-for-one-command", "upgrade-client")
SOURCES = (
    "https://github.com/conda/ceps/blob/main/cep-0030.md",
    "conda-forge/microarch-level-feedstock 0d86631:recipe/recipe.yaml",
    "prefix-dev/pixi v0.77.0:crates/pixi_manifest/src/platform.rs",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per client that answers so."""
    for client in report.clients:
        answer = client.reported
        subdir = reach.target(report, client) or report.machine.system.subdir
        if answer is None or family_of(subdir) is None or client.ours:
            continue
        for package in answer.virtual_packages or ():
            if package.name == "__archspec" and package.version == "0":
                yield _finding(report, client, package)


def _finding(report: Report, client: Client, package: VirtualPackage) -> Finding:
    return Finding(
        ID,
        client.id,
        Severity.ERROR,
        f"{client.title} reports {package}: version 0",
        f"{client.title} cannot install any package that depends on _x86_64-microarch-level, not "
        "even of level 1: they all ask for version 1.",
        (client.id,),
        (
            Evidence(f"it reports {package}", reach.source(client)),
            Evidence("level packages depend on __archspec 1.*", SOURCES[1]),
        ),
        tuple(_remedies(report, client)),
        SOURCES[0],
    )


def _remedies(report: Report, client: Client) -> Iterator[Remedy]:
    yield from use_another_client.offer(report, client)
    own = None if reach.foreign(report, client) else reach.own_level(report.machine)
    why = f"For one command, say {own}: an override is reported with version 1."
    yield from override_for_one_command.offer(client, own, why)
    yield from upgrade_client.offer(client)
