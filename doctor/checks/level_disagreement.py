"""libmamba's short tests come to another level than archspec's full list."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import overridden
from doctor.microarch import X86_LEVELS
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import override_for_one_command, upgrade_client, use_another_client
from doctor.version import at_least
from doctor.virtual.libmamba import KNOWN_VENDORS

ID = "libmamba-vs-archspec-level-disagreement"
GROUP = "cpu"
SYMPTOM = "mamba says v3, conda says v2 on the same machine"
CAUSE = (
    "libmamba tests fewer features than archspec: for level 3 not f16c, abm, movbe and xsave, for "
    "level 2 not cx16 and lahf_lm. A hypervisor that hides one of them makes the two differ."
)
DETECTED = (
    "The level that a libmamba client says is compared with the one that archspec finds in the "
    "same features, overrides set aside. The features that make the difference are named."
)
REMEDIES = ("override-for-one-command", "use-another-client", "upgrade-client", "advice")
ADVICE = ("Ask the owner of the virtual machine to show the host's CPU.",)
SOURCES = (
    "https://github.com/mamba-org/mamba/blob/2.8.1/libmamba/src/core/virtual_packages.cpp",
    "archspec/archspec-json 90b453f:cpu/microarchitectures.json",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per libmamba client whose level is not archspec's; overrides set aside."""
    own = report.machine.microarchitecture.level
    if own not in X86_LEVELS:
        return
    for client in report.clients:
        package = reach.shown(client)
        if package is None or overridden(report, client) or reach.foreign(report, client):
            continue
        if package.version == "0":  # of which another check tells
            continue
        if not reach.is_libmamba(client) or reach.plain_on_windows(report.machine, client):
            continue
        theirs = package.build.replace("-", "_")
        if theirs in X86_LEVELS and theirs != own and not _knows_no_levels(client):
            yield _finding(report, client, theirs, own)


def _knows_no_levels(client: Client) -> bool:
    """Whether this version says x86_64 on every CPU, which is another check's finding."""
    return client.version is not None and not at_least(client.version, "1.5.3")


def _finding(report: Report, client: Client, theirs: str, own: str) -> Finding:
    higher = X86_LEVELS.index(theirs) > X86_LEVELS.index(own)
    return Finding(
        ID,
        client.id,
        Severity.WARNING,
        f"{client.title} says {theirs}, archspec says {own}{_because(report, theirs, higher)}",
        f"It may install packages for {theirs} that end with Illegal instruction here."
        if higher
        else f"It installs slower packages than this CPU could run: it sees only {theirs}.",
        (client.id,),
        (
            Evidence(f"{client.title} says {theirs}", reach.source(client)),
            Evidence(f"archspec says {own}", "CPU features"),
        ),
        tuple(_remedies(report, client, own, higher)),
        SOURCES[0],
    )


def _remedies(report: Report, client: Client, own: str, higher: bool) -> Iterator[Remedy]:
    safe = reach.own_level(report.machine) or own
    why = (
        f"Trust the lower level for one command: {safe} is what the CPU shows."
        if higher
        else f"For one command, say what archspec sees: {safe}."
    )
    found = override_for_one_command.offer(client, safe, why)
    yield from found or [*use_another_client.offer(report, client), *upgrade_client.offer(client)]
    if report.machine.system.virtualization:
        yield Remedy(ADVICE[0])


def _because(report: Report, theirs: str, higher: bool) -> str:
    """The features, or the vendor, that make the difference; nothing if that is not known."""
    missing = report.machine.microarchitecture.missing.get(theirs, ()) if higher else ()
    if missing:
        return f": {' '.join(missing)} missing"
    vendor = report.machine.cpu.vendor
    if not higher and vendor not in KNOWN_VENDORS:
        return f": it does not know the vendor {vendor}"
    return ""
