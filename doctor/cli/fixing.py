"""`envdoctor fix`: the ways out of a finding, shown, tried, and undone."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from doctor.cli.output import Exit, UsageError, nearest, out, out_json, safe
from doctor.cli.sources import host_of, limit_of, live_host

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import Finding, Remedy, Report, Tried


def fix(arguments: argparse.Namespace) -> int:
    """Shows, tries, applies or undoes; only what was asked for and said yes to is changed."""
    host = host_of(arguments)
    reference = host if host.live else live_host()
    try:
        if arguments.undo:
            return _undo(arguments, host)
        report = _examined(arguments, host)
        finding = _finding(arguments, host, reference, report)
        if arguments.apply:
            from doctor.cli.applying import apply_one
            from doctor.fix.recheck import own

            return apply_one(arguments, host, reference, report, own(finding, report))
        if arguments.trial:
            return _try(arguments, host, reference, report, finding)
        return _show(arguments, finding)
    finally:
        host.close()
        reference.close()


def _examined(arguments: argparse.Namespace, host: "Host") -> "Report":
    from doctor.examine import examine

    return examine(host, limit=limit_of(arguments))


# --- which finding ---------------------------------------------------------------------------


def _finding(
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


# --- show and try ----------------------------------------------------------------------------


def _show(arguments: argparse.Namespace, finding: "Finding") -> int:
    from doctor.report import document, remedies

    chosen(finding, arguments.remedy)
    if arguments.json:
        out_json({"finding": document.of_finding(finding), "tried": [], "applied": None})
    else:
        out(remedies.options(finding, arguments.remedy))
    return Exit.OK


def _try(
    arguments: argparse.Namespace,
    host: "Host",
    reference: "Host",
    report: "Report",
    finding: "Finding",
) -> int:
    """Every remedy that a solver can answer for, or the named one; nothing is changed."""
    from doctor.report import document

    done: dict[str, Tried] = {}
    for name, remedy in chosen(finding, arguments.remedy).items():
        tried = tried_here(host, reference, report, remedy)
        if tried is not None:
            done[name] = tried
    if arguments.json:
        rows = [document.of_tried(name, tried) for name, tried in done.items()]
        out_json({"finding": document.of_finding(finding), "tried": rows, "applied": None})
    else:
        out(_tried_lines(finding, done))
    works = {tried.works for tried in done.values()}
    if True in works:
        return Exit.OK
    return Exit.FINDINGS if False in works else Exit.INCOMPLETE


def tried_here(
    host: "Host", reference: "Host", report: "Report", remedy: "Remedy"
) -> "Tried | None":
    """A trial, unless the remedy does not apply here."""
    from doctor.fix.trial import tried

    return None if remedy.blocked else tried(host, reference, report, remedy)


def _tried_lines(finding: "Finding", done: "dict[str, Tried]") -> Iterator[str]:
    from doctor.report import remedies

    yield finding.title
    for name, remedy in finding.options.items():
        if name in done:
            yield ""
            yield f"{name}: {remedy.text}"
            yield from (f"  {line}" for line in remedies.trial(done[name]))
    if not done:
        yield "None of its remedies can be tried here without doing it."
    else:
        yield ""
        yield remedies.LEGEND


# --- undo ------------------------------------------------------------------------------------


def _undo(arguments: argparse.Namespace, host: "Host") -> int:
    """Puts back what the last remedy for this finding edited."""
    from doctor.fix import journal
    from doctor.fix.applying import undo
    from doctor.host.changing import Changer

    if not host.live:
        raise UsageError("a recording of a machine cannot be changed")
    if arguments.finding is None:
        raise UsageError("name the finding whose remedy is to be undone")
    place = journal.folder()
    last = journal.last(place, arguments.finding)
    if last is None:
        raise UsageError(f"nothing that can be put back was applied to {arguments.finding!r}")
    undone, said = undo(Changer(place / "kept"), last)
    trouble = journal.write(place, undone) if undone.undone else None
    for line in filter(None, (said, trouble)):
        sys.stderr.write(f"envdoctor: {safe(line)}\n") if arguments.json else out([line])
    if arguments.json:
        from doctor.report import document

        content: dict[str, Any] = {"applied": document.of_applied(undone), "state": said}
        out_json(content)
    return Exit.OK if undone.undone else Exit.FINDINGS
