"""How a client ended: shared by the checks about clients that gave no answer."""

import re

from doctor.model import Client

_STATUS = (-4, 132, 0xC000001D, 0xC000001D - 2**32)
"""SIGILL as a process reports it, as a shell does, and as Windows does, either way it counts."""

_WORDS = re.compile(r"\bsignal SIGILL\b|\bexit status 132\b", re.IGNORECASE)


def met_unknown_instruction(client: Client) -> bool:
    """Whether the client was ended because the CPU did not know an instruction of it."""
    answer = client.reported
    if answer is None or answer.trouble is None:
        return False
    status = answer.transcript.exit_status if answer.transcript else None
    return status in _STATUS or _WORDS.search(answer.trouble) is not None
