"""Findings that the user does not want to hear of: listed as muted, last, and counted for nothing.

Only a report about this machine is changed: what is muted here may matter on another one.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from doctor.model import Report

HERE = "this machine"
"""Source of a report about the machine that the doctor runs on."""

NOT_HERE = "Only findings of this machine can be muted: this is not one."
"""Why a finding cannot be muted."""

MUTED = "Muted until you leave: listed last, counted for nothing."
COUNTS = "It counts again until you leave."


def toggled(ids: tuple[str, ...], finding: str) -> tuple[str, ...]:
    """What is muted once a finding is muted too, or counts again where it was."""
    if finding in ids:
        return tuple(id for id in ids if id != finding)
    return (*ids, finding)


def mute(report: Report, ids: Iterable[str]) -> Report:
    """The report in which findings with these ids are muted; all others keep their order."""
    wanted = frozenset(ids) if report.source == HERE else frozenset[str]()
    muted = tuple(found.id for found in report.findings if found.id in wanted)
    if not muted and not report.muted:
        return report
    last = (found for found in report.findings if found.id in wanted)
    first = (found for found in report.findings if found.id not in wanted)
    return replace(report, findings=(*first, *last), muted=muted)
