"""The C library is older than what conda-forge's packages are built for."""

from collections.abc import Iterator

from doctor.model import Evidence, Finding, Remedy, Report, Severity, Type
from doctor.version import at_least

ID = "glibc-too-old"
GROUP = "system"
SYMPTOM = "nothing provides __glibc >=2.28, on CentOS 7 and the like"
CAUSE = (
    "conda-forge builds packages for glibc 2.28 by and by, and old enterprise Linux stays at 2.17. "
    "No package can bring another C library with it."
)
DETECTED = (
    "The version that the C library says of itself is below 2.28, or below 2.17. In a log it is "
    "told by the solver's sentence about __glibc."
)
REMEDIES = ("advice",)
ADVICE = (
    "Run it in a container that has a newer C library, such as with Apptainer.",
    "Or take older builds of what is refused, such as 'c-ares<1.33'.",
    "Do not set CONDA_OVERRIDE_GLIBC: it only moves the failure to when a program starts.",
)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3443",
    "https://github.com/idaholab/moose/issues/28517",
    "https://github.com/conda/constructor/issues/850",
    "https://github.com/mamba-org/mamba/issues/1388",
)

OVERRIDE = "CONDA_OVERRIDE_GLIBC"
BASELINE, LOWEST = "2.28", "2.17"
"""What newer builds ask for, and what no build of conda-forge goes below."""


def check(report: Report) -> Iterator[Finding]:
    """A warning below 2.28, an error below 2.17."""
    version = report.machine.system.libc_version
    if report.machine.system.libc != "glibc" or not version or at_least(version, BASELINE):
        return
    oldest = not at_least(version, LOWEST)
    yield Finding(
        ID,
        "glibc",
        Severity.ERROR if oldest else Severity.WARNING,
        f"The C library is glibc {version}, older than {LOWEST if oldest else BASELINE}",
        "Next to nothing of conda-forge can be installed, and new micromamba does not start."
        if oldest
        else f"Packages that ask for __glibc >={BASELINE} cannot be installed: current releases of "
        "more and more libraries, and what depends on them. pixi refuses platforms that do not "
        "say otherwise.",
        (),
        tuple(_evidence(report, version)),
        tuple(_remedies(report, version)),
        SOURCES[0],
    )


def _evidence(report: Report, version: str) -> Iterator[Evidence]:
    yield Evidence(f"glibc {version}", "machine facts")
    value = report.machine.settings.get(OVERRIDE)
    if value:
        yield Evidence(f"{OVERRIDE}={value}", "environment")


def _remedies(report: Report, version: str) -> Iterator[Remedy]:
    value = report.machine.settings.get(OVERRIDE)
    if value and at_least(value, version) and value != version:
        yield Remedy(
            f"Unset {OVERRIDE}: what is installed under it does not start here.",
            (Type(f"unset {OVERRIDE}"),),
        )
    yield Remedy(ADVICE[0])
    yield Remedy(ADVICE[1])
    if any(client.kind == "pixi" for client in report.clients):
        yield Remedy(f'For pixi 0.71.0 or newer, say `glibc = "{version}"` in the platform entry.')
    if not value:
        yield Remedy(ADVICE[2])
