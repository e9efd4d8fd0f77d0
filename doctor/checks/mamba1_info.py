"""mamba 1: `mamba info` shows conda's view, the solver uses libmamba's."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Evidence, Finding, Remedy, Report, Severity
from doctor.version import between

ID = "mamba1-info-vs-solver"
GROUP = "clients"
SYMPTOM = "mamba info shows haswell, but the solver says x86_64-v3 is missing"
CAUSE = (
    "`mamba info` of mamba 1 runs conda's own code. Since 1.4.6 the solver uses libmamba's virtual "
    "packages instead, which `info` never shows."
)
DETECTED = (
    "The version is mamba 1.4.6 to 1.5.12. What its solver uses is asked of the libmambapy in its "
    "base, or follows from the version; `mamba info` is never asked."
)
REMEDIES = ("advice",)
ADVICE = ("Believe what envdoctor asked libmambapy, not `mamba info`.",)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3446",
    "https://github.com/mamba-org/mamba/pull/2632",
    "mamba-org/mamba mamba-1.5.12:mamba/mamba/mamba.py",
)


def check(report: Report) -> Iterator[Finding]:
    """One note per mamba 1.4.6 to 1.5.12."""
    for client in report.clients:
        if client.kind != "mamba" or not between(client.version or "0", "1.4.6", "2.0.0alpha0"):
            continue
        package = reach.shown(client)
        yield Finding(
            ID,
            client.id,
            Severity.NOTE,
            f"{client.title}: `mamba info` does not show what its solver uses",
            f"Its solver uses {package or 'an unknown value'}; the override has no effect on it.",
            (client.id,),
            (Evidence(f"asked its libmambapy: {package}", reach.source(client)),),
            (Remedy(ADVICE[0]),),
            SOURCES[0],
        )
