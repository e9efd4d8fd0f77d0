"""A remedy's steps as they will be carried out, or the reason why envdoctor will not."""

from msgspec.structs import replace

from doctor.model import Remedy, Report, Run, Step

_ASKS = {"create", "install", "update", "remove", "env"}
"""Verbs of conda, mamba and micromamba that ask before they act; with input closed they fail."""

_CLIENTS = ("conda", "mamba", "micromamba")


def literal(remedy: Remedy) -> tuple[Step, ...]:
    """The steps exactly as they will be carried out: what has to be shown before asking.

    Clients are told not to ask again, since the question was asked by then.
    """
    return tuple(_unasked(step) if isinstance(step, Run) else step for step in remedy.steps)


def _unasked(step: Run) -> Run:
    if not _is_client(step) or len(step.argv) < 2 or step.argv[1] not in _ASKS:
        return step
    verb = 2 if step.argv[1] != "env" else 3
    return replace(step, argv=(*step.argv[:verb], "-y", *step.argv[verb:]))


def _is_client(step: Run) -> bool:
    return _base(step.argv[0]).removesuffix(".exe") in _CLIENTS


def _base(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _in_the_way(step: Run, report: Report) -> str | None:
    """The environment that creating another one would delete, `None` if there is none.

    Told not to ask, conda (conda/cli/main_create.py) and libmamba (libmamba/src/api/install.cpp,
    "Found conda-prefix at") remove what stands in the place of a new environment.
    """
    if not _is_client(step) or step.argv[1:2] != ("create",):
        return None
    named = set(zip(step.argv, step.argv[1:], strict=False))
    for environment in report.environments or ():
        path = environment.path
        if ("-n", _base(path)) in named or ("-p", path.rstrip("/\\")) in named:
            return path
    return None


def why_not(remedy: Remedy, report: Report | None = None) -> str | None:
    """Why envdoctor will not carry a remedy out on the machine of a report, `None` if it can."""
    if remedy.blocked:
        return f"It does not apply here: {remedy.blocked}."
    if remedy.by_hand:
        return f"{remedy.by_hand[0].upper()}{remedy.by_hand[1:]}."
    if not remedy.steps:
        return "It is advice: there is no step that envdoctor could carry out."
    if not remedy.applicable:
        return "It is something to type in your own shell."
    return _collision(remedy, report) if report is not None else None


def _collision(remedy: Remedy, report: Report) -> str | None:
    runs = (step for step in remedy.steps if isinstance(step, Run))
    there = next(filter(None, (_in_the_way(step, report) for step in runs)), None)
    if there is None:
        return None
    return f"The environment {there} is there already and would be deleted: take another name."
