"""An environment says that it is of another platform, and a client here does not read that."""

from collections.abc import Iterator

from doctor import reach
from doctor.model import Client, Environment, Evidence, Finding, Remedy, Report, Run, Severity, Type
from doctor.version import at_least

ID = "env-subdir-config-ignored-by-micromamba"
GROUP = "environments"
SYMPTOM = "an environment made with CONDA_SUBDIR: micromamba installs another platform into it"
CAUSE = (
    "conda keeps the platform of such an environment as `subdir` in the environment's own "
    ".condarc. micromamba and mamba 2 do not read that file, and install for this machine."
)
DETECTED = (
    "The environment's own .condarc names another platform than this machine's, and micromamba or "
    "mamba 2 is installed and would not solve for it."
)
REMEDIES = ("advice",)
ADVICE = (
    "Name the platform with every command of micromamba or mamba on that environment: --platform.",
    "Or use conda on it, which reads that file while the environment is active.",
)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/2684",
    "https://github.com/mamba-org/mamba/issues/2135",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning per such environment, where such a client is installed."""
    own = report.machine.system.subdir
    for environment in report.environments or ():
        if own is None or environment.subdir in (None, own):
            continue
        rows = [c for c in report.clients if _ignores(report, c, environment)]
        if rows:
            yield _finding(environment, own, rows, report)


def _ignores(report: Report, client: Client, environment: Environment) -> bool:
    """Whether it would install for another platform than the environment is of."""
    if client.ours or reach.target(report, client) == environment.subdir:
        return False
    mamba2 = client.kind == "mamba" and at_least(client.version or "0", "2.0.0alpha0")
    return mamba2 or client.kind == "micromamba"


def _finding(environment: Environment, own: str, rows: list[Client], report: Report) -> Finding:
    names = " and ".join(client.title for client in rows)
    return Finding(
        ID,
        environment.path,
        Severity.WARNING,
        f"{environment.path} is of {environment.subdir}, which {names} would not know",
        f"Packages of {own} would be installed into it, beside those of {environment.subdir}.",
        tuple(client.id for client in rows),
        (
            Evidence(f"subdir: {environment.subdir}", f"{environment.path}/.condarc"),
            Evidence(f"this machine is {own}", "machine facts"),
        ),
        tuple(_remedies(environment, rows, report)),
        SOURCES[0],
    )


def _remedies(environment: Environment, rows: list[Client], report: Report) -> Iterator[Remedy]:
    client = rows[0]
    place = ("-p", environment.path, "--platform", environment.subdir or "")
    yield Remedy(
        ADVICE[0],
        (Type(str(Run((client.path, "install", *place, "PACKAGE")))),),
    )
    if any(c.kind == "conda" and not c.trouble for c in report.clients):
        yield Remedy(ADVICE[1])
