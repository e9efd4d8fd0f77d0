"""conda: one row per root; asked through the root's own Python."""

from collections.abc import Mapping

from msgspec.structs import replace

from doctor.clients.asking import ask as ask_json
from doctor.clients.asking import ask_version, target_of, version_of
from doctor.clients.attempting import attempt as dry_run
from doctor.clients.attempting import conda_create, spent, untried
from doctor.clients.deciding import CONDARC, of_client
from doctor.clients.judging import prediction
from doctor.clients.rooted import find_rooted
from doctor.host import Host, Runner
from doctor.levels import NEWEST
from doctor.microarch import Database
from doctor.model import Answer, Attempt, Basis, Client, Command, Prediction
from doctor.version import at_least
from doctor.virtual import Situation, era_at
from doctor.virtual import conda as virtual

KIND = "conda"
SOLVERS = ("classic", "libmamba", "rattler")


def find(host: Host) -> tuple[Client, ...]:
    """Roots with conda, first those on PATH; programs called conda that cannot be run."""
    return find_rooted(host, KIND)


def reads(host: Host, client: Client) -> tuple[str, ...]:
    """Its root, and every condarc."""
    return of_client(host, client, *CONDARC)


def ask(host: Runner, client: Client, limit: float) -> Client:
    """Runs a probe in the root's Python: `conda info` would rewrite environments.txt."""
    used = 0.0
    if client.version is None:
        version, said = ask_version(host, client.path, limit)
        used = said.seconds
        client = replace(client, version=version)
    if client.python is None:
        reason = (
            "was not asked: its Python was not found, and `conda info` rewrites "
            "~/.conda/environments.txt"
        )
        return replace(client, answers=(Answer(Basis.REPORTED, None, reason, client.path),))
    argv = (client.python, "-c", "@probe:conda_virtual_packages@")
    answer, document = ask_json(host, Command(argv, limit=max(limit - used, 0.1)))
    configured = document.get("override_virtual_packages") or {}
    parts = client.parts
    if document.get("solver"):
        parts = {**parts, "solver": str(document["solver"])}
    return replace(
        client,
        version=client.version or version_of(document.get("conda_version")),
        parts=parts,
        target=target_of(document),
        configured={str(k): str(v) for k, v in configured.items()},
        answers=(answer,),
    )


def attempt(host: Runner, client: Client, requirement: str, limit: float) -> tuple[Attempt, ...]:
    """A dry run by the default solver, then by each other one that this root has."""
    version = client.version
    if client.python is None or version is None:
        reason = "was not tried: its version or its Python is unknown"
        return (untried(requirement, "classic", reason),)
    found: list[Attempt] = []
    for way in ways(version, client.parts):
        remaining = limit - spent([tried.transcript for tried in found])
        if remaining <= 0:
            reason = f"was not tried: the solvers before it took {limit:g} s"
            found.append(untried(requirement, way, reason))
            continue
        options = ("--solver", way) if at_least(version, "22.11.0") else ()
        if way != "libmamba":  # with it, --offline refuses a local channel that is not cached
            options = (*options, "--offline")
        python = (client.python, "-m", "conda")
        command = conda_create(python, client.id, requirement, remaining, *options)
        found.append(dry_run(host, command, requirement, way))
    return tuple(found)


def ways(version: str, parts: Mapping[str, str]) -> tuple[str, ...]:
    """The solvers that a root has, its default first."""
    installed = ["classic"]
    if "conda-libmamba-solver" in parts:
        installed.append("libmamba")
    if "conda-rattler-solver" in parts:
        installed.append("rattler")
    default = solver_of(version, parts)
    return (default, *(way for way in installed if way != default))


def solver_of(version: str, parts: Mapping[str, str]) -> str:
    """The solver that this installation uses: asked for, else its version's default.

    conda 23.10.0 made libmamba the default (conda/conda 23.10.0:CHANGELOG.md).
    """
    named = parts.get("solver")
    if named in SOLVERS:
        return named
    return "libmamba" if at_least(version, "23.10.0") else "classic"


def predict(
    version: str,
    parts: Mapping[str, str],
    situation: Situation,
    database: Database | None,
    builds: int = NEWEST.number,
) -> Prediction:
    """What a conda version would report and accept, with `database` the archspec in its base."""
    computed = virtual.compute(version, situation, database)
    solver = solver_of(version, parts)
    return prediction(
        KIND,
        version,
        computed,
        era_at(virtual.ERAS, version),
        subdir=situation.target("CONDA_SUBDIR"),
        builds=builds,
        regex=solver == "rattler",
        solver=solver,
        ignore_case=solver == "rattler",
    )
