"""micromamba: any executable of that name, asked with `info --json`, which writes nothing."""

from collections.abc import Mapping

from msgspec.structs import replace

from doctor.clients.asking import ask as ask_json
from doctor.clients.asking import target_of, version_in, version_of
from doctor.clients.attempting import attempt as dry_run
from doctor.clients.attempting import libmamba_create
from doctor.clients.finding import home, paths, programs, records
from doctor.clients.judging import prediction
from doctor.host import Host
from doctor.levels import NEWEST
from doctor.microarch import Database
from doctor.model import Attempt, Client, Command, Prediction
from doctor.version import at_least
from doctor.virtual import Situation, era_at
from doctor.virtual import libmamba as virtual

KIND = "micromamba"

REGEX_SWITCH = "MAMBA_EXPERIMENTAL_MATCHSPEC_PARSING"
"""Since 2.2.0 (mamba-org/mamba 542241ff3, #3907): `true` makes it match regex builds."""


def find(host: Host) -> tuple[Client, ...]:
    """Executables on PATH, in MAMBA_EXE, and in the usual places."""
    path = paths(host)
    hook = host.env("MAMBA_EXE") or ""
    places = [hook] if path.basename(hook).lower().startswith("micromamba") else []
    places += [home(host, *place) for place in (
        (".local", "bin", "micromamba"), ("bin", "micromamba"), ("micromamba", "bin", "micromamba"),
        ("AppData", "Local", "micromamba", "micromamba.exe"),
    )]  # fmt: skip
    places += ["/usr/local/bin/micromamba", "/opt/homebrew/bin/micromamba", "/bin/micromamba"]
    rows = []
    for program in programs(host, "micromamba", *places):
        by = "MAMBA_EXE" if program.path == hook and not program.on_path else program.by
        version = None
        if not program.trouble:
            version = records(host, path.dirname(path.dirname(program.real))).get("micromamba")
        rows.append(Client("", KIND, program.path, version=version, found_by=by,
                           on_path=program.on_path, trouble=program.trouble))  # fmt: skip
    return tuple(rows)


def ask(host: Host, client: Client, limit: float) -> Client:
    """`info --json`; where that fails and the version is still unknown, `--version`."""
    answer, document = ask_json(host, Command((client.path, "info", "--json"), limit=limit))
    version = client.version or version_of(document.get("libmamba version"))
    spent = answer.transcript.seconds if answer.transcript else 0.0
    if version is None and limit - spent > 0.1:
        said = host.run(Command((client.path, "--version"), limit=limit - spent))
        version = version_in(said.stdout) if said.trouble is None else None
    root = document.get("base environment")
    return replace(
        client,
        version=version,
        target=target_of(document),
        root=str(root) if root else client.root,
        answers=(answer,),
    )


def attempt(host: Host, client: Client, requirement: str, limit: float) -> tuple[Attempt, ...]:
    """A dry run by this executable."""
    command = libmamba_create(client.path, client.id, requirement, limit)
    return (dry_run(host, command, requirement, "libmamba"),)


def predict(
    version: str,
    parts: Mapping[str, str],
    situation: Situation,
    database: Database | None = None,
    builds: int = NEWEST.number,
) -> Prediction:
    """What a micromamba version, which is its libmamba's, would report and accept."""
    switched = situation.env.get(REGEX_SWITCH, "").lower() == "true"
    return prediction(
        KIND,
        version,
        virtual.compute(version, situation, switch=situation.env.get(REGEX_SWITCH)),
        era_at(virtual.ERAS, version),
        subdir=situation.target("CONDA_SUBDIR", "MAMBA_PLATFORM"),
        builds=builds,
        regex=switched and at_least(version, "2.2.0"),
        solver="libmamba",
    )
