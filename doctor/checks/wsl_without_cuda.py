"""In WSL with a GPU driver some client does not see CUDA."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.cuda import configured, lowest, reported
from doctor.model import Client, Cost, Evidence, Finding, Remedy, Report, Severity, Type
from doctor.remedies import commands, cuda_for_one_command, upgrade_client
from doctor.version import at_least

ID = "wsl-cuda"
GROUP = "system"
SYMPTOM = "the GPU works on Windows, but the solver in WSL does not see CUDA"
CAUSE = (
    "In WSL the driver's library and nvidia-smi lie in /usr/lib/wsl/lib, outside of the usual "
    "search paths. conda looks there since 4.14.0; libmamba runs nvidia-smi, so it needs that "
    "folder on PATH."
)
DETECTED = (
    "The kernel is WSL's, there is a sign of the NVIDIA driver, and a client reports no __cuda "
    "although no override took it away."
)
REMEDIES = ("advice", "cuda-for-one-command", "upgrade-client")
ADVICE = ("Put /usr/lib/wsl/lib on PATH for one command, so that the client finds nvidia-smi.",)
SOURCES = (
    "https://github.com/conda/conda/issues/11615",
    "conda/conda 4.14.0:conda/common/cuda.py",
    "https://github.com/prefix-dev/pixi/issues/1355",
)

FOLDER = "/usr/lib/wsl/lib"


def check(report: Report) -> Iterator[Finding]:
    """One warning for all clients that report none."""
    system = report.machine.system
    if not (system.virtualization or "").startswith("WSL") or system.cuda is False:
        return
    if cuda_for_one_command.VARIABLE in report.machine.settings:
        return
    said = reported(report)
    blind = [
        client
        for client in report.clients
        if client.id in said and said[client.id] is None and configured(client) is None
    ]
    if blind:
        seen = [version for version in said.values() if version]
        yield _finding(report, blind, seen)


def _finding(report: Report, blind: list[Client], seen: list[str]) -> Finding:
    names = " and ".join(client.title for client in blind)
    return Finding(
        ID,
        "cuda",
        Severity.WARNING,
        f"{names} {'sees' if len(blind) == 1 else 'see'} no CUDA in this "
        f"{report.machine.system.virtualization}",
        "Packages for GPUs are refused, or builds without CUDA are taken instead.",
        tuple(client.id for client in blind),
        (
            *(Evidence(f"{c.title} reports no __cuda", reach.source(c)) for c in blind),
            Evidence("there are signs of the NVIDIA driver", "machine facts"),
        ),
        tuple(_remedies(report, blind, seen)),
        SOURCES[0],
    )


def _remedies(report: Report, blind: list[Client], seen: list[str]) -> Iterator[Remedy]:
    for client in [c for c in blind if reach.is_libmamba(c)][:1]:
        create = f"{commands.spoken(client)} create -n test {cuda_for_one_command.EXAMPLE}"
        yield Remedy(
            ADVICE[0],
            (Type(f'PATH="$PATH:{FOLDER}" {create}'),),
            cost=Cost.ONE_COMMAND,
        )
    version = lowest(seen) if seen else None
    where = "another client sees" if seen else "nvidia-smi.exe prints as CUDA Version"
    yield from cuda_for_one_command.offer(
        report, f"Or say the version for one command, no more than {where}.", version
    )
    for client in blind:
        if client.kind == "conda" and not at_least(client.version or "0", "4.14.0"):
            yield from upgrade_client.offer(client)
