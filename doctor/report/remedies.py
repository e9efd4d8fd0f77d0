"""Remedies, what trials came to, and what was applied, as lines of text."""

from collections.abc import Iterable, Iterator, Mapping

from doctor.model import Answered, Applied, Edit, Finding, Guide, Remedy, Step, Tried
from doctor.remedies import BY_NAME
from doctor.report.words import MARKS
from doctor.why import taken

LEGEND = "* proven by its solver  ~ predicted by rule"


def options(finding: Finding, only: str | None = None) -> Iterator[str]:
    """All ways out of a finding, safest first, with the reason for each one's place; or one."""
    yield from _problem(finding)
    for number, (name, remedy) in enumerate(finding.options.items(), start=1):
        if only not in (None, name):
            continue
        yield ""
        yield f"{number}. {name}: {remedy.text}"
        yield from (f"   {line}" for line in details(remedy))


def plain_options(finding: Finding, only: str | None = None) -> Iterator[str]:
    """The same, one fact per line."""
    yield from _problem(finding)
    for number, (name, remedy) in enumerate(finding.options.items(), start=1):
        if only not in (None, name):
            continue
        yield ""
        yield f"{number}. {name}: {remedy.text}"
        if not remedy.blocked:
            yield from plain_steps(remedy.steps)
        yield from facts(remedy)


def _problem(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity.value.upper()} {finding.id}"
    yield finding.title
    yield finding.consequence


def details(remedy: Remedy) -> Iterator[str]:
    """All about one way out, one fact per line."""
    if not remedy.blocked:
        yield from steps(remedy)
    yield from facts(remedy)


def steps(remedy: Remedy) -> Iterator[str]:
    """Its commands and diffs, as they stand."""
    for step in remedy.steps:
        first, *more = str(step).splitlines() or [""]
        yield f"$ {first}" if not more else first
        yield from more


def plain_steps(wanted: Iterable[Step]) -> Iterator[str]:
    """The same under headings; the lines of a diff stand as they are."""
    for step in wanted:
        first, *more = str(step).split("\n")
        if isinstance(step, Edit):
            yield "Change of a line:"
            yield from (first, *more)
        else:
            yield f"Command: {first}"
            yield from more


def will_be_done(remedy: Remedy, wanted: Iterable[Step]) -> Iterator[str]:
    """What has to be read before somebody says yes; `wanted` are the steps as they are done."""
    yield "This will be done:"
    yield from plain_steps(wanted)
    yield f"Changes: {remedy.changes or remedy.cost.value}."
    yield "It needs the network." if remedy.network else "It needs no network."
    if remedy.undo:
        yield f"Undo: {remedy.undo}"


def facts(remedy: Remedy) -> Iterator[str]:
    """What it costs, changes and needs, how to undo and verify it, and why it stands there."""
    if remedy.blocked:
        yield f"Not for you: {remedy.blocked}."
        return
    yield f"Cost: {remedy.cost.value}."
    kind = BY_NAME.get(remedy.name)
    rows = (
        ("Changes", f"{remedy.changes}." if remedy.changes else ""),
        ("Network", "needed" if remedy.network else ""),
        ("Undo", remedy.undo),
        ("Verify", remedy.verify),
        ("By hand", f"{remedy.by_hand}." if remedy.by_hand else ""),
        ("Why here", kind.WHY if kind else ""),
    )
    yield from (f"{name}: {value}" for name, value in rows if value)


def trial(tried: Tried) -> Iterator[str]:
    """What a trial came to: before and after, then the verdict."""
    for side, answers in (("before", tried.before), ("after", tried.after)):
        for answered in answers:
            yield f"{side:6}  {said(answered)}"
    yield verdict(tried)


def plain_trial(tried: Tried) -> Iterator[str]:
    """The same, with the basis of each answer in words."""
    for side, answers in (("Before", tried.before), ("After", tried.after)):
        for answered in answers:
            yield f"{side}: {_said(answered, f', {answered.attempt.basis.value}')}"
    yield verdict(tried)


def trials(finding: Finding, done: Mapping[str, Tried], plain: bool) -> Iterator[str]:
    """What the trials of some of a finding's remedies came to."""
    for name, remedy in finding.options.items():
        if name in done:
            yield ""
            yield f"{name}: {remedy.text}"
            if plain:
                yield from plain_trial(done[name])
            else:
                yield from (f"  {line}" for line in trial(done[name]))
    if not done:
        yield "None of its remedies can be tried here without doing it."
    elif not plain:
        yield ""
        yield LEGEND


def verdict(tried: Tried) -> str:
    """The trial in one sentence."""
    if tried.unsafe:
        return f"It is not safe here: {tried.unsafe}."
    if tried.works is None:
        troubles = [a.attempt.trouble for a in tried.after if a.attempt.trouble]
        return f"Whether it helps is unknown: {troubles[0] if troubles else 'nothing was asked'}."
    proof = "its solver says so" if tried.basis == "proven" else "predicted by rule, not proven"
    if not tried.works:
        return f"It does not help: {proof}."
    same = [taken(a.attempt) for a in tried.before] == [taken(a.attempt) for a in tried.after]
    return f"It changes nothing here: {proof}." if same else f"It works: {proof}."


def said(answered: Answered) -> str:
    """What one client did with the requirement, and how far that can be trusted."""
    return _said(answered, f" {MARKS[answered.attempt.basis]}")


def _said(answered: Answered, basis: str) -> str:
    attempt = answered.attempt
    told = "" if attempt.override is None else ", without the override"
    if attempt.override:
        told = f", told {attempt.override}"
    silent = attempt.trouble and attempt.installs is not None
    own = f" (its own solver: {attempt.trouble})" if silent else ""
    return f"{answered.title}{told}: {taken(attempt)}{basis}{own}"


def applied(done: Applied) -> Iterator[str]:
    """What was carried out, step by step, and the state that it left."""
    for step in done.done:
        yield f"{'done' if step.ok else 'FAILED'}: {str(step.step).splitlines()[0]}"
        yield f"  {step.ended}"
    yield done.state


def progress(guide: Guide, remedy: Remedy) -> str:
    """What is known of one way out in two words: tried, applied, or why it is not for here."""
    if any(done.remedy == remedy.text and done.ok and not done.undone for done in guide.applied):
        return "done"
    if remedy.blocked:
        return "not for you"
    known = [tried for tried in guide.tried if tried.remedy == remedy.text]
    if not known:
        return ("by hand" if remedy.by_hand else "advice") if not remedy.trial else ""
    word = {True: "works", False: "no help", None: "unknown"}[known[-1].works]
    return f"tried: {word}"
