"""In a container an environment needs a level that this machine's CPU does not have."""

from collections.abc import Iterator

from doctor.checks.environment_needs import Cause, outcomes
from doctor.model import Environment, Finding, Remedy, Report
from doctor.remedies import rebuild_image, solve_for_this_cpu

ID = "image-or-pack-moved-to-older-cpu"
GROUP = "environments"
SYMPTOM = (
    "the container, or the packed environment, crashes at the customer's site: exit status 132"
)
CAUSE = (
    "An image is solved once, on the CPU of the machine that builds it. Images, conda-pack, "
    "constructor and explicit lists install on other machines without asking for the CPU again."
)
DETECTED = (
    "There are signs of a container, and the highest level that the records of an environment ask "
    "for is compared with the level that every processor has. What was unpacked outside of a "
    "container is told as an environment that was built on a newer node."
)
REMEDIES = ("rebuild-image", "solve-for-this-cpu", "advice")
ADVICE = (
    "Where the faster builds matter, publish an image per level with the level in its tag, and "
    "pull the one that `envdoctor level` names on the machine.",
)
SOURCES = (
    "https://github.com/ZettaAI/zetta_utils/issues/868",
    "https://github.com/ratschlab/metagraph/issues/552",
)


def check(report: Report) -> Iterator[Finding]:
    """Per environment: an error if it needs more than the CPU has, a note if it was solved so."""
    yield from outcomes(report, Cause(ID, SOURCES[0], _remedies))


def _remedies(
    report: Report, environment: Environment, own: str, names: tuple[str, ...]
) -> Iterator[Remedy]:
    yield Remedy(f"Run this image on machines of level {environment.needed} only, or:")
    yield rebuild_image.offer(report, environment, own, names)
    yield Remedy(ADVICE[0])
    yield from solve_for_this_cpu.offer(report, environment, own, names)
