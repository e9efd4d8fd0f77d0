"""conda's virtual packages, by conda version and by the archspec in its base environment.

Source: conda/conda, conda/core/index.py and conda/plugins/virtual_packages/ at the tags named
below. The name comes from `archspec.cpu.host()`, so the archspec in base decides it.
"""

from doctor.microarch import Database
from doctor.model import Era
from doctor.version import at_least, between
from doctor.virtual import Collector, Computed, Situation, era_at, kernel

_INDEX = "conda/core/index.py"
_PLUGIN = "conda/plugins/virtual_packages/archspec.py"

ERAS = (
    Era("0", "reports no __archspec", f"conda/conda 4.8.4:{_INDEX}", override="ignored",
        fault="reports no __archspec", fixed_in=("23.3.0",)),
    Era("4.9.0", "reports archspec's name, or the machine's where archspec is missing",
        f"conda/conda 3f1ea57a1, 4.9.0:{_INDEX}"),
    Era("22.11.0", "puts the name where the version belongs, ignores the override",
        f"conda/conda 22.11.0:{_PLUGIN}", override="ignored",
        fault="reports the CPU name in the version field", fixed_in=("23.3.0",)),
    Era("22.11.1", "reports archspec's name, ignores the override",
        f"conda/conda 1ce87c337, 22.11.1:{_PLUGIN}", override="ignored"),
    Era("23.3.0", "reports archspec's name, or the machine's where archspec is missing",
        f"conda/conda 2acacf9de, 23.3.0:{_PLUGIN}"),
    Era("23.11.0", "reports archspec's name and fails without archspec",
        f"conda/conda 97fc63be8 (#13213), 23.11.0:{_INDEX}"),
    Era("24.3.0", "reports archspec's name, on Windows too",
        f"conda/conda 24.3.0:{_INDEX} (#13641)"),
    Era("25.1.0", "reports the override if there is one, else archspec's name",
        f"conda/conda 14483be5f (#14449), 25.1.0:{_PLUGIN}"),
    Era("25.11.0", "reports archspec's name, unless the override or condarc says another",
        "conda/conda 9f2de6c40, 5ab171c33 (#15156), 25.11.0:conda/plugins/types.py"),
)  # fmt: skip

_OTHER_MACHINES = ("armv6l", "armv7l", "aarch64", "arm64", "ppc64", "ppc64le", "s390x")
_DIGITS = {"32": "x86", "64": "x86_64"}


def compute(version: str, situation: Situation, database: Database | None) -> Computed:
    """The virtual packages of a conda version; `database` is its archspec's, `None` if missing."""
    target = situation.target("CONDA_SUBDIR")
    if target is None:
        return Computed(unknown=("__archspec",))
    if target == situation.native == "linux-riscv64" and not at_least(version, "23.3.0"):
        target = "linux-64"  # what this conda takes every machine for that it does not know
    if "-" not in target:
        return Computed(failure=f"ValueError: CONDA_SUBDIR={target} has no dash, so conda fails")
    found = Collector()
    _cuda(found, version, situation)
    _system_packages(found, version, situation, target)
    failure = _archspec(found, version, situation, target, database)
    if at_least(version, "23.11.0"):
        found.add("conda", version)
    if failure:
        return Computed(failure=failure)
    decided = f"archspec {database.release} in base" if database else "no archspec in base"
    return found.done(decided)


def _override(version: str, situation: Situation, name: str) -> str | None:
    """The override of `name` as this version reads it: `""` removes, `None` is no override."""
    value = situation.override(name.upper())
    if at_least(version, "25.11.0"):
        if value is None:
            value = situation.configured.get(name)
        return value.strip() if value is not None else None
    return value


def _archspec(
    found: Collector, version: str, situation: Situation, target: str, database: Database | None
) -> str | None:
    """Adds `__archspec`; returns how conda fails if it does."""
    if not at_least(version, "4.9.0"):
        return None
    honoured = era_at(ERAS, version).override == "honoured"
    override = _override(version, situation, "archspec") if honoured else None
    if override is not None and at_least(version, "25.1.0"):
        _add_archspec(found, version, override)
        return None
    name, known, failure = _detect(version, situation, target, database)
    if override is not None:
        _add_archspec(found, version, override)
    elif known:
        _add_archspec(found, version, name)
    else:
        found.add("archspec", None)
    return failure


def _add_archspec(found: Collector, version: str, name: str | None) -> None:
    if name and between(version, "22.11.0", "22.11.1"):
        found.add("archspec", name)
    elif name:
        found.add("archspec", "1", name)


def _detect(
    version: str, situation: Situation, target: str, database: Database | None
) -> tuple[str | None, bool, str | None]:
    """Name without override, whether it is known at all, and how conda fails if it does."""
    arch = target.partition("-")[2]
    machine = arch if _is_machine(version, arch) else _DIGITS.get(arch)
    if machine is None or target == "zos-z":
        return None, True, None
    if situation.may_be_translated(target) and situation.native != target:
        return None, False, None  # Apple's name under Rosetta, x86_64 from a native conda
    if not _is_native(version, situation, target, machine):
        return machine, True, None
    if database is None:
        if at_least(version, "23.11.0"):
            return None, True, "ModuleNotFoundError: No module named 'archspec'"
        return machine, True, None
    name = database.host(situation.cpu)
    return name, name is not None, None


def _is_machine(version: str, arch: str) -> bool:
    return arch in _OTHER_MACHINES or (arch == "riscv64" and at_least(version, "23.3.0"))


def _is_native(version: str, situation: Situation, target: str, machine: str) -> bool:
    if at_least(version, "24.3.0"):
        return target == situation.native
    if situation.system.os == "win":  # platform.machine() says AMD64 there (#13640)
        return False
    return target == situation.native and machine != "x86"


def _system_packages(found: Collector, version: str, situation: Situation, target: str) -> None:
    if between(version, "22.11.0", "23.3.0"):  # follows the host, not the target
        target = situation.native or target
    system = target.partition("-")[0]
    if system == "linux":
        _linux(found, version, situation)
        _glibc(found, version, situation)
    elif system == "osx":
        _osx(found, version, situation)
    elif system == "win":
        _win(found, version, situation)
    unix = system in ("linux", "osx") or (system == "freebsd" and at_least(version, "23.7.0"))
    if unix and not between(version, "22.11.0", "22.11.1"):
        found.add("unix", "0")


def _linux(found: Collector, version: str, situation: Situation) -> None:
    if not at_least(version, "4.10.0"):
        return
    override = _override(version, situation, "linux")
    if override is not None:
        found.add("linux", kernel(override) or "0")
    elif situation.system.os == "linux":
        found.add("linux", kernel(situation.system.kernel))
    else:
        found.add("linux", "0" if at_least(version, "25.1.0") else None)


def _glibc(found: Collector, version: str, situation: Situation) -> None:
    override = _override(version, situation, "glibc")
    if override is not None:
        if override or between(version, "22.11.0", "23.3.0"):
            found.add("glibc", override or "0")
    elif situation.system.libc == "musl":
        found.add("glibc", "2.5")  # conda/common/_os/linux.py assumes it where confstr fails
    elif situation.system.os == "linux":
        found.add("glibc", situation.system.libc_version)
    elif at_least(version, "25.11.0"):
        found.add("glibc", "0")


def _osx(found: Collector, version: str, situation: Situation) -> None:
    override = _override(version, situation, "osx")
    if override is not None:
        if override or between(version, "22.11.0", "23.7.0"):
            found.add("osx", override or "0")
    elif situation.system.os == "osx":
        found.add("osx", situation.system.distribution_version)
    elif at_least(version, "25.1.0"):
        found.add("osx", "0")
    else:  # the distribution's version; conda's vendored `distro` ignored /etc/debian_version
        vendored = not at_least(version, "23.11.0")
        system = situation.system
        found.add("osx", system.distribution_version if vendored else system.distribution_best)


def _win(found: Collector, version: str, situation: Situation) -> None:
    if not at_least(version, "25.1.0"):
        found.add("win", "0")
        return
    override = _override(version, situation, "win")
    if override is None:
        found.add("win", None if situation.system.os == "win" else "0")
    elif override:
        found.add("win", override)


def _cuda(found: Collector, version: str, situation: Situation) -> None:
    override = _override(version, situation, "cuda")
    if override is not None:
        if override:
            found.add("cuda", override)
    elif situation.system.cuda is not False:
        found.add("cuda", None)
    elif between(version, "25.11.0", "25.11.1"):
        found.add("cuda", "0")  # conda/conda#15500
