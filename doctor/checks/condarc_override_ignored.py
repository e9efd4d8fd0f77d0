"""conda's condarc overrides `__archspec`; mamba, micromamba and pixi do not read that key."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import CONDARC, VARIABLE
from doctor.microarch import installed
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import override_for_one_command, use_another_client

ID = "condarc-override-ignored-by-mamba"
GROUP = "overrides"
SYMPTOM = "I set override_virtual_packages in .condarc and mamba ignores it"
CAUSE = (
    "conda 25.11.0 added the key for itself. libmamba skips condarc keys that it does not know, "
    "without a word, and pixi reads no condarc."
)
DETECTED = (
    "conda says what its configuration overrides; a mamba, micromamba or pixi beside it does not "
    "offer that name. The variable, which wins over the key, is not set."
)
REMEDIES = ("use-another-client", "override-for-one-command", "advice")
ADVICE = (
    "Take the key away, so that every client detects the CPU.",
    "For pixi, declare the CPU in a platform entry of its manifest.",
)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/4125",
    "https://github.com/conda/conda/pull/15156",
)

_DEAF = ("mamba", "micromamba", "pixi")


def check(report: Report) -> Iterator[Finding]:
    """One finding per client that does not do what the key says: a warning if it should."""
    if VARIABLE in report.machine.settings:
        return
    conda = next((c for c in report.clients if "archspec" in c.configured), None)
    if conda is None:
        return
    named = conda.configured["archspec"]
    for client in report.clients:
        if client.kind in _DEAF and not client.ours and not reach.foreign(report, client):
            used = _used(client)
            if used is not None and used != named:
                yield _finding(report, conda, client, used)


def _used(client: Client) -> str | None:
    """The build string that this client's solver goes by, `None` if unknown."""
    if client.prediction is not None and client.prediction.solves_with is not None:
        return client.prediction.solves_with.build
    package = reach.shown(client)
    return package.build if package else None


def _finding(report: Report, conda: Client, client: Client, used: str) -> Finding:
    named = conda.configured["archspec"]
    wanted = named in installed().targets and reach.runs(report.machine, named)
    matters = wanted and client.kind != "pixi"
    return Finding(
        ID,
        client.id,
        Severity.WARNING if matters else Severity.NOTE,
        f"{client.title} does not read {CONDARC} of the condarc",
        f"conda solves for {named}, {client.kind} for {used}: the same command can install "
        "packages of different levels.",
        (client.id, conda.id),
        (
            Evidence(f"{CONDARC}: archspec: {named}", f"condarc, as {conda.path} reads it"),
            Evidence(f"{client.title} solves with {used}", reach.source(client)),
        ),
        tuple(_remedies(conda, client, named)) if wanted else (Remedy(ADVICE[0]),),
        SOURCES[0],
    )


def _remedies(conda: Client, client: Client, named: str) -> Iterator[Remedy]:
    if client.kind == "pixi":
        yield Remedy(ADVICE[1])
        return
    if reach.works(conda):
        yield use_another_client.instead(client, conda)
    why = f"Say {named} to {client.kind} for one command."
    yield from override_for_one_command.offer(client, named, why)
    yield from override_for_one_command.not_for(client)
    yield Remedy(ADVICE[0])
