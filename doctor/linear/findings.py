"""Findings: which one is meant, and all about it."""

from msgspec.structs import replace

from doctor.linear.state import Reply, State, reply, room
from doctor.linear.talking import Talk
from doctor.model import Finding, Remedy
from doctor.report import text, words


def finding(talk: Talk, state: State, typed: str) -> Reply:
    """All that a finding says."""
    if typed or state.finding is None:
        found = which(state, typed) if typed else _listed(state)
    else:
        found = state.finding
    if not isinstance(found, Finding):
        return reply(state, found) if isinstance(found, str) else room(state, found)
    lines = list(text.plain_finding(found, words.state(found, state.report)))[1:]
    hint = f"g: what to do about it. k {found.check}: all about this kind of problem."
    return room(replace(state, finding=found, guided=None), (*lines, "", hint))


def _listed(state: State) -> list[str]:
    rows = list(text.numbered(state.listed, state.report))
    return [*rows, "f and a number: all about it."] if rows else ["There is no finding."]


def which(state: State, typed: str) -> Finding | str:
    """The finding that a number, an id or the name of a check means, or why it is none."""
    if typed.isdecimal():
        number, known = int(typed), len(state.listed)
        if 1 <= number <= known:
            return state.listed[number - 1]
        return f"There is no finding {number}: {known or 'none'} can be numbered now."
    begun = tuple(known.finding for known in state.guides.values())
    every = {one.id: one for one in (*begun, *state.report.findings, *state.listed)}
    if typed in every:
        return every[typed]
    for among in (state.listed, state.report.findings, begun):
        named = [one for one in among if one.check == typed]
        if len(named) > 1:
            return f"There are several: {', '.join(one.id for one in named)}."
        if named:
            return named[0]
    return f"No finding here is called {typed!r}. f alone lists them."


def option(state: State, typed: str) -> tuple[Finding, str, Remedy] | str:
    """The finding, the name and the remedy that a number or a name means in the last guide."""
    if state.guided is None:
        return "Type g first: options are numbered in a guide."
    about = state.guides[state.guided].finding
    names = list(about.options)
    if typed.isdecimal() and 1 <= int(typed) <= len(names):
        typed = names[int(typed) - 1]
    if typed not in about.options:
        return f"{typed!r} is no option here: there are {', '.join(names) or 'none'}."
    return about, typed, about.options[typed]
