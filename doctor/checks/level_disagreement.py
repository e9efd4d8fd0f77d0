"""libmamba's short tests come to another level than archspec's full list."""

from collections.abc import Iterator

from doctor.checks import advice
from doctor.microarch import X86_LEVELS
from doctor.model import Client, Evidence, Finding, Machine, Remedy, Report, Severity

ID = "libmamba-vs-archspec-level-disagreement"
SYMPTOM = "mamba says v3, conda says v2 on the same machine"
CAUSE = (
    "libmamba tests fewer features than archspec: for level 3 not f16c, abm, movbe and xsave, for "
    "level 2 not cx16 and lahf_lm. A hypervisor that hides one of them makes the two differ."
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per libmamba client whose level is not archspec's; overrides set aside."""
    own = report.machine.microarchitecture.level
    if own not in X86_LEVELS or "CONDA_OVERRIDE_ARCHSPEC" in report.machine.settings:
        return
    for client in report.clients:
        package = advice.shown(client)
        if package is None or not advice.is_libmamba(client):
            continue
        theirs = package.build.replace("-", "_")
        before_levels = (
            theirs == "x86_64"
            and client.version is not None
            and (client.prediction is not None and client.prediction.era.fault is not None)
        )
        if theirs in X86_LEVELS and theirs != own and not before_levels:
            yield _finding(report, client, theirs, own)


def _finding(report: Report, client: Client, theirs: str, own: str) -> Finding:
    higher = X86_LEVELS.index(theirs) > X86_LEVELS.index(own)
    deciding = _deciding(report.machine, theirs if higher else own)
    features = " ".join(deciding) or "the CPU's vendor"
    remedies = advice.override(
        client, own, f"Trust the lower level for one command: {own} is what the CPU shows."
    )
    if higher and not remedies:
        remedies = [*advice.use_another(report, client), *advice.upgrade(client)]
    remedies.append(Remedy("If this is a virtual machine, ask its owner to show the host's CPU."))
    consequence = (
        f"It may install packages for {theirs} that end with Illegal instruction here: "
        f"{features} not shown."
        if higher
        else f"It installs slower packages than this CPU could run: it sees only {theirs}."
    )
    return Finding(
        ID,
        client.id,
        Severity.WARNING,
        f"{client.title} says {theirs}, archspec says {own}: {features}",
        consequence,
        (client.id,),
        (
            Evidence(f"{client.title} says {theirs}", advice.source(client)),
            Evidence(f"archspec says {own}; it lacks {features}", "CPU features"),
        ),
        tuple(remedies),
        "https://github.com/mamba-org/mamba/blob/2.8.1/libmamba/src/core/virtual_packages.cpp",
    )


def _deciding(machine: Machine, level: str) -> tuple[str, ...]:
    """Features of that level that the CPU does not show."""
    return machine.microarchitecture.missing.get(level, ())
