"""A finding after its remedy, and the machine examined again -> whether it is still there."""

from doctor.fix.problems import CHECK, of_requirement
from doctor.model import Applied, Checked, Client, Edit, Finding, Report, Severity
from doctor.why import outcome


def needs_trying(finding: Finding) -> bool:
    """Whether clients have to try its requirement again before it can be told."""
    return finding.check == CHECK


def checked(finding: Finding, applied: Applied | None, report: Report) -> Checked:
    """By its id; where a line was edited by the line's text, since other lines moved up.

    A requirement is still there if some client refuses it; what only a log showed is unknown, and
    so is what a client's answer would show that did not come.
    """
    if needs_trying(finding):
        there = of_requirement(report, finding.subject).severity is Severity.ERROR
        silent = any(outcome(c, finding.subject)[0] is None for c in _concerned(finding, report))
    elif finding.subject.startswith("line-"):
        return Checked.UNKNOWN
    else:
        there = any(_same(finding, applied, other) for other in report.findings)
        silent = any(_is_silent(client) for client in _concerned(finding, report))
    if there:
        return Checked.STILL_THERE
    return Checked.UNKNOWN if silent else Checked.GONE


def _concerned(finding: Finding, report: Report) -> list[Client]:
    return [client for client in report.clients if client.id in finding.clients]


def _is_silent(client: Client) -> bool:
    """Whether it gave no answer, as its version does not do by itself."""
    answer = client.reported
    fails = client.prediction is not None and client.prediction.failure is not None
    return (answer is None or answer.virtual_packages is None) and not fails


def _same(finding: Finding, applied: Applied | None, other: Finding) -> bool:
    edited = applied is not None and any(isinstance(d.step, Edit) and d.ok for d in applied.done)
    if other.id != finding.id or not edited or not finding.evidence:
        return other.id == finding.id
    return bool(other.evidence) and other.evidence[0].text == finding.evidence[0].text


def sentence(finding: Finding, applied: Applied | None, found: Checked) -> str:
    """What checking again came to."""
    if found is Checked.UNKNOWN and finding.subject.startswith("line-"):
        return "Checked again: this machine does not show it; run again what failed."
    if found is Checked.UNKNOWN:
        return "Checked again: whether it is gone is unknown, since a client did not answer."
    if found is Checked.GONE:
        return "Checked again: the finding is gone."
    if applied is not None and applied.ok:
        return f"Checked again: {finding.id} is still there; what was done left its cause as it is."
    return f"Checked again: {finding.id} is still there."


def own(finding: Finding, report: Report) -> Finding:
    """The machine's own finding of what a log showed, where it has one to check again."""
    if not finding.subject.startswith("line-"):
        return finding
    return next((other for other in report.findings if other.check == finding.check), finding)
