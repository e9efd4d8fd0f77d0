"""pixi: `info` reports the host, but a workspace is solved for a declared platform."""

from collections.abc import Mapping

from msgspec.structs import replace

from doctor.clients.asking import ask_info
from doctor.clients.attempting import untried
from doctor.clients.deciding import PIXI, of_client, of_workspace
from doctor.clients.finding import home, programs
from doctor.clients.judging import prediction
from doctor.host import Host, Runner
from doctor.levels import NEWEST
from doctor.microarch import Database, release
from doctor.model import Attempt, Client, Era, Prediction, VirtualPackage
from doctor.version import at_least
from doctor.virtual import Situation, rattler

KIND = "pixi"

_ALL = ("ARCHSPEC", "GLIBC", "LINUX", "OSX", "WIN", "CUDA")
_PLATFORM = "crates/pixi_manifest/src/platform.rs"
_SOLVES = "a workspace is solved for the platform it declares, level 1 unless it says more"


def _crate(since: str, json: str | None, source: str, overrides: tuple[str, ...] = (),
           validates: bool = False) -> rattler.Crate:  # fmt: skip
    override = "honoured" if overrides else "ignored"
    era = Era(since, f"`pixi info` reports the host; {_SOLVES}", source, override=override)
    return rattler.Crate(era, json, overrides, validates)


CRATES = (
    _crate("0", None, "prefix-dev/pixi before a0fb574a8: no archspec crate"),
    _crate("0.19.0", "0.2.3", "prefix-dev/pixi a0fb574a8, v0.19.0:Cargo.lock, archspec 0.1.3"),
    _crate("0.41.0", "0.2.3", "prefix-dev/pixi v0.41.0:Cargo.lock, rattler_virtual_packages 2.0",
           _ALL),
    _crate("0.69.0", "0.2.6", "prefix-dev/pixi v0.69.0:Cargo.lock, archspec 0.2.0", _ALL),
    _crate("0.77.0", "0.2.6", "prefix-dev/pixi 4e13d286d, v0.77.0:Cargo.lock", _ALL, True),
)  # fmt: skip

BASELINE = {
    "linux-aarch64": "aarch64", "linux-ppc64le": "ppc64le", "osx-arm64": "m1",
}  # fmt: skip
"""`__archspec` that pixi assumes for a platform that declares none (else `x86_64`)."""


def find(host: Host) -> tuple[Client, ...]:
    """Executables on PATH and pixi's own place."""
    places = (home(host, ".pixi", "bin", "pixi"), home(host, ".pixi", "bin", "pixi.exe"))
    return tuple(
        Client("", KIND, program.path, found_by=program.by, on_path=program.on_path,
               trouble=program.trouble, real=program.real)
        for program in programs(host, "pixi", *places)
    )  # fmt: skip


def reads(host: Host, client: Client) -> tuple[str, ...]:
    """The program, its settings, and the workspace in the working directory."""
    return of_client(host, client, *PIXI, *of_workspace(host))


def ask(host: Runner, client: Client, limit: float) -> Client:
    """`info --json`; where that fails, `--version`."""
    answer, _, version = ask_info(host, client.path, limit, "version")
    return replace(client, version=version, answers=(answer,))


def attempt(host: Runner, client: Client, requirement: str, limit: float) -> tuple[Attempt, ...]:
    """None: a workspace solve would need a manifest and its channels; the rule is all there is."""
    reason = "was not tried: pixi solves workspaces, which has no offline dry run"
    return (untried(requirement, "rattler", reason),)


def crate_of(version: str) -> rattler.Crate:
    """The crates that a pixi version embeds."""
    return next((c for c in reversed(CRATES) if at_least(version, c.era.since)), CRATES[0])


def predict(
    version: str,
    parts: Mapping[str, str],
    situation: Situation,
    database: Database | None = None,
    builds: int = NEWEST.number,
) -> Prediction:
    """What `pixi info` would report, and what a workspace on a bare platform would accept.

    `parts["archspec"]` is the value of a platform entry that declares one (0.71.0 and newer).
    """
    crate = crate_of(version)
    subdir = situation.subdir or situation.env.get("PIXI_OVERRIDE_PLATFORM") or situation.native
    baseline = BASELINE.get(subdir or "", "x86_64")
    declared, assumed, failure = _declared(version, parts.get("archspec"), baseline)
    computed = rattler.compute(crate, situation, f"archspec crate with archspec {crate.json} data")
    if failure and not computed.failure:
        computed = replace(computed, failure=failure)
    return prediction(
        KIND,
        version,
        computed,
        crate.era,
        subdir=subdir,
        builds=builds,
        regex=True,
        solver="rattler",
        solves_with=VirtualPackage("__archspec", "1", declared),
        assumes=(assumed,),
    )


def _declared(version: str, named: str | None, baseline: str) -> tuple[str, str, str | None]:
    """What a workspace solves with, what that assumes, and how a misspelt declaration fails.

    A declaration is read up to 0.18 (system-requirements), ignored from 0.19.0 to 0.70, and read
    again since 0.71.0 (platform entries), where 0.75.0 began to check the name (#6701).
    """
    bare = f"a workspace whose platform has archspec {baseline}"
    if named is None:
        return baseline, bare, None
    if at_least(version, "0.19.0") and not at_least(version, "0.71.0"):
        return baseline, f"{bare}, since pixi 0.19 to 0.70 ignores a declared archspec", None
    if at_least(version, "0.75.0") and named not in release("0.2.6").targets:
        return named, bare, f"'{named}' is not a known archspec microarchitecture"
    return named, f"a workspace whose platform has archspec {named}", None
