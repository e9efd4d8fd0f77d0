"""The level package of an environment came from a channel that carries an older set of builds."""

import re
from collections.abc import Iterator

from doctor.model import Environment, Evidence, Finding, Remedy, Report, Severity

ID = "old-metapackage-from-defaults"
GROUP = "environments"
SYMPTOM = "strict channel priority picks an outdated set of CPU names"
CAUSE = (
    "Anaconda's main channel republishes the level packages with fewer names and without level "
    "builds. With defaults first and strict priority, newer ones of conda-forge are not seen."
)
DETECTED = (
    "The record of the installed level package says which channel it came from, and that is "
    "Anaconda's main channel or defaults."
)
REMEDIES = ("advice",)
ADVICE = (
    "For the next environment put conda-forge first, or take it alone: "
    "-c conda-forge --override-channels.",
)
SOURCES = (
    "conda-forge/microarch-level-feedstock 6858122:recipe/variants.yaml",
    "https://github.com/conda-forge/microarch-level-feedstock/pull/15",
    "https://github.com/conda-forge/microarch-level-feedstock/pull/26",
)

_SIGN = re.compile(r"(^|/)pkgs/main(/|$)|^defaults$|://repo\.anaconda\.com/")


def check(report: Report) -> Iterator[Finding]:
    """A note per environment whose level package is not conda-forge's."""
    for environment in report.environments or ():
        package = environment.metapackage
        channel = package.channel if package else None
        if channel and _SIGN.search(channel):
            yield _finding(environment, channel)


def _finding(environment: Environment, channel: str) -> Finding:
    package = environment.metapackage
    title = package.title if package else ""
    return Finding(
        ID,
        environment.path,
        Severity.NOTE,
        f"{environment.path} has its level package from {channel}",
        "Its builds know fewer CPU names than conda-forge's: on a newer CPU they may not install.",
        (),
        (Evidence(f"{title} from {channel}", f"{environment.path}/conda-meta"),),
        (Remedy(ADVICE[0]),),
    )
