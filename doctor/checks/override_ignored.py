"""CONDA_OVERRIDE_ARCHSPEC is set, and some installed client does not read it."""

from collections.abc import Iterator

from doctor import reach
from doctor.microarch import installed
from doctor.model import Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import commands, upgrade_client, use_another_client

ID = "override-ignored-by-old-micromamba"
GROUP = "overrides"
SYMPTOM = "CONDA_OVERRIDE_ARCHSPEC has no effect in micromamba"
CAUSE = (
    "No libmamba before 2.0.0 reads the variable, nor does conda 22.11.0 to 23.1.0, nor "
    "py-rattler before 0.9.1, nor pixi before 0.41.0."
)
DETECTED = "The variable is set, and the rule for a client's version says that it does not read it."
REMEDIES = ("use-another-client", "upgrade-client", "advice")
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3446",
    "https://github.com/mamba-org/mamba/pull/2966",
    "https://github.com/mamba-org/mamba/issues/2692",
    "conda/conda 22.11.0:conda/plugins/virtual_packages/archspec.py",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per client that ignores the variable."""
    value = report.machine.settings.get(commands.VARIABLE)
    if value is None:
        return
    sensible = _sensible(report, value)
    for client in report.clients:
        if client.prediction is None or reach.honours_override(client) or client.ours:
            continue
        yield Finding(
            ID,
            client.id,
            Severity.WARNING,
            f"{client.title} ignores {commands.VARIABLE}",
            f"{client.title} solves for the CPU that it detects, whatever the variable says.",
            (client.id,),
            (
                Evidence(f"{commands.VARIABLE}={value}", "environment"),
                Evidence(client.prediction.era.says, client.prediction.era.source),
            ),
            (
                *use_another_client.offer(report, client, honouring=True),
                *upgrade_client.offer(client),
            )
            if sensible
            else (Remedy("Unset it: its value would do no good even where it is read."),),
            SOURCES[0],
        )


def _sensible(report: Report, value: str) -> bool:
    """Whether following the variable is to be wished for: a known name, not above the CPU."""
    return value in installed().targets and reach.runs(report.machine, value)
