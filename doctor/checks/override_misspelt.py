"""CONDA_OVERRIDE_ARCHSPEC holds something that archspec does not know."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import Override, overrides
from doctor.microarch import installed
from doctor.model import Evidence, Finding, Remedy, Report, Severity
from doctor.naming import meant
from doctor.remedies import override_for_one_command

ID = "override-misspelt"
GROUP = "overrides"
SYMPTOM = "I set x86-64-v3 and it got worse"
CAUSE = (
    "The psABI, GCC and glibc write x86-64-v3; archspec and conda write x86_64_v3. conda and "
    "mamba take any text as it is, and then nothing matches it."
)
DETECTED = (
    "The value of the override is looked up among archspec's names; where it is none of them, the "
    "name that comes closest is proposed."
)
REMEDIES = ("remove-override", "override-for-one-command")
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3446",
    "https://github.com/prefix-dev/pixi/issues/6701",
    "https://github.com/prefix-dev/pixi/issues/6820",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per override that is no archspec name (`0` and empty mean something else)."""
    for override in overrides(report):
        value = override.value
        if value.strip() and value != "0" and value not in installed().targets:
            yield _finding(report, override)


def _finding(report: Report, override: Override) -> Finding:
    name = meant(override.value)
    return Finding(
        ID,
        override.subject,
        Severity.ERROR if override.followers else Severity.WARNING,
        f"{override.name}={override.value!r} is no name that archspec knows"
        + (f"; {name} was meant?" if name else ""),
        "Clients that read it either refuse to run or report a name that no build accepts: level "
        "packages fail to install, or an old version is installed instead.",
        override.ids,
        (Evidence(f"{override.name}={override.value!r}", override.source), *override.written),
        tuple(_remedies(report, override, name)),
        SOURCES[0],
    )


def _remedies(report: Report, override: Override, name: str | None) -> Iterator[Remedy]:
    yield from override.removals
    able = [client for client in override.followers if reach.takes_variable(client)]
    if name and able and reach.runs(report.machine, name):
        text = "Or spell it as archspec does, for one command only."
        yield from override_for_one_command.offer(able[0], name, text)
