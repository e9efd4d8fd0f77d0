"""What `envdoctor fix` is about: the finding that is meant, its remedies, the trial of one."""

import argparse
from typing import TYPE_CHECKING

from doctor.cli.output import UsageError, nearest

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import Finding, Remedy, Report, Tried


def finding_of(
    arguments: argparse.Namespace, host: "Host", reference: "Host", report: "Report"
) -> "Finding":
    """A finding of this machine by id or check, one that a log shows, or a requirement's."""
    known = report.findings
    if arguments.log is not None:
        from doctor import triage
        from doctor.cli.triaging import read_log

        clues = triage.clues(read_log(arguments.log))
        known = triage.findings(clues, report)
        if not known:
            raise UsageError(f"{arguments.log} shows no problem that envdoctor knows")
    word = arguments.finding
    if word is None:
        if len(known) == 1 or (known and arguments.log is not None):
            return known[0]
        raise UsageError(f"name a finding: {', '.join(f.id for f in known) or 'there is none'}")
    found = [f for f in known if word in (f.id, f.check)]
    exact = [f for f in found if f.id == word]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise UsageError(f"{word!r} has several: {', '.join(f.id for f in found)}")
    return _of_requirement(host, reference, report, word)


def _of_requirement(host: "Host", reference: "Host", report: "Report", word: str) -> "Finding":
    """A requirement is tried with every client first."""
    from doctor import checks
    from doctor.explain import explain
    from doctor.fix.problems import of_requirement
    from doctor.requirements import parsed

    name, colon, _ = word.partition(":")
    if colon or name in {check.ID for check in checks.CHECKS}:
        ids = [finding.id for finding in report.findings]
        raise UsageError(f"nothing of {word!r} was found here{nearest(word, ids)}")
    wanted = parsed(word)
    if wanted is None or word.startswith("-"):
        raise UsageError(f"{word!r} is no finding of this machine and no requirement")
    return of_requirement(explain(host, reference, report, (wanted.plain,)), wanted.plain)


def chosen(finding: "Finding", name: str | None) -> "dict[str, Remedy]":
    """The remedy of that name, all if none is named."""
    options = finding.options
    if name is None:
        return options
    if name not in options:
        known = list(options)
        raise UsageError(
            f"{finding.id} has no remedy {name!r}{nearest(name, known)}; it has {', '.join(known)}"
        )
    return {name: options[name]}


def tried_here(
    host: "Host", reference: "Host", report: "Report", remedy: "Remedy"
) -> "Tried | None":
    """A trial, unless the remedy does not apply here."""
    from doctor.fix.trial import tried

    return None if remedy.blocked else tried(host, reference, report, remedy)
