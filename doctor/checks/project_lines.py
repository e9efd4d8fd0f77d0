"""What the checks about project files share: a line's place, its level here, its correction."""

import re
from collections import Counter
from collections.abc import Iterator

from doctor import reach
from doctor.clean import clean
from doctor.model import Client, Evidence, Finding, PinnedLine, Remedy, Report, Severity, Type
from doctor.remedies import correct_line

SOLVERS = ("conda", "mamba", "micromamba")
"""Clients that read these files and detect the CPU; pixi's workspaces do not."""

EXACT = "level-lower-than-host-not-installable"
DECLARED = "pixi-v3-platform-accepted-on-old-host"
"""Rules that two checks look at each: exact levels, and CPUs that pixi platforms declare."""


def lines(report: Report, *rules: str) -> Iterator[tuple[PinnedLine, str]]:
    """Lines that these rules judge, each with its place as the subject of a finding."""
    seen: Counter[str] = Counter()
    for line in report.project.lines if report.project else ():
        if line.rule in rules:
            place = at(line)
            seen[place] += 1
            yield line, place if seen[place] == 1 else f"{place}#{seen[place]}"


_URL = re.compile(r"://\S+-microarch-level-\S+\.(?:conda|tar\.bz2)")


def is_url(line: PinnedLine) -> bool:
    """Whether a line is the address of a package: those are installed without a solve."""
    return _URL.search(line.text) is not None


def at(line: PinnedLine) -> str:
    """Where a line stands, `PATH:LINE`."""
    return f"{line.path}:{line.line}"


def evidence(line: PinnedLine) -> Evidence:
    """The line itself, shortened where nobody would read it all."""
    text = clean(line.text).strip()
    return Evidence(text if len(text) <= 300 else f"{text[:300]}...", at(line))


def finding(
    check: str,
    line: PinnedLine,
    subject: str,
    verdict: tuple[Severity, str, str],
    remedies: list[Remedy],
    clients: tuple[Client, ...] = (),
    link: str | None = None,
    more: tuple[Evidence, ...] = (),
) -> Finding:
    """A finding about one line; the verdict is its severity, title and consequence."""
    severity, title, consequence = verdict
    if severity is Severity.UNKNOWN and not remedies:
        text = "Ask for the level on the machine that will use it."
        remedies = [Remedy(text, (Type("envdoctor level"),))]
    ids = tuple(client.id for client in clients)
    facts = (evidence(line), *more)
    said = (f"{at(line)} {clean(title)}", clean(consequence))
    return Finding(check, subject, severity, *said, ids, facts, tuple(remedies), link)


def correction(report: Report, line: PinnedLine) -> list[Remedy]:
    """What to do to the line itself, where one line does it."""
    return correct_line.offer(report, line, solvers(report))


def own_number(report: Report) -> int | None:
    """The number of the level that every processor has; `None` if unknown, or without levels."""
    return reach.own_number(report.machine)


def own_words(report: Report) -> Evidence:
    """This machine's level as a piece of evidence."""
    level = reach.own_level(report.machine)
    return Evidence(f"this machine is of level {level or 'unknown'}", "CPU features")


def stands(report: Report, number: int | None) -> str:
    """Where a level is to this machine's: `above`, `equal`, `below`, `other` CPUs, `unknown`."""
    own = own_number(report)
    if number is None or (own is None and reach.own_level(report.machine) is None):
        return "unknown"
    if own is None or (own <= 4) != (number <= 4):
        return "other"
    if number == own:
        return "equal"
    return "above" if number > own else "below"


def solvers(report: Report) -> tuple[Client, ...]:
    """This machine's clients that solve such files for the CPU that they detect."""
    return tuple(c for c in report.clients if c.kind in SOLVERS and not c.ours)


def without_regex(report: Report) -> tuple[Client, ...]:
    """Those of them whose solver does not match level builds."""
    found = solvers(report)
    return tuple(c for c in found if not (c.prediction and c.prediction.matches_regex_builds))
