"""Reports as Markdown, ready to paste into an issue."""

from collections.abc import Iterator

from doctor.model import Finding, Report
from doctor.report import words
from doctor.report.escaping import code, escape, fenced


def markdown(report: Report) -> Iterator[str]:
    """A whole report."""
    yield f"### envdoctor {report.doctor}"
    yield ""
    yield escape(words.headline(report))
    yield ""
    yield escape(words.cpu_line(report.machine))
    yield ""
    yield "| client | `__archspec` | basis | as predicted | CPU packages |"
    yield "|---|---|---|---|---|"
    for client in report.clients:
        build, mark = words.archspec(client)
        basis = words.BASES.get(mark, "unknown")
        more = (basis, words.as_predicted(client), words.packages_word(client))
        yield f"| {' | '.join((escape(client.title), code(build), *map(escape, more)))} |"
    for finding in report.counted:
        yield ""
        yield from _finding(finding, words.state(finding, report))
    if report.muted:
        yield from ("", "Muted:")
    for finding in report.findings[len(report.counted) :]:
        yield ""
        yield from _finding(finding, words.state(finding, report))


def _finding(finding: Finding, state: str) -> Iterator[str]:
    yield f"**{state}** {code(finding.id)} {escape(finding.title)}"
    yield ""
    yield escape(finding.consequence)
    for evidence in finding.evidence:
        yield f"- {escape(evidence.text)} ({escape(evidence.source)})"
    for remedy in finding.remedies:
        yield f"- Remedy: {escape(remedy.text)}"
        if remedy.command:
            yield ""
            yield from (f"  {line}" for line in fenced(remedy.command, "shell"))
    if finding.link:
        yield f"- {finding.link}"
