"""A conda root has no archspec, so conda guesses, or fails."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Client, Evidence, Finding, Report, Severity
from doctor.remedies import archspec_in_base, use_another_client
from doctor.version import at_least

ID = "archspec-missing-in-base"
GROUP = "clients"
SYMPTOM = "conda info says __archspec=1=x86_64 on a modern CPU"
CAUSE = (
    "conda asks the archspec in its base environment. It was no dependency before 23.11.0: "
    "without it conda reports the machine's plain name; since then it fails."
)
DETECTED = (
    "The records of conda's base name its parts, and archspec is not among them; nor is "
    "archspec's database in the base's own Python."
)
REMEDIES = ("use-another-client", "archspec-in-base")
SOURCES = (
    "https://github.com/conda/conda/pull/13213",
    "https://github.com/conda/conda/issues/11459",
    "conda/conda 23.10.0:conda/core/index.py",
)


def check(report: Report) -> Iterator[Finding]:
    """One finding per conda root without archspec whose parts are known."""
    for client in report.clients:
        known = bool(client.parts) and client.version is not None
        if not _fails(client) and _asks_in_vain(report, client):
            continue
        if client.kind == "conda" and known and not _has_archspec(client):
            yield _finding(report, client)


def _has_archspec(client: Client) -> bool:
    return "archspec" in client.parts or client.archspec_json is not None


def _asks_in_vain(report: Report, client: Client) -> bool:
    """Whether archspec's answer would change nothing: it is not used, or there are no levels."""
    machine = report.machine
    return reach.plain_on_windows(machine, client) or reach.without_levels(machine)


def _fails(client: Client) -> bool:
    """Whether conda needs archspec to start at all, rather than guess without it."""
    return at_least(client.version or "0", "23.11.0")


def _finding(report: Report, client: Client) -> Finding:
    fails = _fails(client)
    consequence = (
        "conda info, create and install fail with ModuleNotFoundError."
        if fails
        else "conda takes every CPU for level 1: optimised builds are not installed."
    )
    return Finding(
        ID,
        client.id,
        Severity.ERROR if fails else Severity.WARNING,
        f"{client.title} has no archspec in its base",
        consequence,
        (client.id,),
        (Evidence("no archspec record and no archspec package", client.root or client.path),),
        (*use_another_client.offer(report, client), archspec_in_base.install(report, client)),
        SOURCES[0],
    )  # fmt: skip
