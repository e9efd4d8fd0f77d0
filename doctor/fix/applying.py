"""A remedy that somebody said yes to -> its steps carried out, or put back, and what was left."""

import shlex
import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from doctor.clean import without_secrets
from doctor.fix.steps import literal
from doctor.host.changing import Changer, NotChanged
from doctor.model import Applied, Done, Edit, Finding, Remedy, Run, Step

MAX_OUTPUT = 20_000
"""Characters of a command's last output that are kept."""

Say = Callable[[str], None]


def apply(changer: Changer, finding: Finding, remedy: Remedy, say: Say) -> Applied:
    """Carries out the steps in order; the first that fails ends it, and edits are put back.

    Never raises for what a step does: the state that was left is said in words.
    """
    made = now()
    done: list[Done] = []
    for step in literal(remedy):
        outcome = _edit(changer, step) if isinstance(step, Edit) else _run(changer, step, say)
        done.append(outcome)
        if not outcome.ok:
            break
    ok = all(outcome.ok for outcome in done)
    applied = Applied(finding.id, remedy.text, made, ok, "", tuple(done))
    if not ok:
        undone, _ = undo(changer, applied)
        return replace(undone, state=_failed(remedy, undone))
    return replace(applied, state=_succeeded(remedy, applied))


def now() -> str:
    """The moment, as it stands in the log."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def undo(changer: Changer, applied: Applied) -> tuple[Applied, str]:
    """Puts edited files back, last first; a command is undone by the user, who is told how."""
    edits = [(d.step, d.kept) for d in applied.done if d.kept and isinstance(d.step, Edit)]
    if not edits:
        return applied, "Nothing was edited, so there is no copy to put back."
    try:
        for step, kept in reversed(edits):
            changer.restore(step, kept)
    except NotChanged as error:
        return applied, f"{error}"
    names = ", ".join(dict.fromkeys(step.path for step, _ in edits))
    return replace(applied, undone=True), f"{names} is as it was before."


def _edit(changer: Changer, step: Edit) -> Done:
    started = time.monotonic()
    try:
        kept = changer.edit(step)
    except NotChanged as error:
        return Done(step, str(error), False, seconds=_since(started))
    said = f"changed; a copy is kept: {kept}"
    return Done(step, said, True, seconds=_since(started), kept=kept)


def _run(changer: Changer, step: Step, say: Say) -> Done:
    if not isinstance(step, Run):
        return Done(step, "was not typed: that is for your own shell", False)
    started = time.monotonic()
    said: list[str] = []

    def tell(line: str) -> None:
        shown = without_secrets(line)
        said.append(shown)
        del said[:-2000]
        say(shown)

    outcome = changer.run(step, tell)
    ok = outcome.status == 0 and outcome.trouble is None
    ended = "ended well" if ok else outcome.trouble or f"ended with exit status {outcome.status}"
    return Done(step, ended, ok, "\n".join(said)[-MAX_OUTPUT:], _since(started))


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)


def _failed(remedy: Remedy, applied: Applied) -> str:
    """The state in words: what failed, and whether anything is different now."""
    last = applied.done[-1]
    edited = [d for d in applied.done if d.ok and isinstance(d.step, Edit)]
    ran = [d for d in applied.done if isinstance(d.step, Run) and not _never_ran(d)]
    said = last.ended if isinstance(last.step, Edit) else f"The command {last.ended}"
    if edited and not applied.undone:
        kept = ", ".join(f"{d.kept}" for d in edited)
        return f"{said}. Edited files could not be put back; copies of them are kept: {kept}."
    if edited:
        said += ". The edited files were put back"
    if not ran:
        return f"{said}. Nothing was changed."
    undo_words = f" To take back what it did: {remedy.undo}" if remedy.undo else ""
    return f"{said}. What it did before that may be left.{undo_words}"


def _never_ran(done: Done) -> bool:
    return done.ended.startswith("could not be started")


def _succeeded(remedy: Remedy, applied: Applied) -> str:
    changed = f"Changed: {remedy.changes}. " if remedy.changes else ""
    how = remedy.undo
    if all(d.kept for d in applied.done):
        how = f"envdoctor fix {shlex.quote(applied.finding)} --undo"
    return f"Done. {changed}{f'To undo: {how}.' if how else ''}".strip()
