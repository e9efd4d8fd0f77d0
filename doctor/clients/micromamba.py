"""micromamba: any executable of that name, asked with `info --json`, which writes nothing."""

from collections.abc import Mapping

from msgspec.structs import replace

from doctor.clients.asking import ask_info, target_of
from doctor.clients.attempting import attempt as dry_run
from doctor.clients.attempting import libmamba_create
from doctor.clients.deciding import MAMBARC, of_client
from doctor.clients.finding import home, programs, records
from doctor.clients.judging import prediction
from doctor.host import Host, Runner
from doctor.host.paths import paths
from doctor.levels import NEWEST
from doctor.microarch import Database
from doctor.model import Attempt, Client, Prediction
from doctor.virtual import Situation, era_at
from doctor.virtual import libmamba as virtual

KIND = "micromamba"


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
        prefix, version = path.dirname(path.dirname(program.real)), None
        if not program.trouble:
            version = records(host, prefix).get("micromamba")
        rows.append(Client("", KIND, program.path, version=version, found_by=by,
                           on_path=program.on_path, trouble=program.trouble, real=program.real,
                           installed_in=prefix if version else None))  # fmt: skip
    return tuple(rows)


def reads(host: Host, client: Client) -> tuple[str, ...]:
    """The program, every condarc and every mambarc."""
    return of_client(host, client, *MAMBARC)


def ask(host: Runner, client: Client, limit: float) -> Client:
    """`info --json`; where that fails and the version is still unknown, `--version`."""
    answer, document, version = ask_info(
        host, client.path, limit, "libmamba version", client.version
    )
    root = document.get("base environment")
    return replace(
        client,
        version=version,
        target=target_of(document),
        root=str(root) if root else client.root,
        answers=(answer,),
    )


def attempt(host: Runner, client: Client, requirement: str, limit: float) -> tuple[Attempt, ...]:
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
    return prediction(
        KIND,
        version,
        virtual.compute(version, situation),
        era_at(virtual.ERAS, version),
        subdir=situation.target("CONDA_SUBDIR", "MAMBA_PLATFORM"),
        builds=builds,
        regex=virtual.matches_regex_builds(version, situation),
        solver="libmamba",
    )
