"""The page of every known problem: of each check, and of what only a log shows."""

from collections.abc import Iterator

from doctor.checks import CHECKS, GROUPS, Check
from doctor.model import Page
from doctor.remedies import BY_NAME
from doctor.triage import signs

LOGS = "logs"
"""The group of what no check looks for: a log is all that shows it."""

ADVICE = "advice"
"""What checks have among their remedies for words, which no module of `doctor.remedies` makes."""

DEPENDS = "What else fits the machine, the finding itself says in words."
FROM_LOG = "Only a log of the failure shows it: paste it with `t`, or run `envdoctor triage FILE`."

_SIGNS = {sign.scenario: sign for sign in signs.SIGNS}


def pages() -> tuple[Page, ...]:
    """One page per problem, group by group in the order of GROUPS, what only logs show last."""
    checked = {check.ID: _of_check(check) for check in CHECKS}
    logged = [_of_sign(sign) for sign in _SIGNS.values() if sign.scenario not in checked]
    return (*sorted(checked.values(), key=lambda page: GROUPS.index(page.group)), *logged)


def _of_check(check: Check) -> Page:
    return Page(
        check.ID,
        check.GROUP,
        check.SYMPTOM,
        check.CAUSE,
        check.DETECTED,
        tuple(_remedies(check)),
        check.SOURCES,
    )


def _remedies(check: Check) -> Iterator[str]:
    for name in check.REMEDIES:
        if name == ADVICE:
            yield from _words(check)
        else:
            yield f"{BY_NAME[name].TITLE}. {BY_NAME[name].WHY}"


def _words(check: Check) -> tuple[str, ...]:
    """The check's own words, else those for a log that shows the same, else where they are."""
    own: tuple[str, ...] = getattr(check, "ADVICE", ())
    if own:
        return own
    sign = _SIGNS.get(check.ID)
    return (_advice(sign),) if sign else (DEPENDS,)


def _of_sign(sign: signs.Sign) -> Page:
    return Page(
        sign.scenario,
        LOGS,
        sign.title,
        sign.consequence,
        FROM_LOG,
        (_advice(sign), *sign.more),
        tuple(link for link in (sign.link, *sign.sources) if link),
    )


def _advice(sign: signs.Sign) -> str:
    return f"{sign.advice} Type: {sign.command}" if sign.command else sign.advice
