"""`envdoctor fix --apply`: the literal step, a question whose default is no, and what it left."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

from doctor.cli.choosing import chosen, tried_here
from doctor.cli.output import Exit, UsageError, out, out_json, safe
from doctor.cli.sources import limit_of

if TYPE_CHECKING:
    from doctor.examine import Judged
    from doctor.host import Host
    from doctor.model import Applied, Checked, Finding, Remedy, Report, Tried


def apply_one(
    arguments: argparse.Namespace, host: "Host", judged: "Judged", finding: "Finding"
) -> int:
    """Applies the named remedy, or the first that can be; then examines again what changed."""
    from doctor.fix.carrying import carried_out
    from doctor.fix.doing import Doing

    if not host.live:
        raise UsageError("a recording of a machine cannot be changed")
    report = judged.report
    name, remedy = _which(finding, arguments.remedy, report)
    if not arguments.yes and not sys.stdin.isatty():
        raise UsageError("nobody can be asked without a terminal: add --yes, or run it yourself")
    tried = tried_here(host, host, report, remedy)
    _preview(finding, name, remedy, tried)
    if not arguments.yes and not _asked():
        _tell("Nothing was changed.")
        return Exit.FINDINGS
    applied, wish = carried_out(Doing(), finding, remedy, _tell)
    found, again = None, "It was not checked again."
    if wish is None:
        found, again = _checked(arguments, host, judged, (finding, applied))
    _conclude(arguments, finding, (name, tried), applied, (found, again))
    if wish is not None:
        return 128 + wish
    if not applied.ok or (found == "still there" and _settles(remedy)):
        return Exit.FINDINGS
    silent = found == "unknown" and not finding.subject.startswith("line-")
    return Exit.INCOMPLETE if silent else Exit.OK


def _which(finding: "Finding", name: str | None, report: "Report") -> "tuple[str, Remedy]":
    """Refuses with the reason, and what to do by hand."""
    from doctor.fix.steps import why_not

    options = chosen(finding, name)
    if not options:
        raise UsageError(f"{finding.id} has no remedy")
    able = (known for known, remedy in options.items() if why_not(remedy) is None)
    known = next(able, next(iter(options)))
    remedy = options[known]
    reason = why_not(remedy, report)
    if reason is None:
        return known, remedy
    todo = f" What to do: {remedy.command or remedy.text}" if not remedy.blocked else ""
    raise UsageError(f"{known} cannot be applied. {reason}{todo}")


def _preview(finding: "Finding", name: str, remedy: "Remedy", tried: "Tried | None") -> None:
    """The literal commands and diffs, on standard error like all that is no result."""
    from doctor.fix.steps import literal
    from doctor.report import remedies

    _tell(finding.title, "", f"{name}: {remedy.text}", "")
    if tried is not None:
        _tell(*remedies.trial(tried), remedies.LEGEND, "")
    _tell(*remedies.will_be_done(remedy, literal(remedy)))


def _asked() -> bool:
    sys.stderr.write("Do it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _checked(
    arguments: argparse.Namespace, host: "Host", before: "Judged", done: "tuple[Finding, Applied]"
) -> "tuple[Checked | None, str]":
    """Whether the machine, examined again, still has the finding; `None` if that is cut short."""
    from doctor.examine import judge
    from doctor.explain import explain
    from doctor.fix.recheck import checked, needs_trying, sentence
    from doctor.report.words import asked_again

    finding, applied = done
    try:
        judged = judge(host, limit_of(arguments), before.left)
        report, kept = judged.report, judged.kept or ()
        if needs_trying(finding):
            report = explain(host, host, report, (finding.subject,), kept=kept)
    except KeyboardInterrupt:
        host.close()
        return None, "It was not checked again."
    found = checked(finding, applied, report)
    return found, f"{sentence(finding, applied, found)} {asked_again(report.clients, kept)}"


def _settles(remedy: "Remedy") -> bool:
    """Whether the finding is meant to be gone afterwards: not where only one command differs."""
    from doctor.model import Cost

    return remedy.cost not in (Cost.ONE_COMMAND, Cost.NOTHING)


def _conclude(
    arguments: argparse.Namespace,
    finding: "Finding",
    trial: "tuple[str, Tried | None]",
    applied: "Applied",
    checked: "tuple[Checked | None, str]",
) -> None:
    from doctor.report import document, remedies

    name, tried = trial
    found, again = checked
    if arguments.json:
        rows = [document.of_tried(name, tried)] if tried else []
        content = {"finding": document.of_finding(finding), "tried": rows,
                   "applied": document.of_applied(applied),
                   "checked": found and found.value}  # fmt: skip
        out_json(content)
    else:
        out([*remedies.applied(applied), again])


def _tell(*lines: str) -> None:
    """Whatever becomes of standard error: a command is not stopped because nobody reads on."""
    try:
        for line in lines:
            sys.stderr.write(f"{safe(line)}\n")
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
