"""`envdoctor fix --apply`: the literal step, a question whose default is no, and what it left."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

from doctor.cli.choosing import chosen, tried_here
from doctor.cli.output import Exit, UsageError, out, out_json, safe
from doctor.cli.sources import limit_of, live_host

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import Applied, Checked, Finding, Remedy, Report, Tried


def apply_one(
    arguments: argparse.Namespace,
    host: "Host",
    reference: "Host",
    report: "Report",
    finding: "Finding",
) -> int:
    """Applies the named remedy, or the first that can be; then examines again."""
    from doctor.fix.carrying import carried_out
    from doctor.fix.doing import Doing

    if not host.live:
        raise UsageError("a recording of a machine cannot be changed")
    name, remedy = _which(finding, arguments.remedy, report)
    if not arguments.yes and not sys.stdin.isatty():
        raise UsageError("nobody can be asked without a terminal: add --yes, or run it yourself")
    tried = tried_here(host, reference, report, remedy)
    _preview(finding, name, remedy, tried)
    if not arguments.yes and not _asked():
        _tell("Nothing was changed.")
        return Exit.FINDINGS
    applied, wish = carried_out(Doing(), finding, remedy, _tell)
    found = None if wish is not None else _checked(arguments, finding, applied)
    _conclude(arguments, finding, (name, tried), applied, found)
    if wish is not None:
        return 128 + wish
    left = found == "still there" and _settles(remedy)
    return Exit.FINDINGS if left or not applied.ok else Exit.OK


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
    arguments: argparse.Namespace, finding: "Finding", applied: "Applied"
) -> "Checked | None":
    """Whether the machine, examined again, still has the finding; `None` if that is cut short."""
    from doctor.examine import examine
    from doctor.explain import explain
    from doctor.fix.recheck import checked, needs_trying

    host = live_host()
    try:
        report = examine(host, limit=limit_of(arguments))
        if needs_trying(finding):
            report = explain(host, host, report, (finding.subject,))
        return checked(finding, applied, report)
    except KeyboardInterrupt:
        return None
    finally:
        host.close()


def _settles(remedy: "Remedy") -> bool:
    """Whether the finding is meant to be gone afterwards: not where only one command differs."""
    from doctor.model import Cost

    return remedy.cost not in (Cost.ONE_COMMAND, Cost.NOTHING)


def _conclude(
    arguments: argparse.Namespace,
    finding: "Finding",
    trial: "tuple[str, Tried | None]",
    applied: "Applied",
    found: "Checked | None",
) -> None:
    from doctor.fix.recheck import sentence
    from doctor.report import document, remedies

    name, tried = trial
    if arguments.json:
        rows = [document.of_tried(name, tried)] if tried else []
        content = {"finding": document.of_finding(finding), "tried": rows,
                   "applied": document.of_applied(applied),
                   "checked": found and found.value}  # fmt: skip
        out_json(content)
    else:
        again = "It was not checked again." if found is None else sentence(finding, applied, found)
        out([*remedies.applied(applied), again])


def _tell(*lines: str) -> None:
    """Whatever becomes of standard error: a command is not stopped because nobody reads on."""
    try:
        for line in lines:
            sys.stderr.write(f"{safe(line)}\n")
        sys.stderr.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
