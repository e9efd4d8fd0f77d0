"""Findings by what they are about: a thousand rows ask a report the same a thousand times."""

import re
from collections import defaultdict

from doctor.model import Finding, Report

Found = dict[str, list[tuple[int, Finding]]]
"""Findings by subject, each with its place among those of the report."""

_last: tuple[Report, Found] | None = None
"""The report that was asked about last."""


def about(report: Report, *subjects: str) -> list[Finding]:
    """The findings about any of some subjects, in the order of the report.

    `FILE:LINE` has those of `FILE:LINE#2` too, which is another word on the same line.
    """
    known = _by_subject(report)
    rows = {place: found for subject in subjects for place, found in known.get(subject, ())}
    return [found for _, found in sorted(rows.items())]


def _by_subject(report: Report) -> Found:
    global _last
    known = _last
    if known is None or known[0] is not report:
        found: Found = defaultdict(list)
        for place, finding in enumerate(report.findings):
            found[finding.subject].append((place, finding))
            if (line := re.sub(r"(?<=:)(\d+)#\d+$", r"\1", finding.subject)) != finding.subject:
                found[line].append((place, finding))
        known = _last = (report, dict(found))
    return known[1]
