"""rattler's virtual packages: py-rattler, and `pixi info`.

Source: conda/rattler, crates/rattler_virtual_packages/src/lib.rs, and the crate `archspec`
(archspec/archspec-rs), which embeds one release of archspec's JSON. Which version of a client
embeds which crate is in that client's own module.
"""

import re

from msgspec import Struct

from doctor.microarch import release
from doctor.model import Era
from doctor.virtual import Collector, Computed, Situation, kernel


class Crate(Struct, frozen=True):
    """What one range of embedded crates does.

    `json` is the archspec release whose data is embedded, `None` for no detection at all;
    `overrides` names the CONDA_OVERRIDE_* that are read; `validates` an override's spelling.
    """

    era: Era
    json: str | None
    overrides: tuple[str, ...] = ()
    validates: bool = False


def compute(crate: Crate, situation: Situation, by: str) -> Computed:
    """The virtual packages on the machine itself: no target subdir is read."""
    found = Collector()
    system = situation.system
    failure = _check_overrides(crate, situation)
    if failure:
        return Computed(failure=failure)
    if "WIN" in crate.overrides or system.os == "win":
        _version(found, crate, situation, "win", "WIN", None if system.os == "win" else "")
    if system.os in ("linux", "osx"):
        found.add("unix", "0")
    _version(found, crate, situation, "linux", "LINUX",
             kernel(system.kernel) if system.os == "linux" else "")  # fmt: skip
    _version(found, crate, situation, "osx", "OSX",
             system.distribution_version if system.os == "osx" else "")  # fmt: skip
    glibc = system.libc_version if system.os == "linux" and system.libc != "musl" else ""
    _version(found, crate, situation, "glibc", "GLIBC", glibc)
    _version(found, crate, situation, "cuda", "CUDA", "" if system.cuda is False else None)
    _archspec(found, crate, situation)
    return found.done(by)


def _version(
    found: Collector, crate: Crate, situation: Situation, name: str, variable: str, own: str | None
) -> None:
    """Adds `__name` from its override or the machine; an own version of `""` means absent."""
    override = situation.override(variable) if variable in crate.overrides else None
    version = own if override is None else override
    if version != "":
        found.add(name, version)


def _archspec(found: Collector, crate: Crate, situation: Situation) -> None:
    override = situation.override("ARCHSPEC") if "ARCHSPEC" in crate.overrides else None
    if override is not None:
        if override:
            found.add("archspec", "1", override)
        return
    if crate.json is None:
        baseline = "arm64" if situation.native in ("osx-arm64", "win-arm64") else None
        name = baseline or situation.cpu.architecture
    else:
        name = _detect(crate.json, situation)
    found.add("archspec", "1" if name else None, name or "0")


def _detect(json: str, situation: Situation) -> str | None:
    """The crate's selection: as archspec's, but Apple models stop at m2 (detect.rs)."""
    cpu = situation.cpu
    if cpu.system == "darwin" and cpu.architecture == "aarch64":
        return "m2" if "m2" in cpu.uarch else "m1"
    return release(json).host(cpu)


def _check_overrides(crate: Crate, situation: Situation) -> str | None:
    """The error with which an override that is no version, or no known name, ends."""
    for variable in ("GLIBC", "LINUX", "OSX", "WIN"):
        value = situation.override(variable) if variable in crate.overrides else None
        if value and not re.fullmatch(r"[0-9A-Za-z_.!+-]+", value):
            return f"malformed version string '{value}'"
    value = situation.override("ARCHSPEC") if crate.validates else None
    if not value or value == "0" or crate.json is None:
        return None
    known = release(crate.json).targets
    if value in known:
        return None
    hint = f"did you mean '{value.replace('-', '_')}'?"
    if value.replace("-", "_") not in known:
        hint = ""
    said = f"'{value}' is not a known archspec microarchitecture"
    return (
        f"{said}, {hint}"
        if hint
        else (f"{said}; use a known microarchitecture name (e.g. 'x86_64_v3') or '0' to disable")
    )
