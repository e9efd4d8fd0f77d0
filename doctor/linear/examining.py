"""An examination that is told as it goes, one line for each client that answers."""

import time

from doctor.examine import ClientAnswered, ClientsFound, Judged
from doctor.linear.state import State, examined
from doctor.linear.talking import Leave, Talk
from doctor.model import Client, Report, Severity
from doctor.report import words


def examine(talk: Talk) -> Report:
    """Examines what the conversation is about; how long that took is said at its end only."""
    if talk.live:
        talk.say("Examining this machine.")
    started, report = time.monotonic(), None
    talk.session.start()
    for event in talk.session.events():
        if isinstance(event, ClientsFound) and talk.live:
            talk.say(_found(len(event.clients)))
        elif isinstance(event, ClientAnswered) and talk.live:
            talk.say(_answered(event.client))
        elif isinstance(event, Judged):
            report = event.report
    if report is None:  # it was closed
        raise Leave(0)
    if talk.live:
        talk.say(f"Examined in {time.monotonic() - started:.1f} seconds.")
    return report


def _found(number: int) -> str:
    return "1 client found." if number == 1 else f"{number} clients found."


def _answered(client: Client) -> str:
    own = " (envdoctor's own solver)" if client.ours else ""
    answer = client.reported
    if answer is None or answer.virtual_packages is None:
        reason = answer.trouble if answer is not None else "it was not asked"
        return f"{client.title}{own} gave no answer: {reason}"
    return f"{client.title}{own} answered."


def headline(report: Report) -> str:
    """What is wrong, or that all is well, and what to type first."""
    worst = report.counted[0] if report.counted else None
    said = words.headline(report)
    if worst is None or worst.severity not in (Severity.ERROR, Severity.WARNING):
        return said
    return f"{said} Type g: what to do about it, step by step."


def source(talk: Talk, report: Report) -> tuple[str, ...]:
    """Whose machine it is, where it is not this one."""
    return () if talk.live else (f"Recorded, not this machine: {report.source}.",)


def once_more(talk: Talk, state: State) -> State:
    """The state after another examination."""
    talk.renew()
    return examined(state, examine(talk), talk.settings.muted)
