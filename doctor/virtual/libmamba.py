"""libmamba's virtual packages: micromamba, mamba 2, and the solver of mamba 1.4.6 and newer.

Source: mamba-org/mamba, libmamba/src/core/virtual_packages.cpp at the tags named below. It never
reports a CPU name, only levels, and it tests fewer features than archspec does.
"""

from doctor.model import Cpu, Era
from doctor.version import at_least, between
from doctor.virtual import Collector, Computed, Situation, era_at, kernel

_FILE = "libmamba/src/core/virtual_packages.cpp"

ERAS = (
    Era("0", "reports no virtual packages", f"mamba-org/mamba before 7140b7db9: no {_FILE}",
        override="ignored", fault="reports no virtual packages at all", fixed_in=("2.0.0",)),
    Era("0.8.0", "reports x86_64 on every x86-64 CPU", f"mamba-org/mamba 7140b7db9, {_FILE}",
        override="ignored", fault="reports level 1 on every CPU", fixed_in=("1.5.10", "2.0.0")),
    Era("1.5.3", "spells levels with a hyphen",
        f"mamba-org/mamba a8f3ae799 (#2936), libmamba-1.5.3:{_FILE}", override="ignored",
        fault="spells the level with a hyphen, which no build can match",
        fixed_in=("1.5.10", "2.0.0")),
    Era("1.5.10", "spells levels with an underscore, ignores the override",
        f"mamba-org/mamba 6520c5bf4 (#3404), libmamba-1.5.10:{_FILE}", override="ignored"),
    Era("2.0.0alpha0", "spells levels with a hyphen, takes the override verbatim",
        f"mamba-org/mamba 99278ffe1 (#2921), 49e03b294 (#2966), libmamba-2.0.0alpha0:{_FILE}",
        empty="0", fault="spells the level with a hyphen, which no build can match",
        fixed_in=("2.0.0",)),
    Era("2.0.0rc5", "reports levels, takes the override verbatim",
        f"mamba-org/mamba 841b272ce (#3433), libmamba-2.0.0rc5:{_FILE}", empty="0"),
    Era("2.0.7.rc0", "reports levels on Windows too, takes the override verbatim",
        f"mamba-org/mamba cdcec3223 (#3803), 2.0.7:{_FILE}", empty="0"),
)  # fmt: skip

TESTED = {
    "x86_64_v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
    "x86_64_v3": ("avx", "avx2", "bmi1", "bmi2", "fma"),
    "x86_64_v2": ("popcnt", "sse3", "ssse3", "sse4_1", "sse4_2"),
}
"""The features that each level tests, none of the levels below it (get_archspec_x86_64)."""

KNOWN_VENDORS = ("GenuineIntel", "AuthenticAMD")
"""Vendors for which libgcc 12 fills in the features that `__builtin_cpu_supports` reads."""

REGEX_SWITCH = "MAMBA_EXPERIMENTAL_MATCHSPEC_PARSING"
"""Since 2.2.0 (mamba-org/mamba 542241ff3, #3907): `true` makes it match regex builds."""


def level(cpu: Cpu) -> str | None:
    """Level by libmamba's short tests; `None` if the features are unknown."""
    if cpu.architecture != "x86_64":
        return "x86_64"
    if cpu.features is None:
        return None
    if cpu.vendor not in KNOWN_VENDORS:
        return "x86_64"
    have = set(cpu.features)
    if "pni" in have:
        have.add("sse3")
    return next((name for name, tested in TESTED.items() if have.issuperset(tested)), "x86_64")


def matches_regex_builds(version: str, situation: Situation) -> bool:
    """Whether the solver of a libmamba version matches level builds here."""
    switched = situation.env.get(REGEX_SWITCH, "").lower() == "true"
    return switched and at_least(version, "2.2.0")


def compute(version: str, situation: Situation) -> Computed:
    """The virtual packages of a libmamba version; a switch that is no boolean aborts (R 2.8.1)."""
    switch = situation.env.get(REGEX_SWITCH)
    if switch not in (None, "", "true", "false") and at_least(version, "2.2.0"):
        return Computed(failure=f"Bad conversion of a boolean configurable from {switch!r}")
    target = situation.target("CONDA_SUBDIR", "MAMBA_PLATFORM")
    if not at_least(version, "0.8.0") or target is None:
        return Computed(unknown=("__archspec",) if target is None else ())
    system, dash, arch = target.partition("-")
    found = Collector()
    if dash:
        _system_packages(found, system, version, situation)
        found.add("archspec", *_archspec(version, arch, situation))
    _cuda(found, version, situation)
    return found.done(f"libmamba {version}")


def _archspec(version: str, arch: str, situation: Situation) -> tuple[str | None, str]:
    """Version (`None`: unknown) and build of `__archspec`."""
    override = situation.override("ARCHSPEC")
    if override is not None and era_at(ERAS, version).override == "honoured":
        return "1", override or "0"
    if arch != "64":
        return "1", "x86" if arch == "32" else arch
    if not at_least(version, "1.5.3"):
        return "1", "x86_64"
    if situation.system.os == "win" and not at_least(version, "2.0.7.rc0"):
        return "1", "x86_64"
    if situation.may_be_translated(f"osx-{arch}") and situation.system.os == "osx":
        return None, ""  # Rosetta answers for the CPU
    name = level(situation.cpu)
    hyphen = between(version, "1.5.3", "1.5.10") or between(version, "2.0.0alpha0", "2.0.0rc5")
    spelt = (name or "").replace("_v", "-v") if hyphen else name or ""
    return ("1" if name else None), spelt


def _system_packages(found: Collector, system: str, version: str, situation: Situation) -> None:
    if system == "linux":
        found.add("unix", "0")
        _linux(found, version, situation)
        _glibc(found, version, situation)
    elif system == "osx":
        found.add("unix", "0")
        _osx(found, version, situation)
    elif system == "win":
        _win(found, version, situation)
    elif system == "emscripten" and at_least(version, "2.6.0"):
        found.add("unix", "0")


def _linux(found: Collector, version: str, situation: Situation) -> None:
    if not at_least(version, "0.10.0"):
        return
    override = situation.override("LINUX")
    if override == "" and not at_least(version, "0.21.0"):
        override = None
    if override is not None:
        if override or at_least(version, "1.5.0"):
            found.add("linux", override or "0")
        return
    native = situation.system.os == "linux"
    found.add("linux", kernel(situation.system.kernel) if native else "0")


def _glibc(found: Collector, version: str, situation: Situation) -> None:
    override = situation.override("GLIBC")
    if override or (override == "" and at_least(version, "0.21.0")):
        if override:
            found.add("glibc", override)
        return
    if situation.system.os == "linux" and situation.system.libc != "musl":
        found.add("glibc", situation.system.libc_version)


def _osx(found: Collector, version: str, situation: Situation) -> None:
    override = situation.override("OSX")
    if override == "" and not at_least(version, "0.21.0"):
        override = None
    zero = at_least(version, "2.0.0beta0")
    if override is not None:
        if override or zero:
            found.add("osx", override or "0")
    elif situation.system.os == "osx":
        found.add("osx", situation.system.distribution_version)
    elif zero:
        found.add("osx", "0")


def _win(found: Collector, version: str, situation: Situation) -> None:
    if not at_least(version, "2.0.0beta0"):
        found.add("win", "0")
        return
    override = situation.override("WIN")
    if override is not None:
        found.add("win", override or "0")
    else:
        found.add("win", None if situation.system.os == "win" else "0")


def _cuda(found: Collector, version: str, situation: Situation) -> None:
    override = situation.override("CUDA")
    if override:
        found.add("cuda", override)
    elif (
        override is None or not at_least(version, "0.21.0")
    ) and situation.system.cuda is not False:
        found.add("cuda", None)
