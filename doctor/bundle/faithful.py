"""Whether what is found in a bundle is what was found on the machine."""

from collections.abc import Callable

from doctor.model import Client, Omission, Report, Severity

LOST = "rests on what was left out"

MOST_NAMED = 5

FEWER_FILES = "take one of them in again"
FEWER_WORDS = "if you gave words to hide, take back those in names of CPUs, clients and levels"

_HARMLESS = (Severity.UNKNOWN.value, Severity.NOTE.value)


class Unfaithful(Exception):
    """What would be saved is not what was found: nothing is saved. The message says what."""


def compared(
    report: Report, again: Report, hide: Callable[[str], str], less: bool
) -> tuple[Omission, ...]:
    """What is no longer found because something was left out (`less`); else nothing may differ.

    Raises Unfaithful.
    """
    before = {(f"{f.check}:{hide(f.subject)}", f.severity.value) for f in report.findings}
    after = {(f.id, f.severity.value) for f in again.findings}
    if less:
        differ = [name for name, severity in after - before if severity not in _HARMLESS]
    else:
        differ = [name for name, _ in after ^ before]
    differ = [*_levels(report, again, less), *_answers(report, again, less), *sorted(differ)]
    if differ:
        what, advice = ("leaving files out", FEWER_FILES) if less else ("hiding names", FEWER_WORDS)
        more = f" and {len(differ) - MOST_NAMED} more" if len(differ) > MOST_NAMED else ""
        named = ", ".join(differ[:MOST_NAMED])
        raise Unfaithful(f"{what} changed what is found: {named}{more}; {advice}")
    return tuple(Omission(f"finding {name}", LOST) for name, _ in sorted(before - after))


def _levels(report: Report, again: Report, less: bool) -> list[str]:
    before, after = report.machine, again.machine
    known = (before.microarchitecture, before.shared_level)
    same = known == (after.microarchitecture, after.shared_level)
    gone = less and after.microarchitecture.level is None
    return [] if same or gone else ["the level of the CPU"]


def _answers(report: Report, again: Report, less: bool) -> list[str]:
    before, after = (list(map(_says, r.clients)) for r in (report, again))
    if less and len(before) == len(after):
        before = [
            tuple(None if now is None else then for then, now in zip(*rows, strict=True))
            for rows in zip(before, after, strict=True)
        ]
    return [] if before == after else ["what clients report"]


def _says(client: Client) -> tuple[str | None, ...]:
    return client.kind, client.version, client.reported.archspec if client.reported else None
