"""Take an override away: from this shell, from the file that sets it, from a condarc."""

from collections.abc import Iterator

from doctor.model import Client, Cost, Line, Probe, Remedy, Report, Run, Trial, Type
from doctor.remedies.commands import EXAMPLE, VARIABLE, take_out

NAME = "remove-override"
TITLE = "Take the override away"
WHY = "The clients detect the CPU again; nothing that is installed changes."
CONDARC = "override_virtual_packages"

FILES_BY_HAND = "envdoctor never edits a start-up file: take the line out yourself"


def from_shell(report: Report, followers: tuple[Client, ...]) -> Remedy:
    """Unset in this shell, which only the user can do; tried in a child without it."""
    windows = report.machine.system.os == "win"
    return Remedy(
        "Unset it in this shell; then look for the file that sets it.",
        (Type(f"Remove-Item Env:{VARIABLE}" if windows else f"unset {VARIABLE}"),),
        NAME,
        Cost.SHELL,
        changes="this shell's environment, until it is set again",
        undo="",
        verify="envdoctor check",
        by_hand="a child cannot change the shell that started it: type it there",
        trial=trial(followers),
    )


def from_files(lines: tuple[Line, ...]) -> Iterator[Remedy]:
    """The lines of start-up files that set it, shown as a diff."""
    yield from (take_out(line, "this line", NAME, FILES_BY_HAND) for line in lines)


def from_condarc(client: Client) -> Remedy:
    """The key that conda 25.11.0 and newer reads."""
    return Remedy(
        "Remove the key from the condarc file that holds it.",
        (Run((client.path, "config", "--remove-key", CONDARC)),),
        NAME,
        Cost.FILE,
        changes="the user's .condarc",
        undo=f"add {CONDARC} to the condarc again",
        verify="envdoctor check",
    )


def trial(followers: tuple[Client, ...]) -> Trial | None:
    """The clients that follow it, with it and without it."""
    able = [client for client in followers if client.kind != "pixi"]
    if not able:
        return None
    before = tuple(Probe(client.id, EXAMPLE) for client in able)
    return Trial(before, tuple(Probe(client.id, EXAMPLE, override="") for client in able))
