"""Guide: the ways out of a finding, tried as it goes, each done only after a yes."""

from collections.abc import Iterator

from msgspec.structs import replace

from doctor.fix.carrying import carried_out
from doctor.fix.recheck import checked, needs_trying, own, sentence
from doctor.fix.steps import literal, why_not
from doctor.linear.examining import headline, once_more
from doctor.linear.findings import option, which
from doctor.linear.packages import requirement, tried
from doctor.linear.state import Reply, State, reply, room
from doctor.linear.talking import Leave, Talk
from doctor.model import Applied, Finding, Guide, Remedy
from doctor.report import remedies
from doctor.requirements import NotARequirement

NO_WAY = "Nothing has to be done, or nothing is known that helps."

NOWHERE = (
    "No finding here has a way out. g and a requirement that is refused takes you through that, "
    "and t reads an error message."
)

RECORDED = "This is a recording of another machine: nothing can be done to it."

NOT_AGAIN = "This is a recording: the machine that it is of cannot be asked again."


# --- where a guide begins --------------------------------------------------------------------


def guide(talk: Talk, state: State, typed: str) -> Reply:
    """Begins, or goes on where it was left; what solvers can answer is asked at once."""
    state, begun = _begun(talk, state, typed)
    if isinstance(begun, str):
        return reply(state, begun)
    found = own(begun, state.report)
    known = state.guides.get(found.id)
    if known is None or known.finding != found:
        known = replace(known or Guide(found), finding=found, tried=())
    state = _kept(replace(state, finding=found, guided=found.id), known)
    for name, remedy in found.options.items():
        if not any(done.remedy == remedy.text for done in known.tried):
            state = _try(talk, state, found, name, remedy)
    return room(state, _page(state.guides[found.id]))


def _begun(talk: Talk, state: State, typed: str) -> tuple[State, Finding | str]:
    """The finding that is meant; a requirement is tried with every client first."""
    if not typed:
        worst = next((one for one in state.listed if one.remedies), NOWHERE)
        return state, state.finding or worst
    found = which(state, typed)
    problems = {page.id for page in talk.session.pages()}
    if isinstance(found, Finding) or typed.isdecimal() or typed.partition(":")[0] in problems:
        return state, found
    try:
        wanted = requirement(typed)
    except NotARequirement:
        return state, found
    state = tried(talk, state, (wanted,))
    return state, talk.session.problem(state.tried[wanted], wanted)


def _page(known: Guide) -> Iterator[str]:
    """The options as `envdoctor fix` prints them, then what trials and doing came to."""
    found = known.finding
    yield from remedies.plain_options(found)
    if not found.remedies:
        yield NO_WAY
        return
    done = {name: trial for name, remedy in found.options.items() for trial in known.tried
            if trial.remedy == remedy.text}  # fmt: skip
    yield ""
    if done:
        yield "Tried, changing nothing:"
    yield from remedies.trials(found, done, plain=True)
    for applied in known.applied:
        yield ""
        yield from remedies.applied(applied)
    if known.checked is not None:
        yield sentence(found, known.applied[-1] if known.applied else None, known.checked)
    yield ""
    yield "x and a number: do it, after showing it and asking. t and a number: try it again."


# --- try -------------------------------------------------------------------------------------


def try_again(talk: Talk, state: State, typed: str) -> Reply:
    """One option is tried again, changing nothing."""
    chosen = option(state, typed)
    if isinstance(chosen, str):
        return reply(state, chosen)
    found, name, remedy = chosen
    if remedy.trial is None or remedy.blocked:
        return reply(state, why_not(remedy) or "It cannot be tried without doing it.")
    state = _try(talk, state, found, name, remedy)
    came = [t for t in state.guides[found.id].tried if t.remedy == remedy.text]
    return Reply(state, tuple(line for trial in came for line in remedies.plain_trial(trial)))


def _try(talk: Talk, state: State, found: Finding, name: str, remedy: Remedy) -> State:
    """The state with what a trial came to; what solvers cannot answer is left out."""
    if remedy.trial is None or remedy.blocked:
        return state
    talk.say(f"Trying {name}.")
    came = talk.session.try_remedy(state.report, remedy)
    if came is None:
        return state
    talk.say(f"{name}: {remedies.verdict(came)}")
    known = state.guides[found.id]
    others = tuple(trial for trial in known.tried if trial.remedy != remedy.text)
    return _kept(state, replace(known, tried=(*others, came)))


# --- do and check again ----------------------------------------------------------------------


def do(talk: Talk, state: State, typed: str) -> Reply:
    """Shows the literal steps and asks; only a yes does them, and then it is checked again."""
    chosen = option(state, typed)
    if isinstance(chosen, str):
        return reply(state, chosen)
    found, name, remedy = chosen
    reason = why_not(remedy, state.report) if talk.live else RECORDED
    if reason is not None:
        steps = () if remedy.blocked else tuple(remedies.plain_steps(remedy.steps))
        return reply(state, f"{name} is not done. {reason}", *steps)
    talk.say(*remedies.will_be_done(remedy, literal(remedy)))
    if not talk.agreed("Do it?"):
        return reply(state, "Nothing was changed.")
    return _after(talk, state, found, _done(talk, found, remedy))


def _done(talk: Talk, found: Finding, remedy: Remedy) -> Applied:
    """Carries it out, saying what it prints; an interrupt leaves once it has stopped."""
    applied, wish = carried_out(talk.session.doing(), found, remedy, talk.say)
    talk.say(*(line.strip() for line in remedies.applied(applied)))
    if wish is not None:
        raise Leave(128 + wish)
    return applied


def _after(talk: Talk, state: State, found: Finding, applied: Applied) -> Reply:
    """Examines again, and says whether the finding is still there."""
    known = state.guides[found.id]
    state = _kept(state, replace(known, applied=(*known.applied, applied), checked=None))
    return reply(*_rechecked(talk, once_more(talk, state), found.id))


def again(talk: Talk, state: State, typed: str) -> Reply:
    """Examines everything again, and looks whether the finding of the last guide is still there."""
    if not talk.live:
        return reply(state, NOT_AGAIN)
    state = once_more(talk, state)
    said = headline(state.report)
    if state.guided is None:
        return reply(state, said)
    state, about = _rechecked(talk, state, state.guided)
    return reply(state, said, about)


def _rechecked(talk: Talk, state: State, finding: str) -> tuple[State, str]:
    """The state in which a guide knows whether its finding is still there, and a sentence."""
    known, report = state.guides[finding], state.report
    if needs_trying(known.finding):
        state = tried(talk, state, (known.finding.subject,))
        report = state.tried[known.finding.subject]
    last = known.applied[-1] if known.applied else None
    came = checked(known.finding, last, report)
    return _kept(state, replace(known, checked=came)), sentence(known.finding, last, came)


def _kept(state: State, known: Guide) -> State:
    return replace(state, guides={**state.guides, known.finding.id: known})
