"""What a client's dry run printed -> the builds that it chose, or its refusal."""

from collections.abc import Sequence
from typing import Any

from doctor.clean import clean
from doctor.clients.asking import NoAnswer, read_json, trouble_of
from doctor.host import Runner
from doctor.model import Attempt, Basis, Command, Transcript

CHANNEL = "@channel@/published"
LEGACY = "@channel@/legacy"

_REFUSALS = ("Unsatisfiable", "PackagesNotFound", "ResolvePackageNotFound", "SpecsConfiguration")

_MAX_REFUSAL = 4000


def attempt(host: Runner, command: Command, requirement: str, way: str) -> Attempt:
    """Runs a dry run and reads its outcome; judged by what it printed, then by how it ended."""
    transcript = host.run(command)
    try:
        chosen, refusal = read_outcome(read_json(transcript.stdout))
    except NoAnswer as error:
        trouble = trouble_of(transcript) or str(error)
        return Attempt(requirement, way, Basis.PROVEN, trouble=trouble, transcript=transcript)
    return Attempt(
        requirement, way, Basis.PROVEN, chosen=chosen, refusal=refusal, transcript=transcript
    )


def attempts(
    host: Runner, command: Command, requirements: tuple[str, ...], way: str
) -> tuple[Attempt, ...]:
    """Runs one command that solves several requirements, each alone; the first has the transcript.

    Where the command failed as a whole, there is one attempt for each with the reason.
    """
    if len(requirements) == 1:
        return (attempt(host, command, requirements[0], way),)
    transcript = host.run(command)
    found: list[Attempt] = []
    try:
        outcomes = read_json(transcript.stdout).get("outcomes")
        if not isinstance(outcomes, list) or len(outcomes) != len(requirements):
            raise NoAnswer("printed JSON without outcomes")
    except NoAnswer as error:
        outcomes = [{"error": trouble_of(transcript) or str(error)} for _ in requirements]
    for requirement, outcome in zip(requirements, outcomes, strict=True):
        said = None if found else transcript
        try:
            chosen, refusal = read_outcome(outcome if isinstance(outcome, dict) else {})
        except NoAnswer as error:
            found.append(
                Attempt(requirement, way, Basis.PROVEN, trouble=str(error), transcript=said)
            )
        else:
            found.append(Attempt(requirement, way, Basis.PROVEN, chosen, refusal, transcript=said))
    return tuple(found)


Chosen = tuple[tuple[str, str, str], ...]


def read_outcome(document: dict[str, Any]) -> tuple[Chosen | None, str | None]:
    """Builds chosen, or the refusal, in any client's JSON.

    Raises NoAnswer if the document is neither, with the client's own error.
    """
    if isinstance(document.get("chosen"), list):  # our own probe
        return _sorted(document["chosen"]), None
    if isinstance(document.get("refusal"), str):
        return None, _short(document["refusal"])
    problems = document.get("solver_problems")
    if isinstance(problems, list):  # libmamba
        return None, _short("\n".join(str(problem) for problem in problems))
    if document.get("success") is True or "actions" in document:
        return _linked(document), None
    name, said = str(document.get("exception_name", "")), document.get("message")
    if any(sign in name for sign in _REFUSALS):
        return None, _short(str(said or document.get("error", name)))
    raise NoAnswer(f"failed: {_short(str(said or document.get('error') or 'without a reason'))}")


def _linked(document: dict[str, Any]) -> Chosen:
    actions = document.get("actions")
    entries = actions.get("LINK", []) if isinstance(actions, dict) else []
    rows = []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            build = entry.get("build_string") or entry.get("build") or ""
            rows.append([entry.get("name", ""), entry.get("version", ""), build])
    return _sorted(rows)


def _sorted(rows: Sequence[Sequence[object]]) -> Chosen:
    found = [tuple(clean(str(part)) for part in row[:3]) for row in rows if len(row) >= 3]
    return tuple(sorted((name, version, build) for name, version, build in found))


def _short(text: str) -> str:
    return clean(text).strip()[:_MAX_REFUSAL]


def untried(requirement: str, way: str, reason: str) -> Attempt:
    """An attempt that could not be made."""
    return Attempt(requirement, way, Basis.PROVEN, trouble=reason)


def libmamba_create(path: str, client: str, requirement: str, limit: float) -> Command:
    """The dry run of micromamba and mamba 2.

    Without `--offline`: 1.5.x and 2.0.x refuse local channels then (facts measured with 1.5.8,
    2.0.5); the only channel is a local folder, so nothing is connected to either way.
    """
    scratch = f"@scratch@/{client}"
    argv = (
        path, "create", "--dry-run", "--json", "-y", "--no-rc", "--override-channels",
        "-c", f"file://{CHANNEL}", "-r", f"{scratch}/root", "-p", f"{scratch}/env", requirement,
    )  # fmt: skip
    env = {"CONDA_PKGS_DIRS": f"{scratch}/pkgs", "MAMBA_ROOT_PREFIX": f"{scratch}/root",
           "HOME": f"{scratch}/home"}  # fmt: skip
    return Command(argv, env, ("MAMBARC", "CONDARC", "CONDA_PREFIX"), limit)


def conda_create(
    argv: tuple[str, ...], client: str, requirement: str, limit: float, *options: str
) -> Command:
    """The dry run of conda, and of mamba 1, in a home of its own."""
    scratch = f"@scratch@/{client}"
    words = (
        *argv, "create", "--dry-run", "--json", "-y", "--override-channels", *options,
        "-c", f"file://{CHANNEL}", "-p", f"{scratch}/env", requirement,
    )  # fmt: skip
    env = {
        "CONDA_PKGS_DIRS": f"{scratch}/pkgs",
        "CONDA_ENVS_DIRS": f"{scratch}/envs",
        "CONDA_NUMBER_CHANNEL_NOTICES": "0",
        "CONDA_REGISTER_ENVS": "false",
        "HOME": f"{scratch}/home",
        "XDG_CACHE_HOME": f"{scratch}/cache",
    }
    return Command(words, env, ("CONDARC",), limit)


def rattler_solve(
    python: str, channel: str, rows: str, requirements: tuple[str, ...], limit: float
) -> Command:
    """Solves by py-rattler in a child; `rows` are virtual packages as JSON, or `null`."""
    argv = (python, "-c", "@probe:rattler_solve@", channel, rows, *requirements)
    return Command(argv, limit=limit)


def spent(transcripts: Sequence[Transcript | None]) -> float:
    """Seconds that some commands took."""
    return sum(t.seconds for t in transcripts if t is not None)
