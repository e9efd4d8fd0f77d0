"""A remedy's steps as they will be carried out, or the reason why envdoctor will not."""

from msgspec.structs import replace

from doctor.model import Remedy, Run, Step

_ASKS = {"create", "install", "update", "remove", "env"}
"""Verbs of conda, mamba and micromamba that ask before they act; with input closed they fail."""

_CLIENTS = ("conda", "mamba", "micromamba")


def literal(remedy: Remedy) -> tuple[Step, ...]:
    """The steps exactly as they will be carried out: what has to be shown before asking.

    Clients are told not to ask again, since the question was asked by then.
    """
    return tuple(_unasked(step) if isinstance(step, Run) else step for step in remedy.steps)


def _unasked(step: Run) -> Run:
    program = step.argv[0].replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
    if program not in _CLIENTS or len(step.argv) < 2 or step.argv[1] not in _ASKS:
        return step
    verb = 2 if step.argv[1] != "env" else 3
    return replace(step, argv=(*step.argv[:verb], "-y", *step.argv[verb:]))


def why_not(remedy: Remedy) -> str | None:
    """Why envdoctor will not carry a remedy out, `None` if it can."""
    if remedy.blocked:
        return f"It does not apply here: {remedy.blocked}."
    if remedy.by_hand:
        return f"{remedy.by_hand[0].upper()}{remedy.by_hand[1:]}."
    if not remedy.steps:
        return "It is advice: there is no step that envdoctor could carry out."
    return None if remedy.applicable else "It is something to type in your own shell."
