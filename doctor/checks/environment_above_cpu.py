"""An environment needs a level that this machine's CPU does not have, or was solved for one."""

from collections.abc import Iterator

from doctor.checks.environment_needs import Cause, outcomes
from doctor.model import Environment, Finding, Remedy, Report
from doctor.remedies import solve_for_this_cpu

ID = "sigill-env-built-on-newer-node"
GROUP = "environments"
SYMPTOM = "Illegal instruction (core dumped), on some machines only"
CAUSE = (
    "The level is decided once, when an environment is solved. Nothing looks again when a shared "
    "prefix, an image or a packed environment is used on an older CPU."
)
DETECTED = (
    "The highest level that installed packages ask for, by their records in conda-meta, is "
    "compared with the level that every processor has. The version of the level package alone is "
    "no error: it says only where the environment was solved."
)
REMEDIES = ("advice", "solve-for-this-cpu")
ADVICE = ("Run it on a machine of that level (a job scheduler can be told which), or:",)
SOURCES = (
    "https://github.com/ZettaAI/zetta_utils/issues/868",
    "https://github.com/LSSTDESC/CCL/issues/694",
    "https://github.com/rcgsheffield/sheffield_hpc/issues/345",
    "https://github.com/luntergroup/octopus/issues/154",
)


def check(report: Report) -> Iterator[Finding]:
    """Per environment: an error if it needs more than the CPU has, a note if it was solved so.

    In a container `image-or-pack-moved-to-older-cpu` says so, as there the cause is another.
    """
    yield from outcomes(report, Cause(ID, SOURCES[0], _remedies))


def _remedies(
    report: Report, environment: Environment, own: str, names: tuple[str, ...]
) -> Iterator[Remedy]:
    yield Remedy(ADVICE[0])
    yield from solve_for_this_cpu.offer(report, environment, own, names)
