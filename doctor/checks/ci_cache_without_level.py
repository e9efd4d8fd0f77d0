"""A CI step keeps a conda environment for later runs, which may be on another CPU."""

import re
from collections.abc import Iterator

from doctor.checks import project_lines
from doctor.model import Finding, PinnedLine, Remedy, Report, Severity, Type

ID = "ci-runner-heterogeneity"
GROUP = "project files"
SYMPTOM = "CI is flaky: the cached environment crashes, or numbers differ from run to run"
CAUSE = (
    "Hosted runners of one label mix CPUs with and without AVX-512. A cache whose key does not "
    "name the CPU's level hands an environment that was solved on one of them to all others."
)
DETECTED = (
    "A step of setup-micromamba or actions/cache keeps an environment or packages, its key names "
    "no level, nothing in the file tells the CPU or fixes the level, and it is not from a lock "
    "file."
)
REMEDIES = ("advice",)
ADVICE = (
    "Put the level into the key: let a step before it, with `id: cpu`, write what `envdoctor "
    "level` says to GITHUB_OUTPUT, and end the key with ${{ steps.cpu.outputs.level }}.",
    "Or fix the level where the environment is solved, by the override for that step and with the "
    "lowest level among the runners; micromamba reads it from 2.0 on, conda from 23.3 on.",
    "Or solve once with a lock file, or pin the type of the runner.",
)
SOURCES = (
    "https://github.com/apache/flink-agents/issues/893",
    "https://github.com/binius-zk/binius64/issues/1471",
    "https://github.com/julia-actions/cache/issues/114",
    "mamba-org/setup-micromamba 06c146b6d:src/cache.ts",
)

_PACKAGES = re.compile(r"pkgs")
_ENVIRONMENT = re.compile(r"envs|cache-environment|\.pixi")
_ASKS = re.compile(r"microarch-level")


def check(report: Report) -> Iterator[Finding]:
    """A note per cache; a warning where the project is known to ask for a level."""
    for line, subject in project_lines.lines(report, ID):
        yield project_lines.finding(
            ID, line, subject, _verdict(report, line), list(_remedies()), link=SOURCES[0]
        )


def _verdict(report: Report, line: PinnedLine) -> tuple[Severity, str, str]:
    if not _ENVIRONMENT.search(line.text) and _PACKAGES.search(line.text):
        return (
            Severity.NOTE,
            "keeps downloaded packages, and the key names no CPU level",
            "Each run still solves for its own CPU, so nothing crashes; packages for another level "
            "are downloaded every time.",
        )
    title = "keeps an environment, and the key names no CPU level"
    consequence = "A run on an older CPU gets what was solved on a newer one"
    if _asks(report):
        return Severity.WARNING, title, f"{consequence}: its programs may end with Illegal "\
            "instruction there."  # fmt: skip
    return Severity.NOTE, title, f"{consequence}, once some package in it is built per level."


def _asks(report: Report) -> bool:
    """Whether any line of the project asks for a level package."""
    lines = report.project.lines if report.project else ()
    return any(_ASKS.search(line.text) for line in lines)


def _remedies() -> Iterator[Remedy]:
    step = Type('echo "level=$(envdoctor level)" >> "$GITHUB_OUTPUT"')
    yield Remedy(ADVICE[0], (step,))
    yield from map(Remedy, ADVICE[1:])
