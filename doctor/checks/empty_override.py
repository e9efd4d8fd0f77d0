"""CONDA_OVERRIDE_ARCHSPEC is set and empty, or `0`: each client makes something else of it."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import Override, overrides
from doctor.model import Client, Evidence, Finding, Report, Severity

ID = "empty-override-semantics"
GROUP = "overrides"
SYMPTOM = 'CONDA_OVERRIDE_ARCHSPEC="" means three things'
CAUSE = (
    "Set but empty, conda and rattler drop __archspec, libmamba 2 reports the build 0, and older "
    "versions ignore it. CEP 30 defines only values that are not empty."
)
DETECTED = (
    "The variable or the condarc key is there and holds nothing, blanks or 0, which is another "
    "thing than not being set. What each client makes of that follows from its version."
)
REMEDIES = ("remove-override",)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/2692",
    "conda/ceps c6ae4d9:cep-0030.md",
    "mamba-org/mamba 2.8.1:libmamba/src/core/virtual_packages.cpp",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per empty (or zero) override that some client follows, else a note."""
    for override in overrides(report):
        if not override.value.strip() or override.value == "0":
            yield _finding(report, override)


def _finding(report: Report, override: Override) -> Finding:
    levels = not reach.without_levels(report.machine)
    said = "0" if override.value == "0" else "empty"
    return Finding(
        ID,
        override.subject,
        Severity.ERROR if override.followers and levels else Severity.NOTE,
        f"{override.name} is set to {said}, which hides the CPU",
        "Clients that read it report no CPU that any build accepts: level packages cannot be "
        "installed, or an old version without that dependency is."
        if levels
        else "Nothing that is installed for this platform depends on it.",
        override.ids,
        (
            Evidence(f"{override.name}={override.value}", override.source),
            *override.written,
            *(Evidence(f"{c.title}: {_meaning(c, override.value)}", c.prediction.era.source)
              for c in override.followers if c.prediction),
        ),
        override.removals,
        SOURCES[0],
    )  # fmt: skip


def _meaning(client: Client, value: str) -> str:
    """What this client makes of the value."""
    empty = client.prediction.era.empty if client.prediction else "absent"
    return "reports the build 0" if value == "0" or empty == "0" else "drops __archspec"
