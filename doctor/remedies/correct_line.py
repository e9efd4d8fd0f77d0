"""Correct or delete one line of a project file."""

from doctor.clean import clean
from doctor.model import Client, Cost, Edit, PinnedLine, Probe, Remedy, Report, Trial
from doctor.requirements import LEVEL_PACKAGE, parsed

NAME = "correct-line"
TITLE = "Correct the line"
WHY = "Changes one line of one file; a copy is kept, and the change can be undone."

SHOWN_ONLY = {
    "pixi.toml": "envdoctor never edits a manifest: change the line yourself",
    "pyproject.toml": "envdoctor never edits a manifest: change the line yourself",
    "pixi.lock": "a lock file is made anew by its program, not edited",
    "conda-lock.yml": "a lock file is made anew by its program, not edited",
}


def offer(report: Report, line: PinnedLine, clients: tuple[Client, ...] = ()) -> list[Remedy]:
    """What to do to the line itself, where one line does it; `clients` are those to try it with."""
    if line.corrected is None:
        return []
    at = f"{line.path}:{line.line}"
    if line.corrected:
        text = f"Put this line instead, {at}: {clean(line.corrected).strip()}"
    else:
        text = f"Delete this line, {at}."
    return [as_edit(report, line, text, clients)]


def as_edit(
    report: Report, line: PinnedLine, text: str, clients: tuple[Client, ...] = ()
) -> Remedy:
    """The correction under these words; a line over several is shown and not edited."""
    path = whole_path(report, line)
    name = path.replace("\\", "/").rpartition("/")[2]
    step = Edit(path, line.line, line.text, line.corrected or None)
    by_hand = SHOWN_ONLY.get(name, "")
    return Remedy(
        text,
        (step,),
        NAME,
        Cost.FILE,
        changes=path,
        undo="put the copy back that is kept of the file",
        verify=f"envdoctor project {line.path}",
        by_hand=by_hand,
        trial=_trial(line, clients),
    )


def whole_path(report: Report, line: PinnedLine) -> str:
    """The file of a line, from the root of the file system on."""
    project = report.project
    if project is None or line.path == project.path:
        return line.path
    return f"{project.path.rstrip('/')}/{line.path}"


def _trial(line: PinnedLine, clients: tuple[Client, ...]) -> Trial | None:
    """What the old line asks for, and what the new one does: without it any level will do."""
    before = asked(line.text)
    if before is None or not clients:
        return None
    package = LEVEL_PACKAGE.search(before)
    after = asked(line.corrected or "") or (package[0] if package else None)
    if after is None or after == before:
        return None
    return Trial(
        tuple(Probe(client.id, before) for client in clients),
        tuple(Probe(client.id, after) for client in clients),
    )


def asked(text: str) -> str | None:
    """The requirement on a level package in a line, `None` where there is none."""
    found = LEVEL_PACKAGE.search(text)
    if found is None or "://" in text:
        return None
    words = text[found.start() :]
    for end in ('"', "'", "#", ",", ";", "&", "|"):
        words = words.partition(end)[0]
    requirement = parsed(words.strip()) or parsed(words.split()[0])
    return requirement.plain if requirement else None
