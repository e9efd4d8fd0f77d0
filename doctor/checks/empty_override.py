"""CONDA_OVERRIDE_ARCHSPEC is set and empty, or `0`: each client makes something else of it."""

from collections.abc import Iterator

from doctor.checks import advice
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity

ID = "empty-override-semantics"
SYMPTOM = 'CONDA_OVERRIDE_ARCHSPEC="" means three things'
CAUSE = (
    "Set but empty, conda and rattler drop __archspec, libmamba 2 reports the build 0, and older "
    "versions ignore it. CEP 30 defines only values that are not empty."
)
VARIABLE = "CONDA_OVERRIDE_ARCHSPEC"


def check(report: Report) -> Iterator[Finding]:
    """One error if some client follows an empty (or zero) override, else a note."""
    value = report.machine.settings.get(VARIABLE)
    if value is None or (value.strip() and value != "0"):
        return
    followers = [c for c in report.clients if advice.honours_override(c)]
    said = "0" if value == "0" else "empty"
    yield Finding(
        ID,
        VARIABLE,
        Severity.ERROR if followers else Severity.NOTE,
        f"{VARIABLE} is set to {said}, which hides the CPU",
        "Clients that read it report no CPU that any build accepts: level packages cannot be "
        "installed, or an old version without that dependency is.",
        tuple(client.id for client in followers),
        (
            Evidence(f"{VARIABLE}={value}", "environment"),
            *(Evidence(f"{c.title}: {_meaning(c, value)}", c.prediction.era.source)
              for c in followers if c.prediction),
        ),
        (Remedy("Unset it; a set variable counts, whatever it holds.", f"unset {VARIABLE}"),),
        "https://github.com/mamba-org/mamba/issues/2692",
    )  # fmt: skip


def _meaning(client: Client, value: str) -> str:
    """What this client makes of the value."""
    empty = client.prediction.era.empty if client.prediction else "absent"
    return "reports the build 0" if value == "0" or empty == "0" else "drops __archspec"
