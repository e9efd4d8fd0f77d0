"""rattler, as py-rattler in any Python environment found; asked in a child of that Python."""

from collections.abc import Iterable, Mapping

from doctor.clients.asking import ask as ask_json
from doctor.clients.attempting import CHANNEL, rattler_solve, untried
from doctor.clients.attempting import attempt as dry_run
from doctor.clients.deciding import of_client
from doctor.clients.finding import Found, dist_infos, python_of, roots, site_packages
from doctor.clients.judging import prediction
from doctor.host import Host, Runner
from doctor.host.paths import paths
from doctor.levels import NEWEST
from doctor.microarch import Database
from doctor.model import Attempt, Client, Command, Era, Prediction
from doctor.version import at_least
from doctor.virtual import Situation, rattler

KIND = "rattler"

_LIB = "conda/rattler crates/rattler_virtual_packages/src/lib.rs"
_MEASURED = "measured with py-rattler {} from PyPI"
_ALL = ("ARCHSPEC", "GLIBC", "LINUX", "OSX", "WIN", "CUDA")

CRATES = (
    rattler.Crate(
        Era("0", "reports the baseline of the machine, ignores every override",
            f"{_LIB} before 056f08b51; {_MEASURED.format('0.2.0, 0.3.0')}", override="ignored",
            fault="reports level 1 on every CPU", fixed_in=("0.24.0",)),
        None,
    ),
    rattler.Crate(
        Era("0.4.0", "reports archspec's name, ignores every override",
            f"{_LIB}, 056f08b51, crate archspec 0.1.3; {_MEASURED.format('0.4.0')}",
            override="ignored"),
        "0.2.3",
    ),
    rattler.Crate(
        Era("0.7.0", "reports archspec's name, ignores CONDA_OVERRIDE_ARCHSPEC",
            f"{_LIB}, crate archspec 0.1.3; {_MEASURED.format('0.7.0, 0.9.0')}",
            override="ignored"),
        "0.2.3", ("GLIBC", "CUDA"),
    ),
    rattler.Crate(
        Era("0.9.1", "reports archspec's name, takes the override verbatim",
            f"{_LIB}, b17de29d8, crate archspec 0.1.3; {_MEASURED.format('0.9.1, 0.23.2')}"),
        "0.2.3", _ALL,
    ),
    rattler.Crate(
        Era("0.24.0", "reports archspec's name, knows zen5, takes the override verbatim",
            f"{_LIB}, be700b905, crate archspec 0.2.0; {_MEASURED.format('0.24.0')}"),
        "0.2.6", _ALL,
    ),
    rattler.Crate(
        Era("0.26.0", "reports archspec's name, refuses an override that is no known name",
            f"{_LIB}, 4c5880d67, crate archspec 0.2.0; {_MEASURED.format('0.26.0, 0.28.0')}"),
        "0.2.6", _ALL, True,
    ),
)  # fmt: skip


def find(host: Host) -> tuple[Client, ...]:
    """Environments with py-rattler: on PATH, active, conda roots, and envdoctor's own."""
    rows = []
    seen: set[str] = set()
    own = paths(host).dirname(paths(host).dirname(host.facts().python))
    for found in (*_environments(host), Found(own, "", "envdoctor's own")):
        real = host.look(found.path).real
        if real in seen:
            continue
        seen.add(real)
        version = _version(host, found.path)
        if version is None:
            continue
        python = python_of(host, found.path)
        rows.append(
            Client("", KIND, python or found.path, version=version, root=found.path,
                   found_by=found.by, on_path=found.on_path, python=python,
                   ours=real == host.look(own).real,
                   trouble=None if python else "has no Python interpreter to ask it with")
        )  # fmt: skip
    return tuple(rows)


def _environments(host: Host) -> Iterable[Found]:
    path = paths(host)
    for name in ("python3", "python"):
        for entry in host.on_path(name):
            yield Found(path.dirname(path.dirname(entry.path)), "", "python on PATH", True)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        value = host.env(variable)
        if value:
            yield Found(value, "", variable)
    yield from roots(host)


def _version(host: Host, prefix: str) -> str | None:
    for site in site_packages(host, prefix):
        version = dist_infos(host, site).get("py-rattler")
        if version:
            return version
    return None


def reads(host: Host, client: Client) -> tuple[str, ...]:
    """The Python environment that it is in."""
    return of_client(host, client)


def ask(host: Runner, client: Client, limit: float) -> Client:
    """Runs a probe in that environment's Python."""
    from msgspec.structs import replace

    python = client.python or client.path
    command = Command((python, "-c", "@probe:rattler_virtual_packages@"), limit=limit)
    answer, _ = ask_json(host, command)
    return replace(client, answers=(answer,))


def attempt(host: Runner, client: Client, requirement: str, limit: float) -> tuple[Attempt, ...]:
    """A solve in that environment's Python; py-rattler solves from files since 0.7.0."""
    if client.version is None or not at_least(client.version, "0.7.0"):
        reason = "was not tried: py-rattler solves from files since 0.7.0"
        return (untried(requirement, "rattler", reason),)
    python = client.python or client.path
    command = rattler_solve(python, CHANNEL, "null", (requirement,), limit)
    return (dry_run(host, command, requirement, "rattler"),)


def crate_of(version: str) -> rattler.Crate:
    """The crates that a py-rattler version embeds."""
    return next((c for c in reversed(CRATES) if at_least(version, c.era.since)), CRATES[0])


def predict(
    version: str,
    parts: Mapping[str, str],
    situation: Situation,
    database: Database | None = None,
    builds: int = NEWEST.number,
) -> Prediction:
    """What a py-rattler version would report and accept."""
    crate = crate_of(version)
    data = f"archspec {crate.json}" if crate.json else "no archspec"
    return prediction(
        KIND,
        version,
        rattler.compute(crate, situation, f"archspec crate with {data} data"),
        crate.era,
        subdir=situation.native,
        builds=builds,
        regex=True,
        solver="rattler",
        ignore_case=at_least(version, "0.24.0"),
    )
