"""Settings: which findings count, how long clients have to answer, and what of it is kept."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from doctor import settings
from doctor.linear.examining import headline
from doctor.linear.findings import which
from doctor.linear.state import Reply, State, reply, room, with_muted
from doctor.linear.talking import Talk
from doctor.muting import COUNTS, HERE, MUTED, NOT_HERE, toggled
from doctor.settings import NO_HOME, Limit, NotKept

CHANGES = "settings limit SECONDS and u NUMBER change them until you leave; keep keeps them."
APP = ("theme", "mouse", "ascii", "animations")
"""Settings that do nothing here: what is said line by line has no colours and no mouse."""


def mute(talk: Talk, state: State, typed: str) -> Reply:
    """Mutes a finding, or lets it count again; then what the whole comes to."""
    if state.report.source != HERE:
        return reply(state, NOT_HERE)
    found = which(state, typed) if typed else state.finding
    if found is None:
        return reply(state, "Type u and the number or the id of a finding.")
    if isinstance(found, str):
        return reply(state, found)
    if found.id not in {one.id for one in state.report.findings}:
        return reply(state, f"{found.id} is no finding of the last examination.")
    talk.settings = replace(talk.settings, muted=toggled(talk.settings.muted, found.id))
    state = with_muted(state, talk.settings.muted)
    said = MUTED if found.id in talk.settings.muted else COUNTS
    return reply(state, f"{found.id}: {said} keep keeps that.", headline(state.report))


def choose(talk: Talk, state: State, typed: str) -> Reply:
    """Says every setting, or changes how long clients have to answer."""
    if not typed:
        return room(state, _rows(talk))
    name, _, value = typed.partition(" ")
    if name != "limit":
        return reply(state, f"{name!r} cannot be chosen here, only limit and what is muted.")
    try:
        limit = msgspec.convert(value.strip(), Limit, strict=False)
    except msgspec.ValidationError:
        return reply(state, f"limit is a number of seconds, at most {settings.MAX_LIMIT:g}.")
    talk.settings = replace(talk.settings, limit=limit)
    return reply(state, f"Clients have {limit:g} seconds from the next examination on, until you "
                        "leave. keep keeps that.")  # fmt: skip


def keep(talk: Talk, state: State, typed: str) -> Reply:
    """Writes the settings, after the file and what changes in it were said."""
    changes = settings.difference(talk.kept, talk.settings)
    if talk.kept.path is None or talk.kept.data is None:
        return reply(state, talk.kept.trouble or NO_HOME)
    if not changes:
        return reply(state, f"There is nothing to keep: {talk.kept.path} says the same.")
    talk.say(f"This file will be written, readable by you alone: {talk.kept.path}", *changes)
    if not talk.agreed("Write it?"):
        return reply(state, "Nothing was written.")
    try:
        talk.kept = settings.keep(talk.kept, talk.settings)
    except NotKept as error:
        talk.kept = settings.read(talk.kept.path)
        return reply(state, str(error))
    return reply(state, "Kept now.")


def _rows(talk: Talk) -> Iterator[str]:
    now = talk.settings
    yield f"limit: {now.limit:g} seconds that clients have to answer, from the next examination on"
    yield from (f"muted: {id}" for id in now.muted)
    if not now.muted:
        yield "muted: nothing"
    yield from (f"{name}: {_word(getattr(now, name))}, for the app with screens" for name in APP)
    yield ""
    yield settings.standing(talk.kept, talk.settings, "keep")
    yield CHANGES


def _word(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value}"
