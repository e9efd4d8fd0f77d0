"""What versions of clients report and accept: the facts as tables, every recorded real solve."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from doctor import cpu, levels, microarch
from doctor.clients import BY_KIND
from doctor.model import Cpu, Prediction, System, VirtualPackage
from doctor.virtual import Situation
from tests import DATA
from tests.scenes import archspec_sample
from tests.test_transcripts import CPU, MACHINE

OVERRIDE = "CONDA_OVERRIDE_ARCHSPEC"
REGEX = "MAMBA_EXPERIMENTAL_MATCHSPEC_PARSING"
LEVELS = ("x86_64", "x86_64_v2", "x86_64_v3", "x86_64_v4")
LIBMAMBA = ("micromamba", "mamba")
WINDOWS = System(os="win", subdir="win-64", cuda=False)


def of_level(level: str, vendor: str = "GenuineIntel") -> Cpu:
    """A CPU that has exactly the features of one level."""
    flags = microarch.installed().required(level) | microarch.LEVEL_ONE | {"lm"}
    features = tuple(sorted(flags | ({"pni"} if "ssse3" in flags else set())))
    return Cpu("x86_64", "linux", vendor, features=features, printed={"flags": " ".join(features)})


def sample(name: str, architecture: str | None = None) -> Cpu:
    return cpu.parse(archspec_sample(name), architecture)[0].cpu


def predict(
    client: str,
    seen: Cpu = CPU,
    env: dict[str, str] | None = None,
    system: System = MACHINE,
    builds: int = 4,
) -> Prediction:
    """Prediction for `KIND=VERSION[,PART=VERSION...]`, as the command line takes it."""
    (kind, version), *parts = (word.split("=") for word in client.split(","))
    given = {name: value for name, value in parts}
    release = given.get("archspec", "0.2.7") if kind in ("conda", "mamba") else "none"
    database = None if release == "none" else microarch.release(release)
    return BY_KIND[kind].predict(
        version, given, Situation(seen, system, env or {}), database, builds
    )


def said(client: str, seen: Cpu = CPU, env: dict[str, str] | None = None) -> str | None:
    return predict(client, seen, env).archspec


def accepted(prediction: Prediction) -> set[str]:
    return {requirement for requirement, yes in prediction.accepts.items() if yes}


# --- libmamba by version (mamba.md section 1) ------------------------------------------------

PLAIN = ("x86_64",) * 4
HYPHEN = ("x86_64", "x86_64-v2", "x86_64-v3", "x86_64-v4")

SPELLINGS = [
    ("0.8.0", PLAIN), ("1.0.0", PLAIN), ("1.4.6", PLAIN), ("1.5.2", PLAIN),
    ("1.5.3", HYPHEN), ("1.5.8", HYPHEN), ("1.5.9", HYPHEN),
    ("1.5.10", LEVELS), ("1.5.12", LEVELS),
    ("2.0.0alpha0", HYPHEN), ("2.0.0beta0", HYPHEN), ("2.0.0rc4", HYPHEN),
    ("2.0.0rc5", LEVELS), ("2.0.0", LEVELS), ("2.0.5", LEVELS), ("2.0.6", LEVELS),
    ("2.0.7.rc0", LEVELS), ("2.0.7", LEVELS), ("2.8.1", LEVELS),
]  # fmt: skip


def libmamba_kinds(version: str) -> Iterator[str]:
    """Clients whose solver uses this libmamba; mamba does since 1.4.6 only."""
    yield f"micromamba={version}"
    if version not in ("0.8.0", "1.0.0"):
        yield f"mamba={version}"


BY_VERSION = [(c, names) for version, names in SPELLINGS for c in libmamba_kinds(version)]


@pytest.mark.parametrize(("client", "names"), BY_VERSION)
def test_libmamba_spells_each_level_as_its_version_does(client: str, names: list[str]) -> None:
    assert tuple(said(client, of_level(level)) for level in LEVELS) == tuple(names)


@pytest.mark.parametrize(("client", "names"), BY_VERSION)
def test_libmamba_never_says_a_cpu_name(client: str, names: list[str]) -> None:
    assert said(client, sample("linux-rhel7-haswell")) == names[2]
    assert said(client, sample("linux-rocky8.5-zen4")) == names[3]


@pytest.mark.parametrize("version", ["0.7.14", "0.1.0"])
def test_micromamba_before_0_8_has_no_virtual_packages(version: str) -> None:
    prediction = predict(f"micromamba={version}")
    assert prediction.packages == ()
    assert prediction.era.override == "ignored"
    assert accepted(prediction) == set()


HONOURS = {"2.0.0alpha0", "2.0.0beta0", "2.0.0rc4", "2.0.0rc5", "2.0.0", "2.0.5", "2.0.6",
           "2.0.7.rc0", "2.0.7", "2.8.1"}  # fmt: skip


@pytest.mark.parametrize("value", ["x86_64_v2", "skylake", "zen9", "x86_64-v3", "1=x86_64_v3", "0"])
@pytest.mark.parametrize(("client", "names"), BY_VERSION)
def test_libmamba_takes_the_override_verbatim_or_not_at_all(
    client: str, names: list[str], value: str
) -> None:
    prediction = predict(client, env={OVERRIDE: value})
    honoured = client.split("=")[1] in HONOURS
    assert prediction.archspec == (value if honoured else names[3])
    assert prediction.era.override == ("honoured" if honoured else "ignored")


@pytest.mark.parametrize(("client", "names"), BY_VERSION)
def test_an_empty_override_is_the_build_0_or_nothing(client: str, names: list[str]) -> None:
    honoured = client.split("=")[1] in HONOURS
    assert said(client, env={OVERRIDE: ""}) == ("0" if honoured else names[3])


WINDOWS_SEES = {"2.0.7.rc0", "2.0.7", "2.8.1"}


@pytest.mark.parametrize(("client", "names"), BY_VERSION)
def test_libmamba_detects_on_windows_since_2_0_7(client: str, names: list[str]) -> None:
    seen = sample("windows-cpuid-icelake")
    found = predict(client, seen, system=WINDOWS).archspec
    assert found == ("x86_64_v4" if client.split("=")[1] in WINDOWS_SEES else "x86_64")


FOREIGN = [
    ("linux-32", "x86"), ("win-32", "x86"), ("linux-aarch64", "aarch64"),
    ("linux-ppc64le", "ppc64le"), ("linux-s390x", "s390x"), ("linux-riscv64", "riscv64"),
    ("linux-armv7l", "armv7l"), ("osx-arm64", "arm64"), ("win-arm64", "arm64"),
    ("emscripten-wasm32", "wasm32"), ("zos-z", "z"), ("noarch", None), ("nonsense", None),
]  # fmt: skip


@pytest.mark.parametrize("variable", ["CONDA_SUBDIR", "MAMBA_PLATFORM"])
@pytest.mark.parametrize(("subdir", "name"), FOREIGN)
@pytest.mark.parametrize("version", ["1.5.8", "1.5.12", "2.8.1"])
@pytest.mark.parametrize("kind", LIBMAMBA)
def test_a_foreign_subdir_gives_its_own_machine_word(
    kind: str, version: str, subdir: str, name: str | None, variable: str
) -> None:
    assert said(f"{kind}={version}", env={variable: subdir}) == name


@pytest.mark.parametrize("subdir", ["osx-64", "win-64"])
@pytest.mark.parametrize(
    ("version", "name"), [("1.5.8", "x86_64-v4"), ("1.5.12", "x86_64_v4"), ("2.8.1", "x86_64_v4")]
)
def test_a_foreign_64_bit_subdir_gives_the_running_cpus_level(
    subdir: str, version: str, name: str
) -> None:
    assert said(f"micromamba={version}", env={"CONDA_SUBDIR": subdir}) == name


def test_conda_subdir_counts_more_than_mamba_platform() -> None:
    env = {"CONDA_SUBDIR": "linux-aarch64", "MAMBA_PLATFORM": "linux-ppc64le"}
    assert said("micromamba=2.8.1", env=env) == "aarch64"


def test_the_override_counts_on_a_foreign_subdir_too() -> None:
    env = {"CONDA_SUBDIR": "osx-arm64", OVERRIDE: "m1"}
    assert said("micromamba=2.8.1", env=env) == "m1"
    assert said("micromamba=1.5.12", env=env) == "arm64"


def test_mamba_1_solves_with_condas_view_until_1_4_5() -> None:
    seen = sample("linux-rhel7-haswell")
    assert said("mamba=1.4.5", seen) == "haswell"
    assert said("mamba=1.4.6", seen) == "x86_64"
    assert said("mamba=1.4.5,archspec=none", seen) == "x86_64"
    assert said("mamba=1.4.5", seen, {OVERRIDE: "zen2"}) == "zen2"
    assert said("mamba=1.5.12,libmambapy=1.5.8", seen) == "x86_64-v3"


# --- masked and foreign CPUs (micromamba_measured.md section 4) -------------------------------


def without(level: str, *features: str) -> Cpu:
    return masked(of_level(level), *features)


def masked(seen: Cpu, *features: str) -> Cpu:
    left = tuple(f for f in seen.features or () if f not in features)
    return replace(seen, features=left, printed={"flags": " ".join(left)})


FIVE = ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl")
THREE = ("avx", "avx2", "fma", "bmi1", "bmi2")

MASKED = [
    *[(without("x86_64_v4", bit), "x86_64_v3", "x86_64_v3") for bit in FIVE],
    *[(without("x86_64_v3", bit), "x86_64_v3", "x86_64_v2") for bit in ("movbe", "f16c", "abm")],
    *[(without("x86_64_v3", bit), "x86_64_v3", "x86_64")
      for bit in ("lahf_lm", "cx16", "popcnt", "sse4_2", "sse4_1", "ssse3")],
    *[(without("x86_64_v2", bit), "x86_64_v2", "x86_64") for bit in ("cx16", "lahf_lm")],
    *[(without("x86_64_v2", bit), "x86_64", "x86_64")
      for bit in ("popcnt", "ssse3", "sse4_1", "sse4_2")],
    (without("x86_64_v4", "avx2", "bmi1", "bmi2", "fma"), "x86_64_v4", "x86_64_v2"),
    *[(without("x86_64_v3", bit), "x86_64_v2", "x86_64_v2") for bit in THREE],
]  # fmt: skip


@pytest.mark.parametrize(("seen", "libmambas", "archspecs"), MASKED)
def test_libmamba_tests_fewer_features_than_archspec(
    seen: Cpu, libmambas: str, archspecs: str
) -> None:
    assert said("micromamba=2.8.1", seen) == libmambas
    assert said("micromamba=1.5.12", seen) == libmambas
    assert said("micromamba=1.5.8", seen) == libmambas.replace("_v", "-v")
    assert microarch.describe(seen).level == archspecs


def test_without_sse3_libmamba_sees_no_level_2() -> None:
    assert said("micromamba=2.8.1", without("x86_64_v2", "pni", "sse3")) == "x86_64"


@pytest.mark.parametrize("vendor", ["HygonGenuine", "CentaurHauls", "  Shanghai  "])
def test_libmamba_knows_no_levels_of_other_vendors(vendor: str) -> None:
    seen = of_level("x86_64_v3", vendor)
    assert said("micromamba=2.8.1", seen) == "x86_64"
    assert said("mamba=1.5.8", seen) == "x86_64"
    assert said("conda=26.7.1", seen) == "x86_64_v3"
    assert said("rattler=0.28.0", seen) == "x86_64_v3"


def test_a_cpu_with_unknown_features_is_unknown_not_level_1() -> None:
    unread = Cpu("x86_64", "linux", "GenuineIntel")
    for client in ("micromamba=2.8.1", "conda=26.7.1", "rattler=0.28.0", "pixi=0.77.0"):
        prediction = predict(client, unread)
        assert prediction.unknown == ("__archspec",)
        assert prediction.archspec is None
        if not client.startswith("pixi"):
            assert accepted(prediction) == set()


# --- conda (conda.md section 1) --------------------------------------------------------------

HASWELL = sample("linux-rhel7-haswell")
ARCHSPEC_IN_VERSION = VirtualPackage("__archspec", "haswell", "0")
ARCHSPEC = VirtualPackage("__archspec", "1", "haswell")
MACHINE_ONLY = VirtualPackage("__archspec", "1", "x86_64")
CRASH = "ModuleNotFoundError: No module named 'archspec'"

# version, __archspec, honours the override, __archspec without archspec (None: it crashes)
CONDA = [
    ("4.9.0", ARCHSPEC, True, MACHINE_ONLY),
    ("4.14.0", ARCHSPEC, True, MACHINE_ONLY),
    ("22.9.0", ARCHSPEC, True, MACHINE_ONLY),
    ("22.11.0", ARCHSPEC_IN_VERSION, False, VirtualPackage("__archspec", "x86_64", "0")),
    ("22.11.1", ARCHSPEC, False, MACHINE_ONLY),
    ("23.1.0", ARCHSPEC, False, MACHINE_ONLY),
    ("23.3.0", ARCHSPEC, True, MACHINE_ONLY),
    ("23.10.0", ARCHSPEC, True, MACHINE_ONLY),
    ("23.11.0", ARCHSPEC, True, None),
    ("24.1.2", ARCHSPEC, True, None),
    ("24.3.0", ARCHSPEC, True, None),
    ("24.11.3", ARCHSPEC, True, None),
    ("25.1.0", ARCHSPEC, True, None),
    ("25.9.1", ARCHSPEC, True, None),
    ("25.11.0", ARCHSPEC, True, None),
    ("25.11.1", ARCHSPEC, True, None),
    ("26.7.1", ARCHSPEC, True, None),
]
CONDA_VERSIONS = [row[0] for row in CONDA]


def archspec_package(prediction: Prediction) -> VirtualPackage | None:
    return next((p for p in prediction.packages if p.name == "__archspec"), None)


@pytest.mark.parametrize(("version", "package", "honours", "without_it"), CONDA)
def test_conda_reports_archspecs_name(
    version: str, package: VirtualPackage, honours: bool, without_it: VirtualPackage | None
) -> None:
    prediction = predict(f"conda={version}", HASWELL)
    assert archspec_package(prediction) == package
    assert prediction.era.override == ("honoured" if honours else "ignored")


@pytest.mark.parametrize(("version", "package", "honours", "without_it"), CONDA)
@pytest.mark.parametrize("value", ["zen2", "x86_64-v3", "zen9"])
def test_conda_takes_the_override_verbatim_or_not_at_all(
    version: str, package: VirtualPackage, honours: bool, without_it: None, value: str
) -> None:
    found = archspec_package(predict(f"conda={version}", HASWELL, {OVERRIDE: value}))
    assert found == (VirtualPackage("__archspec", "1", value) if honours else package)


@pytest.mark.parametrize(("version", "package", "honours", "without_it"), CONDA)
def test_an_empty_override_removes_the_package_where_it_is_read(
    version: str, package: VirtualPackage, honours: bool, without_it: None
) -> None:
    found = archspec_package(predict(f"conda={version}", HASWELL, {OVERRIDE: ""}))
    assert found == (None if honours else package)


@pytest.mark.parametrize(("version", "package", "honours", "without_it"), CONDA)
def test_without_archspec_conda_guesses_or_fails(
    version: str, package: VirtualPackage, honours: bool, without_it: VirtualPackage | None
) -> None:
    prediction = predict(f"conda={version},archspec=none", HASWELL)
    assert prediction.failure == (CRASH if without_it is None else None)
    if without_it is not None:
        assert archspec_package(prediction) == without_it
    else:
        assert accepted(prediction) == set()


@pytest.mark.parametrize("value", ["zen2", ""])
@pytest.mark.parametrize(
    ("version", "fails"),
    [("23.11.0", True), ("24.11.3", True), ("25.1.0", False), ("26.7.1", False)],
)
def test_an_override_spares_the_crash_since_25_1(version: str, fails: bool, value: str) -> None:
    prediction = predict(f"conda={version},archspec=none", HASWELL, {OVERRIDE: value})
    assert prediction.failure == (CRASH if fails else None)


def test_conda_before_4_9_has_no_archspec() -> None:
    assert archspec_package(predict("conda=4.8.5", HASWELL)) is None
    assert accepted(predict("conda=4.8.5", HASWELL)) == set()


def test_conda_22_11_0_accepts_nothing_and_has_no_unix() -> None:
    prediction = predict("conda=22.11.0", HASWELL)
    assert accepted(prediction) == set()
    assert "__unix" not in {package.name for package in prediction.packages}


@pytest.mark.parametrize(
    ("version", "found"),
    [("25.9.1", "  "), ("25.11.0", None), ("26.7.1", None), ("24.11.3", "  ")],
)
def test_an_override_of_spaces_is_empty_since_25_11(version: str, found: str | None) -> None:
    assert said(f"conda={version}", HASWELL, {OVERRIDE: "  "}) == found


@pytest.mark.parametrize("version", CONDA_VERSIONS)
def test_conda_on_windows_sees_the_cpu_since_24_3(version: str) -> None:
    prediction = predict(f"conda={version}", sample("windows-cpuid-broadwell"), system=WINDOWS)
    package = archspec_package(prediction)
    named = tuple(int(part) for part in version.split(".")) >= (24, 3)
    assert package is not None
    assert {package.version, package.build} == {
        *(("1",) if version != "22.11.0" else ("0",)),
        "broadwell" if named else "x86_64",
    }


def test_archspec_before_0_2_3_calls_windows_amd64() -> None:
    seen = sample("windows-cpuid-broadwell")
    prediction = predict("conda=24.3.0,archspec=0.2.2", seen, system=WINDOWS)
    assert prediction.archspec == "AMD64"
    assert accepted(prediction) == set()


CONDA_FOREIGN = [
    ("linux-32", "x86"), ("osx-64", "x86_64"), ("win-64", "x86_64"), ("osx-arm64", "arm64"),
    ("win-arm64", "arm64"), ("linux-aarch64", "aarch64"), ("linux-ppc64le", "ppc64le"),
    ("linux-s390x", "s390x"), ("linux-armv7l", "armv7l"), ("emscripten-wasm32", None),
    ("zos-z", None),
]  # fmt: skip


@pytest.mark.parametrize(("subdir", "name"), CONDA_FOREIGN)
@pytest.mark.parametrize("version", [v for v in CONDA_VERSIONS if v != "22.11.0"])
def test_conda_detects_nothing_for_a_foreign_subdir(
    version: str, subdir: str, name: str | None
) -> None:
    assert said(f"conda={version}", HASWELL, {"CONDA_SUBDIR": subdir}) == name


@pytest.mark.parametrize("version", ["23.3.0", "26.7.1"])
def test_conda_knows_riscv64_since_23_3(version: str) -> None:
    assert said(f"conda={version}", env={"CONDA_SUBDIR": "linux-riscv64"}) == "riscv64"


@pytest.mark.parametrize("version", CONDA_VERSIONS)
def test_conda_fails_on_a_subdir_without_dash(version: str) -> None:
    failure = predict(f"conda={version}", env={"CONDA_SUBDIR": "noarch"}).failure
    assert (failure or "").startswith("ValueError")


@pytest.mark.parametrize(
    ("version", "found"), [("25.9.1", "haswell"), ("25.11.0", "zen2"), ("26.7.1", "zen2")]
)
def test_condarc_overrides_since_25_11(version: str, found: str) -> None:
    situation = Situation(HASWELL, MACHINE, configured={"archspec": "zen2"})
    database = microarch.release("0.2.7")
    assert BY_KIND["conda"].predict(version, {}, situation, database, 4).archspec == found


def test_the_variable_counts_more_than_condarc_even_empty() -> None:
    situation = Situation(HASWELL, MACHINE, {OVERRIDE: ""}, configured={"archspec": "zen2"})
    database = microarch.release("0.2.7")
    assert BY_KIND["conda"].predict("26.7.1", {}, situation, database, 4).archspec is None


@pytest.mark.parametrize(
    ("version", "solver"),
    [("4.9.0", "classic"), ("23.9.0", "classic"), ("23.10.0", "libmamba"), ("26.7.1", "libmamba")],
)
def test_the_default_solver_is_the_versions_own(version: str, solver: str) -> None:
    assert predict(f"conda={version}").solver == solver


# --- rattler and pixi (rattler_pixi.md sections 1.1, 1.3 and 4) -------------------------------

ZEN5 = sample("linux-rocky9-zen5")
NOT_KNOWN = "'zen6' is not a known archspec microarchitecture"

# py-rattler, zen5 as it names it, override of a known name, of `zen6`, of the empty string
RATTLER = [
    ("0.2.0", "x86_64", "x86_64", "x86_64", "x86_64"),
    ("0.4.0", "zen4", "zen4", "zen4", "zen4"),
    ("0.7.0", "zen4", "zen4", "zen4", "zen4"),
    ("0.9.0", "zen4", "zen4", "zen4", "zen4"),
    ("0.9.1", "zen4", "haswell", "zen6", None),
    ("0.10.0", "zen4", "haswell", "zen6", None),
    ("0.23.2", "zen4", "haswell", "zen6", None),
    ("0.24.0", "zen5", "haswell", "zen6", None),
    ("0.25.0", "zen5", "haswell", "zen6", None),
    ("0.26.0", "zen5", "haswell", NOT_KNOWN, None),
    ("0.28.0", "zen5", "haswell", NOT_KNOWN, None),
]


@pytest.mark.parametrize(("version", "name", "known", "unknown", "empty"), RATTLER)
def test_py_rattler_by_version(
    version: str, name: str, known: str, unknown: str, empty: str | None
) -> None:
    client = f"rattler={version}"
    assert said(client, ZEN5) == name
    assert said(client, ZEN5, {OVERRIDE: "haswell"}) == known
    assert said(client, ZEN5, {OVERRIDE: ""}) == empty
    honours = predict(client, ZEN5).era.override == "honoured"
    assert honours == (known == "haswell")


@pytest.mark.parametrize(("version", "name", "known", "unknown", "empty"), RATTLER)
def test_py_rattler_takes_or_refuses_an_unknown_name(
    version: str, name: str, known: str, unknown: str, empty: str | None
) -> None:
    prediction = predict(f"rattler={version}", ZEN5, {OVERRIDE: "zen6"})
    if unknown == NOT_KNOWN:
        assert (prediction.failure or "").startswith(NOT_KNOWN)
        assert accepted(prediction) == set()
    else:
        assert prediction.archspec == unknown
        assert prediction.failure is None


def test_py_rattler_0_26_says_what_was_meant() -> None:
    failure = predict("rattler=0.28.0", env={OVERRIDE: "x86_64-v3"}).failure
    assert failure == (
        "'x86_64-v3' is not a known archspec microarchitecture, did you mean 'x86_64_v3'?"
    )
    assert predict("rattler=0.28.0", env={OVERRIDE: "HASWELL"}).failure is not None
    assert said("rattler=0.28.0", env={OVERRIDE: "0"}) == "0"


ADDED = [
    ({"CONDA_OVERRIDE_OSX": "14"}, "__osx=14=0"),
    ({"CONDA_OVERRIDE_WIN": "10"}, "__win=10=0"),
    ({"CONDA_OVERRIDE_CUDA": "12.4"}, "__cuda=12.4=0"),
    ({"CONDA_OVERRIDE_GLIBC": "2.17"}, "__glibc=2.17=0"),
    ({"CONDA_OVERRIDE_LINUX": "5.4"}, "__linux=5.4=0"),
]


@pytest.mark.parametrize(("env", "package"), ADDED)
def test_py_rattler_adds_what_is_overridden(env: dict[str, str], package: str) -> None:
    assert package in {str(p) for p in predict("rattler=0.28.0", env=env).packages}


@pytest.mark.parametrize("name", ["GLIBC", "LINUX"])
def test_an_empty_override_drops_the_package_in_py_rattler(name: str) -> None:
    packages = predict("rattler=0.28.0", env={f"CONDA_OVERRIDE_{name}": ""}).packages
    assert f"__{name.lower()}" not in {package.name for package in packages}


def test_py_rattler_refuses_a_version_with_a_space() -> None:
    failure = predict("rattler=0.28.0", env={"CONDA_OVERRIDE_GLIBC": "x y"}).failure
    assert failure == "malformed version string 'x y'"


@pytest.mark.parametrize(
    ("sample_name", "name"),
    [("darwin-bigsur-m1", "m1"), ("darwin-monterey-m2", "m2"), ("darwin-sequoia-m4", "m1")],
)
@pytest.mark.parametrize("version", ["0.9.0", "0.28.0"])
def test_py_rattler_knows_apple_models_up_to_m2(version: str, sample_name: str, name: str) -> None:
    mac = System(os="osx", subdir="osx-arm64", distribution_version="14.5")
    assert predict(f"rattler={version}", sample(sample_name), system=mac).archspec == name


# pixi, whether `pixi info` detects, honours the override, refuses an unknown one, names zen5
PIXI = [
    ("0.18.0", "x86_64", False, False),
    ("0.19.0", "zen4", False, False),
    ("0.40.3", "zen4", False, False),
    ("0.41.0", "zen4", True, False),
    ("0.68.1", "zen4", True, False),
    ("0.69.0", "zen5", True, False),
    ("0.76.0", "zen5", True, False),
    ("0.77.0", "zen5", True, True),
]


@pytest.mark.parametrize(("version", "name", "honours", "validates"), PIXI)
def test_pixi_info_by_version(version: str, name: str, honours: bool, validates: bool) -> None:
    client = f"pixi={version}"
    assert said(client, ZEN5) == name
    assert said(client, ZEN5, {OVERRIDE: "haswell"}) == ("haswell" if honours else name)
    assert (predict(client, ZEN5).era.override == "honoured") == honours
    failure = predict(client, ZEN5, {OVERRIDE: "zen6"}).failure
    assert (failure or "").startswith(NOT_KNOWN) == validates


@pytest.mark.parametrize("version", ["0.19.0", "0.68.1", "0.70.0", "0.71.0", "0.77.0"])
def test_a_pixi_workspace_is_level_1_whatever_the_host_or_the_override(version: str) -> None:
    for env in ({}, {OVERRIDE: "x86_64_v3"}):
        prediction = predict(f"pixi={version}", ZEN5, env)
        assert accepted(prediction) == {"=1", ">=1"}
        assert prediction.solver == "rattler"


@pytest.mark.parametrize(
    ("version", "found"),
    [("0.70.0", {"=1", ">=1"}), ("0.71.0", {"=1", "=2", "=3", ">=1", ">=2", ">=3"})],
)
def test_a_pixi_platform_declares_its_archspec_since_0_71(version: str, found: set[str]) -> None:
    assert accepted(predict(f"pixi={version},archspec=x86_64_v3")) == found


# --- one CPU, many names (rattler_pixi.md section 1.2) ----------------------------------------

SAME = [
    "linux-rhel7-haswell", "linux-rhel7-broadwell", "linux-rhel7-skylake_avx512",
    "linux-centos7-cascadelake", "linux-unknown-sapphirerapids", "linux-rhel7-zen",
    "linux-ubuntu20.04-zen3", "linux-rocky8.5-zen4", "linux-rhel7-x86_64_v3",
    "linux-scientific7-k10", "linux-scientificfermi6-bulldozer", "linux-rhel6-piledriver",
    "linux-rhel7-ivybridge",
]  # fmt: skip

# sample, rattler 0.23, rattler 0.28, conda with archspec 0.2.4, 0.2.6, 0.2.7
NAMES = [
    ("linux-rocky9-zen5", "zen4", "zen5", "zen4", "zen5", "zen5"),
    ("linux-ubuntu24.04-alderlake", "skylake", "skylake", "skylake", "skylake", "alderlake"),
    ("linux-ubuntu26.04-arrowlake_s", "skylake", "skylake", "skylake", "skylake", "arrowlake_s"),
    *[(name, *[name.split("-")[-1]] * 5) for name in SAME],
]
CLIENTS = ("rattler=0.23.2", "rattler=0.28.0", "conda=26.7.1,archspec=0.2.4",
           "conda=26.7.1,archspec=0.2.6", "conda=26.7.1,archspec=0.2.7")  # fmt: skip


@pytest.mark.parametrize("row", NAMES, ids=lambda row: row[0])
def test_clients_name_the_same_cpu_by_their_own_archspec(row: tuple[str, ...]) -> None:
    seen = sample(row[0])
    assert tuple(said(client, seen) for client in CLIENTS) == row[1:]


@pytest.mark.parametrize(
    ("name", "level"), [("linux-ubuntu24.04-alderlake", 3), ("linux-ubuntu26.04-arrowlake_s", 3),
                        ("linux-rocky9-zen6", 4)],
)  # fmt: skip
def test_new_intel_and_amd_names_are_in_no_build_but_libmambas_level_is(
    name: str, level: int
) -> None:
    seen = sample(name)
    assert accepted(predict("conda=26.7.1,archspec=0.2.7", seen)) == set()
    assert f"={level}" in accepted(predict("micromamba=2.8.1", seen))
    own = f"x86_64_v{level}"
    assert f">={level}" in accepted(predict("conda=26.7.1", seen, {OVERRIDE: own}))


# --- what is accepted: builds by number -------------------------------------------------------


def by_override(name: str, builds: int, client: str = "conda=26.7.1") -> set[str]:
    return accepted(predict(client, env={OVERRIDE: name}, builds=builds))


def at_level(level: int) -> set[str]:
    """What a solver that matches exact builds accepts of one level."""
    return {f"={level}", *(f">={n}" for n in range(1, level + 1))}


def up_to(level: int) -> set[str]:
    return {f"{sign}{n}" for n in range(1, level + 1) for sign in ("=", ">=")}


BUILDS = [
    ("sapphirerapids", 4, {0}), ("zen5", 4, {0, 1}), ("alderlake", 3, {0, 1, 2, 3, 4}),
    ("arrowlake", 3, {0, 1, 2, 3, 4}), ("arrowlake_s", 3, {0, 1, 2, 3, 4}),
    ("zen6", 4, {0, 1, 2, 3, 4}), ("graniterapids", 4, {0, 1, 2, 3, 4}), ("zen4", 4, set()),
    ("cannonlake", 3, set()), ("mic_knl", 3, set()), ("haswell", 3, set()), ("nehalem", 2, set()),
    ("core2", 1, set()), ("x86_64", 1, set()), ("x86_64_v4", 4, set()), ("0", 1, {0, 1, 2, 3, 4}),
    ("m1", 1, {0, 1, 2, 3, 4}), ("power9le", 1, {0, 1, 2, 3, 4}), ("AMD64", 1, {0, 1, 2, 3, 4}),
    ("x86_64-v3", 3, {0, 1, 2, 3, 4}), ("HASWELL", 3, {0, 1, 2, 3, 4}),
]  # fmt: skip


@pytest.mark.parametrize("builds", range(5))
@pytest.mark.parametrize(("name", "level", "lacking"), BUILDS)
def test_builds_accept_the_names_that_they_were_made_for(
    name: str, level: int, lacking: set[int], builds: int
) -> None:
    assert by_override(name, builds) == (set() if builds in lacking else at_level(level))


@pytest.mark.parametrize("builds", range(5))
@pytest.mark.parametrize("family", ["x86_64", "ppc64le"])
def test_the_names_of_each_generation_are_those_last_published(builds: int, family: str) -> None:
    table = json.loads((DATA / "archspec_tables.json").read_text())
    rows = [r for r in table["feedstock_generations"] if r["build_number"] == builds]
    published = {int(level): set(names) for level, names in rows[-1][family].items()}
    ours = levels.GENERATIONS[builds].names(family)
    assert {level: set(names) for level, names in ours.items()} == published


@pytest.mark.parametrize("builds", range(5))
@pytest.mark.parametrize("client", ["conda=26.7.1,solver=rattler", "rattler=0.28.0"])
def test_regex_solvers_take_lower_levels_from_level_builds(client: str, builds: int) -> None:
    found = by_override("haswell", builds, client)
    assert found == (up_to(3) if builds == 4 else at_level(3))


@pytest.mark.parametrize("client", ["pixi=0.77.0,archspec=haswell", "rattler=0.28.0"])
def test_pixi_and_rattler_match_regular_expressions(client: str) -> None:
    prediction = predict(client, HASWELL)
    assert prediction.matches_regex_builds
    assert accepted(prediction) == up_to(3)


@pytest.mark.parametrize(
    ("client", "value", "regex"),
    [
        ("micromamba=2.8.1", "true", True), ("micromamba=2.2.0", "true", True),
        ("mamba=2.2.0", "true", True), ("micromamba=2.1.1", "true", False),
        ("micromamba=2.0.5", "true", False), ("micromamba=1.5.12", "true", False),
        ("mamba=1.5.12", "true", False), ("micromamba=2.8.1", "false", False),
        ("micromamba=2.8.1", "", False),
    ],
)  # fmt: skip
def test_libmamba_matches_regular_expressions_by_a_switch_since_2_2(
    client: str, value: str, regex: bool
) -> None:
    prediction = predict(client, env={REGEX: value})
    assert prediction.matches_regex_builds == regex
    assert accepted(prediction) == (up_to(4) if regex else at_level(4))


@pytest.mark.parametrize("client", ["conda=26.7.1", "conda=26.7.1,solver=classic", "mamba=2.8.1"])
def test_other_solvers_do_not(client: str) -> None:
    prediction = predict(client)
    assert not prediction.matches_regex_builds
    assert accepted(prediction) == at_level(4)


POWER = System(os="linux", subdir="linux-ppc64le", kernel="5.14", libc="glibc", libc_version="2.34")


@pytest.mark.parametrize(
    ("sample_name", "level"),
    [("linux-centos7-power8le", 8), ("linux-rhel8-power9", 9), ("linux-unknown-power10", 10)],
)
def test_power_has_levels_8_to_10(sample_name: str, level: int) -> None:
    prediction = predict("conda=26.7.1", sample(sample_name, "ppc64le"), system=POWER)
    assert set(prediction.accepts) == {f"{sign}{n}" for n in (8, 9, 10) for sign in ("=", ">=")}
    at_least = {f">={n}" for n in (8, 9, 10) if n <= level}
    assert accepted(prediction) == {f"={level}", *at_least}


def test_libmamba_calls_every_power_cpu_level_8() -> None:
    prediction = predict("micromamba=2.8.1", sample("linux-rhel8-power9", "ppc64le"), system=POWER)
    assert prediction.archspec == "ppc64le"
    assert accepted(prediction) == {"=8", ">=8"}


def test_x86_has_levels_1_to_4() -> None:
    assert set(predict("conda=26.7.1").accepts) == up_to(4)


# --- every recorded real solve ----------------------------------------------------------------

_MAMBA_BUILDS = {
    "c2024": 2, "c2024-rattlerindex": 2, "c2025": 3, "c2025-rattlerindex": 3,
    "c2026-rattlerindex": 4,
}  # fmt: skip
_SWITCHED_BUILDS = {**_MAMBA_BUILDS, "c2026": 4}
"""With the experimental switch libmamba reads the bracket form of the recipe's own text too."""


def lines(name: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / "transcripts" / f"{name}.jsonl").read_text().splitlines():
        record: dict[str, Any] = json.loads(line)
        if re.fullmatch(r"_x86_64-microarch-level(>?=\d)?", record["argv"][-1]):
            yield record


def solves() -> Iterator[tuple[dict[str, Any], str, int]]:
    """Recorded solves of a level package: the record, the client with its solver, the builds."""
    for record in lines("mamba"):
        channel = record["argv"][record["argv"].index("-c") + 1].rpartition("/")[2]
        builds = _SWITCHED_BUILDS if REGEX in record["env"] else _MAMBA_BUILDS
        if channel in builds and "create" in record["argv"] and "--json" in record["argv"]:
            yield record, f"{record['client']}={record['version']}", builds[channel]
    for record in lines("conda"):
        matched = re.match(
            r"solve-(?:head/)?(classic|rattler|lm)/(feedstock|legacy)/", record["case"]
        )
        if matched:
            solver = matched[1].replace("lm", "libmamba")
            builds_number = 4 if matched[2] == "feedstock" else 3
            yield record, f"conda={record['version']},solver={solver}", builds_number


SOLVES = [
    pytest.param(*row, id=f"{row[1]}-{row[0]['case']}-{row[0]['argv'][-1]}") for row in solves()
]


def installed(record: dict[str, Any]) -> bool:
    """Whether the solve succeeded; a rattler run may die after its complete answer."""
    if record["exit_code"] >= 0:
        return bool(record["exit_code"] == 0)
    document = json.loads(record["stdout"])
    return bool(document["success"])


@pytest.mark.parametrize(("record", "client", "builds"), SOLVES)
def test_accepts_equals_what_a_real_solve_did(
    record: dict[str, Any], client: str, builds: int
) -> None:
    requirement = record["argv"][-1].removeprefix("_x86_64-microarch-level") or ">=1"
    prediction = predict(client, env=record["env"], builds=builds)
    assert prediction.accepts[requirement] == installed(record)


def test_the_solves_cover_what_they_should() -> None:
    seen = {(client, builds) for _, client, builds in solves()}
    assert {c.partition(",")[0] for c, _ in seen} == {
        "micromamba=1.5.8", "micromamba=2.8.1", "conda=26.7.1",
    }  # fmt: skip
    assert {builds for _, builds in seen} == {2, 3, 4}
    assert len(SOLVES) > 100
    assert {installed(row[0]) for row in solves()} == {True, False}
