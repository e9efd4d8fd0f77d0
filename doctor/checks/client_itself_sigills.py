"""A client itself ends with Illegal instruction."""

from collections.abc import Iterator

from doctor import reach
from doctor.checks.crashes import met_unknown_instruction
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity, Type
from doctor.remedies import use_another_client

ID = "client-itself-sigills"
GROUP = "clients"
SYMPTOM = "conda, mamba or their Python prints Illegal instruction at once"
CAUSE = (
    "The program, or a library of its base, was built for a newer CPU than this one: the base was "
    "made on another machine, the CPU is very old, or a virtual machine or emulator hides features."
)
DETECTED = "The client was asked, and was ended by SIGILL or with exit status 132."
REMEDIES = ("use-another-client", "advice")
ADVICE = (
    "See which library it was: the kernel's log names it.",
    "Install it again on this machine, beside the old one: a base that was copied here stays as it "
    "was made.",
    "Install an older release of it, or one that was built for this CPU.",
    "Ask the owner of the virtual machine or emulator to show a better CPU.",
)
SOURCES = (
    "https://github.com/conda/conda/issues/9678",
    "https://github.com/conda/conda/issues/13116",
    "https://github.com/ContinuumIO/anaconda-issues/issues/6400",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per client that met an instruction which this CPU does not know."""
    for client in report.clients:
        if met_unknown_instruction(client):
            yield _finding(report, client)


def _finding(report: Report, client: Client) -> Finding:
    answer = client.reported
    trouble = (answer.trouble if answer else None) or "ended with Illegal instruction"
    source = (answer.source if answer else None) or client.path
    return Finding(
        ID,
        client.id,
        Severity.ERROR,
        f"{client.title} {trouble}: this CPU does not know an instruction of it",
        "It cannot be used on this machine. No override helps a program that is there already.",
        (client.id,),
        (
            Evidence(trouble, source),
            Evidence(f"the CPU has level {reach.own_level(report.machine) or 'unknown'}",
                     "CPU features"),
        ),
        tuple(_remedies(report, client)),
        SOURCES[0],
    )  # fmt: skip


def _remedies(report: Report, client: Client) -> Iterator[Remedy]:
    yield from use_another_client.offer(report, client)
    if report.machine.system.os == "linux":
        yield Remedy(ADVICE[0], (Type("journalctl -k -g 'invalid opcode'"),))
    yield Remedy(ADVICE[1] if client.root is not None else ADVICE[2])
    if report.machine.system.virtualization:
        yield Remedy(ADVICE[3])
