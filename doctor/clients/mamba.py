"""mamba 1 (Python, over conda and libmambapy) and mamba 2 (native, over libmamba)."""

from collections.abc import Mapping

from msgspec.structs import replace

from doctor.clients.asking import ask as ask_json
from doctor.clients.asking import ask_version, target_of, version_of
from doctor.clients.attempting import attempt as dry_run
from doctor.clients.attempting import conda_create, libmamba_create, untried
from doctor.clients.deciding import MAMBARC, of_client
from doctor.clients.judging import prediction
from doctor.clients.rooted import find_rooted
from doctor.host import Host, Runner
from doctor.host.paths import paths
from doctor.levels import NEWEST
from doctor.microarch import Database
from doctor.model import Answer, Attempt, Basis, Client, Command, Era, Prediction
from doctor.version import at_least
from doctor.virtual import Situation, era_at
from doctor.virtual import conda as virtual_conda
from doctor.virtual import libmamba as virtual

KIND = "mamba"

INFO_SHOWS_CONDA = (
    "mamba-org/mamba mamba-1.5.12:mamba/mamba/mamba.py: `info` runs conda's main_info, "
    "while the solver uses libmamba's virtual packages since 1.4.6 (168e55e24, #2632)"
)


def find(host: Host) -> tuple[Client, ...]:
    """Executables on PATH and in MAMBA_EXE, then the roots that have one."""
    hook = host.env("MAMBA_EXE") or ""
    places = [hook] if paths(host).basename(hook).lower().startswith("mamba") else []
    return find_rooted(host, KIND, *places)


def reads(host: Host, client: Client) -> tuple[str, ...]:
    """Its root, every condarc and every mambarc."""
    return of_client(host, client, *MAMBARC)


def ask(host: Runner, client: Client, limit: float) -> Client:
    """mamba 2: `info --json`. mamba 1: its libmambapy, since `info` would show conda's view."""
    spent = 0.0
    if client.version is None:
        version, said = ask_version(host, client.path, limit)
        spent = said.seconds
        if said.trouble:
            answer = Answer(Basis.REPORTED, None, said.trouble, f"{client.path} --version", said)
            return replace(client, answers=(answer,))
        client = replace(client, version=version)
    command = _question(client, max(limit - spent, 0.1))
    if command is None:
        reason = "was not asked: its root's Python was not found"
        return replace(client, answers=(Answer(Basis.REPORTED, None, reason, client.path),))
    answer, document = ask_json(host, command)
    version = client.version or version_of(document.get("libmamba version"))
    return replace(client, version=version, target=target_of(document), answers=(answer,))


def _question(client: Client, limit: float) -> Command | None:
    version = client.version
    if version is None or at_least(version, "2.0.0alpha0"):
        return Command((client.path, "info", "--json"), limit=limit)
    if client.python is None:
        return None
    probe = "libmambapy" if at_least(version, "1.4.6") else "conda"
    return Command((client.python, "-c", f"@probe:{probe}_virtual_packages@"), limit=limit)


def attempt(host: Runner, client: Client, requirement: str, limit: float) -> tuple[Attempt, ...]:
    """A dry run by this executable; mamba 1's options are conda's."""
    if client.version is None:
        return (untried(requirement, "libmamba", "was not tried: its version is unknown"),)
    if at_least(client.version, "2.0.0alpha0"):
        command = libmamba_create(client.path, client.id, requirement, limit)
    else:
        command = conda_create((client.path,), client.id, requirement, limit)
    return (dry_run(host, command, requirement, "libmamba"),)


def predict(
    version: str,
    parts: Mapping[str, str],
    situation: Situation,
    database: Database | None,
    builds: int = NEWEST.number,
) -> Prediction:
    """What a mamba version's solver would use and accept.

    Up to 1.4.5 that is conda's view (mamba-1.4.5 mamba.py:458), so `parts["conda"]` matters.
    """
    subdir = situation.target("CONDA_SUBDIR", "MAMBA_PLATFORM")
    if at_least(version, "1.4.6"):
        library = version if at_least(version, "2.0.0alpha0") else parts.get("libmambapy", version)
        computed = virtual.compute(library, situation)
        era = _era(version, library)
        assumes: tuple[str, ...] = ()
    else:
        conda = parts.get("conda", "23.3.1")
        beside = [f"conda {conda} beside it"] if "conda" not in parts else []
        if "archspec" not in parts and database is not None:
            beside.append(f"archspec {database.release} in base")
        computed = virtual_conda.compute(conda, situation, database)
        era = era_at(virtual_conda.ERAS, conda)
        assumes = tuple(beside)
    return prediction(
        KIND, version, computed, era, subdir=subdir, builds=builds,
        regex=virtual.matches_regex_builds(version, situation), solver="libmamba", assumes=assumes,
    )  # fmt: skip


def _era(version: str, library: str) -> Era:
    era = era_at(virtual.ERAS, library)
    if at_least(version, "2.0.0alpha0"):
        return era
    return replace(era, says=f"{era.says}; `mamba info` shows conda's view instead",
                   source=f"{era.source}; {INFO_SHOWS_CONDA}")  # fmt: skip
