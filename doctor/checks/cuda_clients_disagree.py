"""Clients of one machine report different versions of `__cuda`."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.cuda import configured, lowest, release, reported
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import cuda_for_one_command
from doctor.version import at_least

ID = "cuda-client-disagreement"
GROUP = "system"
SYMPTOM = "micromamba thinks CUDA 12.8, conda says 12.2"
CAUSE = (
    "libmamba 2.0.6 and newer reads the version of the installed CUDA toolkit before it asks the "
    "driver; conda and rattler ask the driver. A toolkit that is newer than the driver promises "
    "what the driver cannot do."
)
DETECTED = (
    "The __cuda versions that clients report are compared, and the toolkit's version is read from "
    "/usr/local/cuda/version.json, as libmamba does."
)
REMEDIES = ("cuda-for-one-command", "advice")
ADVICE = ("See what the driver offers: nvidia-smi prints it as CUDA Version.",)
SOURCES = (
    "https://github.com/mamba-org/mamba/pull/3700",
    "mamba-org/mamba 2.8.1:libmamba/src/core/virtual_packages.cpp",
    "https://github.com/conda/conda/issues/14761",
    "https://github.com/prefix-dev/pixi/issues/1355",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning for all clients; none where the variable sets the version for all of them."""
    if report.machine.settings.get(cuda_for_one_command.VARIABLE) is not None:
        return
    found = {client: version for client, version in reported(report).items() if version}
    if len({release(version) for version in found.values()}) > 1:
        yield _finding(report, found)


def _finding(report: Report, found: dict[str, str]) -> Finding:
    rows = [client for client in report.clients if client.id in found]
    low = lowest(list(found.values()))
    said = ", ".join(f"{client.title} says {found[client.id]}" for client in rows)
    return Finding(
        ID,
        "cuda",
        Severity.WARNING,
        f"Clients disagree about CUDA: {said}",
        f"What is installed for more than {low} may find no usable GPU here, and does not say why.",
        tuple(client.id for client in rows),
        tuple(_evidence(report, rows, found)),
        (
            *cuda_for_one_command.offer(
                report,
                f"Name the lowest for one command, with your own packages: what is built for {low} "
                "runs on a driver that can do more as well.",
                low,
            ),
            Remedy(ADVICE[0]),
        ),
        SOURCES[0],
    )


def _evidence(report: Report, rows: list[Client], found: dict[str, str]) -> Iterator[Evidence]:
    toolkit = report.machine.system.cuda_toolkit
    for client in rows:
        version = found[client.id]
        because = ""
        if toolkit and _reads_toolkit(client) and release(toolkit) == release(version):
            because = ", the toolkit's version and not the driver's"
        elif configured(client):
            because = ", as its condarc says"
        yield Evidence(f"{client.title} says __cuda {version}{because}", reach.source(client))
    if toolkit:
        yield Evidence(f"CUDA toolkit {toolkit}", "/usr/local/cuda/version.json")


def _reads_toolkit(client: Client) -> bool:
    return reach.is_libmamba(client) and at_least(client.version or "0", "2.0.6")
