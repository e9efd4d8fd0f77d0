"""A client hung, crashed, answered junk, or cannot be run at all."""

from collections.abc import Iterator

from doctor.checks.crashes import met_unknown_instruction
from doctor.model import STOPPED, Client, Evidence, Finding, Remedy, Report, Run, Severity

ID = "client-did-not-answer"
GROUP = "clients"
SYMPTOM = "a client hangs, crashes, or prints something unreadable"
CAUSE = "The program is broken, waits for something, or is not what its name says."
DETECTED = (
    "Every client is asked for its virtual packages within a time limit; it did not end in time, "
    "failed, or printed something else than its version prints; or somebody stopped the question."
)
REMEDIES = ("advice",)
ADVICE = ("Run it and look.",)
SOURCES = (
    "https://github.com/conda/conda/issues/12972",
    "https://github.com/mamba-org/mamba/issues/3714",
    "https://github.com/conda/conda/issues/9678",
)


def check(report: Report) -> Iterator[Finding]:
    """One unknown per client that gave no answer, but for what the CPU does not know."""
    for client in report.clients:
        answer = client.reported
        if answer is None or answer.trouble is None or met_unknown_instruction(client):
            continue
        yield _finding(client, answer.trouble, answer.source or client.path)


def _finding(client: Client, trouble: str, source: str) -> Finding:
    failure = client.prediction.failure if client.prediction else None
    to_look_at = failure is None and trouble != STOPPED
    return Finding(
        ID,
        client.id,
        Severity.NOTE if failure else Severity.UNKNOWN,
        f"{client.title} {trouble}",
        f"It fails as its version does: {failure}" if failure else _consequence(client),
        (client.id,),
        (Evidence(trouble, source),),
        (Remedy(ADVICE[0], (Run((client.path, "--version")),)),) if to_look_at else (),
    )


def _consequence(client: Client) -> str:
    prediction = client.prediction
    if prediction is None:
        return "What it reports is unknown, and so is whether it can install level packages."
    would = prediction.archspec or "no __archspec"
    return f"What it reports is unknown; by the rule for its version it would report {would}."
