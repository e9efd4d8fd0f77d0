"""A pixi lock file holds level 1, because no platform declares more."""

from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.checks.project_lines import DECLARED
from doctor.model import Finding, Report, Severity
from doctor.remedies import pixi_platform

ID = "pixi-solver-ignores-host"
GROUP = "project files"
SYMPTOM = "pixi info says skylake, but pixi always installs the slow level-1 build"
CAUSE = (
    "pixi locks for the CPU that a platform declares, and for the baseline x86_64 where none is "
    "declared. It never looks at the machine that solves."
)
DETECTED = (
    "The lock file holds a level package of level 1, no platform of the project declares a CPU, "
    "and this machine has level 3 or 4."
)
REMEDIES = ("pixi-platform", "advice")
SOURCES = (
    "https://github.com/prefix-dev/pixi/issues/1804",
    "https://github.com/prefix-dev/pixi/issues/5285",
    "prefix-dev/pixi v0.77.0:crates/pixi_core/src/workspace/virtual_packages.rs",
)


def check(report: Report) -> Iterator[Finding]:
    """A note per level-1 package in a lock file, on machines that have level 3."""
    if any(project_lines.lines(report, DECLARED)):
        return
    for line, subject in project_lines.lines(report, ID):
        own = project_lines.own_number(report)
        place = project_lines.stands(report, line.level)
        if place == "unknown":
            verdict = (
                Severity.UNKNOWN,
                "the lock file holds level 1",
                "Whether this machine could use a higher level is unknown.",
            )
        elif place == "below" and own in (3, 4):
            verdict = (
                Severity.NOTE,
                "the lock file holds level 1; this machine has more",
                "Programs run, but slower than they could where they have builds for level 3.",
            )
        else:
            continue
        remedies = pixi_platform.offer(report) if place == "below" else []
        more = (project_lines.own_words(report),)
        yield project_lines.finding(
            ID, line, subject, verdict, remedies, link=SOURCES[0], more=more
        )
