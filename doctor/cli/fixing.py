"""`envdoctor fix`: the ways out of a finding, shown, tried, and undone."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from doctor.cli.applying import apply_one
from doctor.cli.choosing import chosen, finding_of, tried_here
from doctor.cli.output import Exit, UsageError, is_plain, out, out_json, safe
from doctor.cli.sources import host_of, limit_of, live_host

if TYPE_CHECKING:
    from doctor.examine import Judged
    from doctor.host import Host
    from doctor.model import Finding, Report, Tried


def fix(arguments: argparse.Namespace) -> int:
    """Shows, tries, applies or undoes; only what was asked for and said yes to is changed."""
    from doctor.host.recorded import RecordingHost

    host = host_of(arguments)
    if host.live:
        host = RecordingHost(host)  # remembers what need not be asked again
    reference = host if host.live else live_host()
    try:
        if arguments.undo:
            return _undo(arguments, host)
        judged = _examined(arguments, host)
        report = judged.report
        finding = finding_of(arguments, host, reference, report)
        if arguments.apply:
            from doctor.fix.recheck import own

            return apply_one(arguments, host, judged, own(finding, report))
        if arguments.trial:
            return _try(arguments, host, reference, report, finding)
        return _show(arguments, finding)
    finally:
        host.close()
        reference.close()


def _examined(arguments: argparse.Namespace, host: "Host") -> "Judged":
    from doctor.again import Left
    from doctor.examine import judge

    return judge(host, limit_of(arguments), Left())


# --- show and try ----------------------------------------------------------------------------


def _show(arguments: argparse.Namespace, finding: "Finding") -> int:
    from doctor.report import document, remedies

    chosen(finding, arguments.remedy)
    if arguments.json:
        out_json({"finding": document.of_finding(finding), "tried": [], "applied": None})
    else:
        said = remedies.plain_options if is_plain(arguments) else remedies.options
        out(said(finding, arguments.remedy))
    return Exit.OK


def _try(
    arguments: argparse.Namespace,
    host: "Host",
    reference: "Host",
    report: "Report",
    finding: "Finding",
) -> int:
    """Every remedy that a solver can answer for, or the named one; nothing is changed."""
    from doctor.report import document, remedies

    done: dict[str, Tried] = {}
    for name, remedy in chosen(finding, arguments.remedy).items():
        tried = tried_here(host, reference, report, remedy)
        if tried is not None:
            done[name] = tried
    if arguments.json:
        rows = [document.of_tried(name, tried) for name, tried in done.items()]
        out_json({"finding": document.of_finding(finding), "tried": rows, "applied": None})
    else:
        out([finding.title, *remedies.trials(finding, done, is_plain(arguments))])
    works = {tried.works for tried in done.values()}
    if True in works:
        return Exit.OK
    return Exit.FINDINGS if False in works else Exit.INCOMPLETE


# --- undo ------------------------------------------------------------------------------------


def _undo(arguments: argparse.Namespace, host: "Host") -> int:
    """Puts back what the last remedy for this finding edited."""
    from doctor.fix import journal
    from doctor.fix.applying import undo
    from doctor.host import places
    from doctor.host.changing import Changer

    if not host.live:
        raise UsageError("a recording of a machine cannot be changed")
    if arguments.finding is None:
        raise UsageError("name the finding whose remedy is to be undone")
    place = places.state()
    last = journal.last(place, arguments.finding) if place else None
    if place is None or last is None:
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
