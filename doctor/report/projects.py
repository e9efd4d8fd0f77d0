"""Project files: each CPU-pinned line with what it means here and the line to put instead."""

from collections.abc import Iterator
from typing import Any

from doctor.model import Finding, PinnedLine, Project, Report, Severity
from doctor.reach import own_level
from doctor.report import subjects, words


def headline(report: Report) -> str:
    """One sentence about the project."""
    project = report.project
    if project is None or (project.trouble and not project.files):
        reason = project.trouble if project else "was not examined"
        return f"The project {reason}."
    known = [file for file in project.files if not file.trouble]
    unread = len(project.files) - len(known)
    if unread and not project.lines:
        return f"{unread} of {len(project.files)} files could not be wholly read."
    if not known:
        return "No file that envdoctor knows how to read is here."
    files = f"{len(known)} file{'s' if len(known) > 1 else ''}"
    if not project.lines:
        return f"{files} read: nothing in them is tied to a CPU."
    number = len({(line.path, line.line) for line in project.lines})
    lines = f"{number} line{'s tie' if number > 1 else ' ties'}"
    return f"{lines} this project to a CPU ({files} read)."


def ordered(report: Report) -> list[tuple[PinnedLine, Finding | None]]:
    """Lines with their findings, worst first, then as they stand in the files; muted ones last."""
    project = report.project or Project("")
    rows = [(line, finding(report, line)) for line in project.lines]
    order = list(Severity)

    def place(row: tuple[PinnedLine, Finding | None]) -> int:
        found = row[1]
        if found is None:
            return 0
        return 1 if found.id in report.muted else -order.index(found.severity)

    return sorted(rows, key=place)


def finding(report: Report, line: PinnedLine) -> Finding | None:
    """What the check says of a line, `None` where it has nothing against it on this machine."""
    about = subjects.about(report, f"{line.path}:{line.line}")
    ruled = [f for f in about if f.check == line.rule]
    return next(iter(ruled or about), None)


def title(line: PinnedLine, found: Finding) -> str:
    """What is wrong with a line, without its place."""
    return found.title.removeprefix(f"{line.path}:{line.line} ")


def lines(report: Report) -> Iterator[str]:
    """One fact per line."""
    yield headline(report)
    for line, found in ordered(report):
        yield ""
        state = words.state(found, report) if found else "OK"
        yield f"{state} {line.path}:{line.line}"
        yield f"Line: {line.text.strip()[:300]}"
        if found is not None:
            yield f"What: {title(line, found)}"
            yield f"Consequence: {found.consequence}"
            for remedy in found.remedies:
                yield f"Remedy: {remedy.text}"
                if remedy.command:
                    yield f"Command: {remedy.command}"
        yield f"Rule: {line.rule}"
    for trouble in troubles(report):
        yield ""
        yield trouble


def columns(report: Report) -> Iterator[str]:
    """For a terminal: the line, what is wrong with it, and the line to put instead."""
    yield headline(report)
    for line, found in ordered(report):
        yield ""
        state = words.state(found, report) if found else "OK"
        said = title(line, found) if found else "is fine on this machine"
        yield f"{state:8} {line.path}:{line.line}  {said}"
        yield f"       - {line.text.strip()[:300]}"
        if line.corrected:
            yield f"       + {line.corrected.strip()}"
        elif line.corrected is None and found is not None and found.remedies:
            yield f"       {found.remedies[0].text}"
        if found is not None:
            yield f"       {found.consequence}"
    for trouble in troubles(report):
        yield ""
        yield trouble


def troubles(report: Report) -> Iterator[str]:
    """What could not be read."""
    project = report.project
    for file in project.files if project else ():
        if file.trouble:
            yield f"Not read: {file.path} {file.trouble}"
    if project is not None and project.trouble and project.files:
        yield f"Not everything was read: {project.trouble}"


def where(report: Report) -> Iterator[str]:
    """The folder that was looked in, and the files that were read in it."""
    project = report.project
    yield f"Looked in {project.path if project else 'no folder'}"
    for file in project.files if project else ():
        yield f"{file.path} ({file.form})"


def document(report: Report) -> dict[str, Any]:
    """What `project --json` prints."""
    project = report.project or Project("")
    return {
        "path": project.path,
        "level": own_level(report.machine),
        "files": [{"path": f.path, "form": f.form, "trouble": f.trouble} for f in project.files],
        "lines": [_row(line, found) for line, found in ordered(report)],
        "trouble": project.trouble,
    }


def _row(line: PinnedLine, found: Finding | None) -> dict[str, Any]:
    return {
        "path": line.path,
        "line": line.line,
        "text": line.text,
        "rule": line.rule,
        "name": line.name,
        "level": line.level,
        "corrected": line.corrected,
        "severity": found.severity.value if found else "ok",
        "title": title(line, found) if found else None,
        "finding": found.id if found else None,
    }
