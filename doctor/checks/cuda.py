"""What clients report as `__cuda`: shared by the checks about CUDA."""

import re

from doctor import reach
from doctor.model import Client, Report


def reported(report: Report) -> dict[str, str | None]:
    """`__cuda` by client id, `None` where it was reported to be absent.

    Clients that did not answer or solve for another platform are left out, and envdoctor's own.
    conda 25.11.0 says version 0 where there is none (conda/conda#15500).
    """
    found: dict[str, str | None] = {}
    for client in report.clients:
        answer = client.reported
        if client.ours or reach.foreign(report, client):
            continue
        if answer is not None and answer.virtual_packages is not None:
            said = (p.version for p in answer.virtual_packages if p.name == "__cuda")
            version = next(said, None)
            found[client.id] = None if version == "0" else version
    return found


def release(version: str) -> tuple[int, ...]:
    """A CUDA version as far as drivers and packages are told apart: its first two numbers."""
    numbers = [int(part) for part in re.findall(r"\d{1,6}", version)[:2]]
    return tuple((*numbers, 0, 0)[:2])


def lowest(versions: list[str]) -> str:
    """The oldest of some versions."""
    return min(versions, key=release)


def configured(client: Client) -> str | None:
    """What this client's own condarc says of CUDA, which replaces what it would detect."""
    return client.configured.get("cuda")
