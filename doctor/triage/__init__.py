"""A log and a machine -> findings: which problem the log shows, and whether this machine has it."""

import difflib
import re
from collections.abc import Iterator

from doctor import checks, reach
from doctor.checks import environment_needs
from doctor.levels import NEWEST, level_number
from doctor.model import Clue, Evidence, Finding, Remedy, Report, Severity, Type
from doctor.triage import crashes
from doctor.triage.reading import clues
from doctor.triage.signs import SIGNS

__all__ = ["clues", "findings", "nearest", "nothing_known"]

HYPHEN = "mamba-hyphen-archspec"
UNKNOWN_CPU = "cpu-unknown-to-feedstock"
PINNED = "exported-yaml-pins-cpu-build"
LOWER = "level-lower-than-host-not-installable"
HIGHER = "level-above-this-machine"
REGEX = "regex-level-builds-vs-conda-mamba"
CAUSES = (HYPHEN, UNKNOWN_CPU, "override-misspelt", "empty-override-semantics",
          "override-left-set", "archspec-missing-in-base")  # fmt: skip
"""Checks of a machine that say why level packages cannot be installed on it, likeliest first."""


def findings(found: tuple[Clue, ...], report: Report) -> tuple[Finding, ...]:
    """One finding per problem, with this machine's own remedies where it has it.

    The same scenario twice is one problem, unless the log names different packages for it.
    """
    named: dict[tuple[str, str | None, str | None], Finding] = {}
    for clue in found:
        finding = _finding(clue, report)
        named.setdefault((finding.check, clue.package, clue.build), finding)
    return tuple(named.values())


def _finding(clue: Clue, report: Report) -> Finding:
    scenario = _scenario(clue, report)
    here = [f for f in report.findings if f.check == scenario]
    title, consequence, remedies, link = _words(scenario)
    if scenario == crashes.UNMARKED:
        remedies = list(crashes.remedies(clue.culprit))
    if here:
        remedies = list(here[0].remedies) or remedies
    said = "this machine has it too" if here else "nothing of it was found on this machine"
    known = Evidence(said, "checks")
    if scenario == crashes.UNMARKED:
        known = _of_environments(report)
    facts = [known, *(Evidence(f.title, f.id) for f in here[:3])]  # first: what log and machine say
    facts += [Evidence(clue.text, f"log, line {clue.line}"), *_facts(clue)]
    ids = tuple(dict.fromkeys(client for f in here for client in f.clients))
    return Finding(scenario, f"line-{clue.line}", Severity.ERROR, title, consequence, ids,
                   tuple(facts), tuple(remedies), link)  # fmt: skip


def _scenario(clue: Clue, report: Report) -> str:
    """What a log alone cannot tell, the machine may: which wall, and why a program crashed."""
    if clue.scenario == crashes.UNMARKED and environment_needs.needing_more(report):
        return environment_needs.id_here(report)
    return clue.scenario or narrowed(clue, report)


def _of_environments(report: Report) -> Evidence:
    """Why a crash is not put down to an environment that was solved for another CPU."""
    if environment_needs.all_known(report):
        text = "no environment that is known here needs more than this CPU has"
    else:
        text = "whether an environment here needs more than this CPU has could not be told"
    return Evidence(text, "checks")


def _facts(clue: Clue) -> Iterator[Evidence]:
    place = f"log, line {clue.line}"
    if clue.package:
        build = f", build {clue.build}" if clue.build else ""
        yield Evidence(f"package {clue.package}{build}", place)
    if clue.culprit:
        yield Evidence(f"it names {clue.culprit}", place)
    if clue.names:
        yield Evidence(f"CPU names asked for: {' '.join(clue.names)}", place)
    if clue.offered:
        yield Evidence(f"the client offered {clue.offered}", place)


def narrowed(clue: Clue, report: Report) -> str:
    """The scenario of a wall of level packages: by what it asks for, then by the machine."""
    levels = {level for name in clue.names if (level := level_number(name)) is not None}
    own = reach.own_number(report.machine)
    if clue.offered and "-v" in clue.offered:
        return HYPHEN
    if clue.regex and not clue.names and clue.client != "rattler":
        return REGEX
    if len(clue.names) == 1 and not _is_first(clue.names[0]):
        return PINNED
    if len(levels) == 1 and own is not None and own not in levels:
        return LOWER if max(levels) < own else HIGHER
    if levels and own is not None and min(levels) > own:
        return HIGHER
    known = [f.check for f in report.findings]
    likely = HYPHEN if clue.client == "libmamba" else UNKNOWN_CPU
    return next((cause for cause in CAUSES if cause in known), likely)


def _is_first(name: str) -> bool:
    """Whether a solver names it as the first of all builds of its level, for want of any."""
    level = level_number(name)
    tables = (NEWEST.names("x86_64"), NEWEST.names("ppc64le"))
    names = next((table[level] for table in tables if level in table), ()) if level else ()
    return bool(names) and name == min(names)


def _words(scenario: str) -> tuple[str, str, list[Remedy], str | None]:
    """Title, consequence, remedies and link of a scenario: by its sign, else by its check."""
    sign = next((sign for sign in SIGNS if sign.scenario == scenario), None)
    if sign is not None:
        remedies = [Remedy(sign.advice, (Type(sign.command),) if sign.command else ())]
        return sign.title, sign.consequence, remedies, sign.link
    check = next(check for check in checks.CHECKS if scenario == check.ID)
    remedy = Remedy("See what each client offers here, and which requirement it would take.",
                    (Type("envdoctor explain _x86_64-microarch-level"),))  # fmt: skip
    return check.SYMPTOM, check.CAUSE, [remedy], None


def nothing_known(near: str | None) -> str:
    """The sentence about a log without any clue, with what `nearest` said of it."""
    hint = f" The nearest that is known: {near}." if near else ""
    return f"This log shows no problem that envdoctor knows.{hint}"


def nearest(text: str) -> str | None:
    """The known sign that a log's lines come closest to, for a log without any clue."""
    known = {like: sign.scenario for sign in SIGNS for like in sign.like or _plain(sign.pattern)}
    best: tuple[float, str] | None = None
    for line in text.splitlines()[-200:]:
        for near in difflib.get_close_matches(line.strip()[:200], list(known), n=1, cutoff=0.6):
            ratio = difflib.SequenceMatcher(None, line.strip()[:200], near).ratio()
            best = max(best or (0.0, ""), (ratio, known[near]))
    return best[1] if best else None


def _plain(pattern: str) -> list[str]:
    """The alternatives of a pattern as words."""
    return [re.sub(r"\\.|[^\w' ]", " ", alternative) for alternative in pattern.split("|")]
