"""A finding after its remedy, and the machine examined again -> whether it is still there."""

from doctor.model import Applied, Edit, Finding, Report


def still_there(finding: Finding, applied: Applied | None, report: Report) -> bool:
    """By its id; where a line was edited by the line's text, since other lines moved up."""
    found = [other for other in report.findings if other.id == finding.id]
    edited = applied is not None and any(isinstance(d.step, Edit) and d.ok for d in applied.done)
    if not edited or not finding.evidence:
        return bool(found)
    text = finding.evidence[0].text
    return any(other.evidence and other.evidence[0].text == text for other in found)


def sentence(finding: Finding, applied: Applied | None, still: bool) -> str:
    """What checking again came to."""
    if not still:
        return "Checked again: the finding is gone."
    if applied is not None and applied.ok:
        return f"Checked again: {finding.id} is still there; what was done left its cause as it is."
    return f"Checked again: {finding.id} is still there."
