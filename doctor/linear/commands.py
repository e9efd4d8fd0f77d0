"""The table of what can be typed; the first line and the help are made from it."""

import re
from collections.abc import Iterator

from doctor import naming
from doctor.linear import bundle, findings, guide, known, packages, rooms, settings
from doctor.linear.state import Command, Reply, State, reply, room
from doctor.linear.talking import Leave, Talk
from doctor.terms import TERMS


def _help(talk: Talk, state: State, typed: str) -> Reply:
    return room(state, helped())


def _words(talk: Talk, state: State, typed: str) -> Reply:
    return room(state, (*naming.plain(state.report.machine), "", *_terms()))


def _quit(talk: Talk, state: State, typed: str) -> Reply:
    raise Leave(0)


COMMANDS = {
    "Rooms": (
        Command(("1", "overview"), "", "overview",
                "one sentence, then a line for each finding and each client", rooms.overview),
        Command(("2", "machine"), "[WORD]", "machine",
                "CPU features by level; with a word what the features are that have it",
                rooms.machine),
        Command(("3", "clients"), "[ID]", "clients",
                "every installed client and what it reports; with an id what it printed too",
                rooms.clients),
        Command(("4", "packages"), "[SPEC]", "packages",
                "the usual requirements by client, tried in dry runs; or one, with the reasons",
                packages.packages),
        Command(("5", "environments"), "", "environments",
                "the level that each environment needs, and what cached channels offer",
                rooms.envs),
        Command(("6", "project"), "", "project",
                "CPU-pinned lines of the files in this folder", rooms.project),
        Command(("report",), "", "", "all of it, as `envdoctor check` prints it", rooms.report),
        Command(("/", "search"), "WORD", "search", "what of the last room has a word in it",
                rooms.search),
    ),
    "Problems": (
        Command(("f", "finding"), "[NUMBER or ID]", "finding",
                "all about a finding; alone the last one, or all by number", findings.finding),
        Command(("g", "guide"), "[NUMBER, ID or SPEC]", "guide",
                "what to do about a finding, or about a requirement that is refused: the ways out, "
                "numbered and tried; alone of the last finding, or the worst", guide.guide),
        Command(("t", "log"), "", "paste a log",
                "paste an error log: which known problem it shows", known.log_or_trial),
        Command(("t", "try"), "NUMBER", "", "in a guide: try an option again, changing nothing",
                guide.try_again),
        Command(("x", "do"), "NUMBER", "", "in a guide: do an option, after showing it and asking",
                guide.do),
        Command(("k", "known"), "[WORD or ID]", "known problems",
                "every known problem; those with a word in them; or all about one",
                known.problems),
    ),
    "Bundle": (
        Command(("b", "bundle"), "", "bundle",
                "a file for somebody else, without names and secrets; says all that is in it",
                bundle.bundle),
        Command(("show",), "NAME", "", "the text of one file of it", bundle.show),
        Command(("hide",), "WORD", "", "hide one more word, wherever it stands", bundle.hide),
        Command(("leave",), "out NAME", "", "leave one file out", bundle.leave_out),
        Command(("take",), "back NAME or WORD", "",
                "take in again what was left out, or let a hidden word stand", bundle.take_back),
        Command(("write",), "[PATH]", "", "write it, after asking", bundle.write),
    ),
    "Also": (
        Command(("m", "compare"), "FILES", "compare",
                "beside other machines: bundles, recordings, reports", rooms.compare),
        Command(("w", "words"), "", "words",
                "the three spellings of each level, and the other words that one meets", _words),
        Command(("u", "mute"), "[NUMBER or ID]", "",
                "list a finding last and count it for nothing, or let it count again; alone the "
                "last one", settings.mute),
        Command(("settings",), "[limit SECONDS]", "",
                "what is muted, how long clients have to answer, and where that is kept",
                settings.choose),
        Command(("keep",), "", "", "keep the settings, after showing the file and what changes",
                settings.keep),
        Command(("r", "again"), "", "examine again", "examine everything again", guide.again),
        Command(("?", "help"), "", "help", "this", _help),
        Command(("q", "quit"), "", "quit", "leave, ending every child at once", _quit),
    ),
}  # fmt: skip
"""By heading of the help; of two with the same key the first is meant."""

_BY_KEY: dict[str, Command] = {}
for _group in COMMANDS.values():
    for _command in _group:
        for _key in _command.keys:
            _BY_KEY.setdefault(_key, _command)


def hint() -> str:
    """What can be typed, in one line."""
    every = (command for group in COMMANDS.values() for command in group)
    named = ", ".join(f"{c.keys[0]} {c.title}" for c in every if c.title)
    return f"Type one of these and press Enter: {named}."


def helped() -> Iterator[str]:
    """Every command, then what words mean."""
    for heading, group in COMMANDS.items():
        yield f"{heading}:"
        for command in group:
            takes = f" {command.takes}" if command.takes else ""
            yield f"{' or '.join(command.keys)}{takes}: {command.help}."
        yield ""
    yield "Words:"
    yield from _terms()


def _terms() -> Iterator[str]:
    return (f"{term.word}: {term.short}. {term.long}" for term in TERMS)


def split(line: str) -> tuple[str, str]:
    """The command of a line, and what follows it: `f2` and `/avx` need no blank."""
    typed = line.strip()
    if typed[:1] in ("/", "?"):
        return typed[:1], typed[1:].strip()
    joined = re.fullmatch(r"([a-zA-Z])(\d+)", typed)
    word, rest = joined.groups() if joined else re.split(r"\s+|$", typed, maxsplit=1)
    return word.lower(), rest.strip()


def answered(talk: Talk, state: State, line: str) -> Reply:
    """What one line comes to."""
    word, rest = split(line)
    command = _BY_KEY.get(word)
    if command is None:
        return reply(state, f"{word!r} is nothing that can be typed here. ? says what can.")
    return command.answer(talk, state, rest)
