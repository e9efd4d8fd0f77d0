"""The system's C library is musl: packages of linux-64 are built for glibc."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity

ID = "musl-host"
GROUP = "system"
SYMPTOM = "on Alpine: glibc version not found, or a program that is there is No such file"
CAUSE = (
    "conda-forge's packages for Linux need glibc. Without it their programs do not start, since "
    "the loader that they name is not there."
)
DETECTED = (
    "Python's C library is no glibc, and /lib holds musl's loader. conda assumes glibc 2.5 there, "
    "libmamba and rattler report no __glibc."
)
REMEDIES = ("advice",)
ADVICE = (
    "Use an image that has glibc, such as debian:slim or mambaorg/micromamba.",
    "Do not set CONDA_OVERRIDE_GLIBC: it only moves the failure to when a program starts.",
)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3514",
    "https://github.com/prefix-dev/pixi/issues/3503",
    "https://github.com/mamba-org/micromamba-docker/issues/559",
)


def check(report: Report) -> Iterator[Finding]:
    """An error where a client is installed that would use such packages, else a note."""
    if report.machine.system.libc != "musl":
        return
    rows = [client for client in report.clients if not client.ours]
    yield Finding(
        ID,
        "libc",
        Severity.ERROR if rows else Severity.NOTE,
        "This system has musl, and conda packages need glibc",
        "What is installed does not start here: No such file or directory, although it is there.",
        tuple(client.id for client in rows),
        (Evidence("the C library is musl", "machine facts"), *map(_said, rows)),
        tuple(map(Remedy, ADVICE)),
        SOURCES[0],
    )


def _said(client: Client) -> Evidence:
    answer = client.reported
    if answer is None or answer.virtual_packages is None:
        return Evidence(f"{client.title} did not say which glibc it sees", client.path)
    found = (p for p in answer.virtual_packages if p.name == "__glibc")
    said = next((str(package) for package in found), "no __glibc")
    return Evidence(f"{client.title} reports {said}", reach.source(client))
