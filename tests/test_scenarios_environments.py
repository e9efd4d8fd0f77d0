"""Scenarios of environments, CUDA, the C library and CI caches, each on staged machines."""

import json
import re
from collections.abc import Callable
from functools import cache

import pytest
from msgspec.structs import replace

from doctor import microarch, reach
from doctor.examine import examine
from doctor.explain import place, predicted
from doctor.host.live import LiveHost
from doctor.model import (
    Client,
    Facts,
    Finding,
    Installed,
    Record,
    Remedy,
    Report,
    Run,
    Severity,
)
from doctor.remedies import cuda_for_one_command
from tests.scenes import (
    HOME,
    LEVEL,
    Scene,
    bare,
    healthy,
    hyphen,
    record,
    recorded,
)
from tests.test_catalogue import stray
from tests.test_checks import (
    ALDERLAKE,
    ASSIGNED,
    FORBIDDEN,
    HASWELL,
    OVERRIDE,
    ROOT,
    WELL,
    commands,
    info,
    packages,
    with_conda,
    with_micromamba,
)

ERROR, WARNING, UNKNOWN, NOTE = Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.NOTE
ENVS = f"{ROOT}/envs"
MICROMAMBA = "/opt/bin/micromamba"

FALLBACK = "silent-old-version-fallback"
CUDA, CUDAS, WSL = "cuda-missing-on-login-node", "cuda-client-disagreement", "wsl-cuda"
GLIBC, MUSL = "glibc-too-old", "musl-host"
NODE, IMAGE = "sigill-env-built-on-newer-node", "image-or-pack-moved-to-older-cpu"
CI, WHY = "ci-runner-heterogeneity", "why-level1-on-avx2"
GRAPH_TOOL, SUBDIR = "graph-tool-level4-exact", "env-subdir-config-ignored-by-micromamba"

SCENARIOS = (FALLBACK, CUDA, CUDAS, GLIBC, MUSL, WSL, IMAGE, CI, WHY, GRAPH_TOOL, SUBDIR)
"""The checks that are staged here; tests/test_checks.py counts them."""


# --- staging ---------------------------------------------------------------------------------


class Elsewhere(Scene):
    """A scene on another Linux: its kernel and its C library are given."""

    release = "6.18.44-generic"
    libc: tuple[str, str] | None = ("glibc", "2.36")

    def facts(self) -> Facts:
        return replace(super().facts(), release=self.release, libc=self.libc)


def elsewhere(
    libc: tuple[str, str] | None = ("glibc", "2.36"),
    release: str = "6.18.44-generic",
    env: dict[str, str] | None = None,
) -> Elsewhere:
    scene = Elsewhere(HASWELL, env)
    scene.libc, scene.release = libc, release
    return scene


def with_env(scene: Scene, *records: Record, by: tuple[str, ...] = (), name: str = "e") -> Scene:
    """The scene with an environment of these records, changed by those programs."""
    scene.environment(Installed(f"{ENVS}/{name}", len(records) + 100, records, (), by))
    return scene


def level(number: int, name: str) -> Record:
    return record(LEVEL, str(number), f"3_{name}")


OLD = record("graph-tool-base", "2.45", "py311h2_1", "python", "boost")
GT3 = replace(record("graph-tool-base", "2.98", "py312h_300", f"{LEVEL} >=3"), build_number=300)
GT4 = replace(record("graph-tool-base", "2.98", "py312h_400", f"{LEVEL} 4"), build_number=400)
FAISS4 = record("libfaiss", "1.14.1", "h4_cpu", f"{LEVEL} >=4")
AWKWARD = record("awkward-cpp", "52", "py312h_0", f"{LEVEL} >=1")
TORCH = record("pytorch", "2.9.1", "cuda129_py312h_300", "__cuda", "cuda-version >=12.9,<13")


def fallback_hyphen() -> Scene:
    return with_env(hyphen(), OLD, by=("micromamba",))


def fallback_misspelt() -> Scene:
    scene = with_micromamba(bare(env={OVERRIDE: "x86-64-v3"}), "2.8.1", "x86-64-v3")
    return with_env(scene, OLD, by=("micromamba",))


def fallback_new_cpu() -> Scene:
    scene = with_conda(bare(ALDERLAKE, level=3), "26.7.1", "alderlake")
    return with_env(scene, OLD, by=("conda",))


def login_node() -> Scene:
    scene = with_conda(bare(HASWELL, level=3), "26.7.1", "haswell")
    return with_env(scene, TORCH, by=("conda",))


def pixi_login_node() -> Scene:
    return with_env(bare(HASWELL, level=3), TORCH, by=("pixi",))


def cuda(scene: Scene, conda: str | None, mamba: str | None) -> Scene:
    """conda and micromamba that report these versions; there are signs of a driver."""
    scene.files["/proc/driver/nvidia/version"] = "NVRM version: NVIDIA UNIX x86_64 535.104"
    scene = with_conda(scene, "26.7.1", "haswell")
    said = scene.programs[f"{ROOT}/bin/python"]
    if conda is not None:
        row = f'["__cuda", "{conda}", "0"], ["__archspec"'
        out = said.stdout.replace('["__archspec"', row)
        scene.programs[f"{ROOT}/bin/python"] = replace(said, stdout=out)
    more = [f"__cuda={mamba}=0"] if mamba is not None else []
    return scene.program(MICROMAMBA, info("2.8.1", packages("x86_64_v3", *more)))


def toolkit() -> Scene:
    scene = cuda(bare(HASWELL, level=3), "12.2", "12.8")
    scene.files["/usr/local/cuda/version.json"] = json.dumps(
        {"cuda": {"name": "CUDA SDK", "version": "12.8.1"}, "nvcc": {"version": "12.8.93"}}
    )
    return scene


def centos7() -> Scene:
    return with_conda(elsewhere(("glibc", "2.17"), "3.10.0-1160.el7.x86_64"), "24.9.2", "haswell")


def sles11() -> Scene:
    return elsewhere(("glibc", "2.11.3"), "3.0.101-108.21")


def alpine() -> Scene:
    scene = elsewhere(None)
    scene.files["/lib/ld-musl-x86_64.so.1"] = ""
    rows = [row for row in packages("x86_64_v3") if "glibc" not in row]
    return scene.program(MICROMAMBA, info("2.8.1", rows))


def alpine_alone() -> Scene:
    scene = elsewhere(None)
    scene.files["/lib/ld-musl-x86_64.so.1"] = ""
    return scene


def wsl(scene: Scene | None = None, sign: bool = True) -> Scene:
    scene = scene or elsewhere(release="5.15.167.4-microsoft-standard-WSL2")
    if sign:
        scene.files["/usr/lib/wsl/lib/libcuda.so.1"] = ""
    return scene.program(MICROMAMBA, info("2.8.1", packages("x86_64_v3")))


def wsl_old_conda() -> Scene:
    scene = elsewhere(release="5.15.167.4-microsoft-standard-WSL2")
    scene.files["/usr/lib/wsl/lib/libcuda.so.1"] = ""
    return with_conda(scene, "4.13.0", "haswell")


def image() -> Scene:
    scene = with_micromamba(bare(HASWELL, level=3), "2.8.1", "x86_64_v3")
    scene.files["/.dockerenv"] = ""
    return with_env(scene, level(4, "x86_64_v4"), FAISS4, by=("micromamba",))


def image_of_old_client() -> Scene:
    scene = with_micromamba(bare(HASWELL, level=3), "1.5.12", "x86_64_v3")
    scene.files["/.dockerenv"] = ""
    return with_env(scene, level(4, "x86_64_v4"), FAISS4, by=("micromamba",))


def node() -> Scene:
    scene = with_micromamba(bare(HASWELL, level=3), "2.8.1", "x86_64_v3")
    return with_env(scene, level(4, "x86_64_v4"), FAISS4, by=("micromamba",))


def slow(*records: Record, by: tuple[str, ...] = ("conda",)) -> Scene:
    """An environment of level 1 where conda reports what the CPU is."""
    scene = with_conda(bare(HASWELL, level=3), "26.7.1", "haswell")
    return with_env(scene, level(1, "x86_64"), *records, by=by)


def slow_override() -> Scene:
    scene = with_conda(bare(HASWELL, {OVERRIDE: "x86_64"}, level=3), "26.7.1", "x86_64")
    return with_env(scene, level(1, "x86_64"), by=("conda",))


def slow_client() -> Scene:
    scene = with_micromamba(bare(HASWELL, level=3), "1.5.1", "x86_64")
    return with_env(scene, level(1, "x86_64"), by=("micromamba",))


def graph_tool() -> Scene:
    scene = with_conda(bare(), "26.7.1", "x86_64_v4")
    return with_env(scene, level(4, "x86_64_v4"), GT4, by=("conda",))


def foreign(scene: Scene | None = None, subdir: str = "linux-aarch64") -> Scene:
    """An environment that conda made with CONDA_SUBDIR."""
    scene = with_env(scene or healthy(), by=("conda",))
    scene.files[f"{ENVS}/e/.condarc"] = f"channels:\n  - conda-forge\nsubdir: {subdir}\n"
    return scene


STEP = """on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: mamba-org/setup-micromamba@v2
        with:
          environment-file: environment.yml
          cache-environment: true
      - run: pytest
"""
CACHED = """on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - name: keep it
        uses: actions/cache@v4
        with:
          path: |
            ~/.cache/pip
            ${{ env.CONDA }}/envs
          key: conda-${{ runner.os }}-${{ hashFiles('environment.yml') }}
      - uses: conda-incubator/setup-miniconda@v3
      - run: conda env update -f environment.yml
"""


def workflow(text: str, more: dict[str, str] | None = None) -> Scene:
    scene = with_micromamba(bare(HASWELL, level=3), "2.8.1", "x86_64_v3")
    scene.files[f"{HOME}/.github/workflows/test.yml"] = text
    for name, content in (more or {}).items():
        scene.files[f"{HOME}/{name}"] = content
    return scene


PROJECT = {"environment.yml": f"dependencies:\n  - python\n  - {LEVEL}>=3\n"}
PLACE = ".github/workflows/test.yml"

SICK: dict[str, Callable[[], Scene]] = {
    "fallback-hyphen": fallback_hyphen, "fallback-misspelt": fallback_misspelt,
    "fallback-new-cpu": fallback_new_cpu, "login-node": login_node,
    "pixi-login-node": pixi_login_node, "toolkit": toolkit, "centos7": centos7, "sles11": sles11,
    "alpine": alpine, "alpine-alone": alpine_alone, "wsl": wsl, "wsl-old-conda": wsl_old_conda,
    "image": image, "image-of-old-client": image_of_old_client, "node": node,
    "slow": slow, "slow-pixi": lambda: slow(by=("pixi",)), "slow-awkward": lambda: slow(AWKWARD),
    "slow-override": slow_override, "slow-client": slow_client, "graph-tool": graph_tool,
    "foreign": foreign, "ci": lambda: workflow(STEP), "ci-asks": lambda: workflow(STEP, PROJECT),
    "ci-cached": lambda: workflow(CACHED),
}  # fmt: skip


@cache
def report(name: str) -> Report:
    return examine(recorded(SICK[name]()))


def finding(name: str, identifier: str) -> Finding:
    found = {f.id: f for f in report(name).findings}
    assert identifier in found, sorted(found)
    return found[identifier]


# --- what each check finds -------------------------------------------------------------------

SOLVE = f"{ROOT}/bin/conda create "
BY_HAND = "RUN CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 micromamba create "
# scene, finding, severity, how each command of its remedies begins
EXPECTED: list[tuple[str, str, Severity, list[str]]] = [
    ("fallback-hyphen", f"{FALLBACK}:{ENVS}/e", WARNING,
     [f"{SOLVE}-n test {LEVEL}", f"{SOLVE}-n test 'graph-tool-base>2.45'",
      f"{HOME}/.local/bin/micromamba self-update -c conda-forge"]),
    ("fallback-misspelt", f"{FALLBACK}:{ENVS}/e", WARNING,
     [f"{MICROMAMBA} create -n test 'graph-tool-base>2.45'", f"unset {OVERRIDE}"]),
    ("fallback-new-cpu", f"{FALLBACK}:{ENVS}/e", WARNING,
     [f"{SOLVE}-n test 'graph-tool-base>2.45'", f"{OVERRIDE}=x86_64_v3 {SOLVE}"]),
    ("login-node", f"{CUDA}:{ENVS}/e", NOTE, ["CONDA_OVERRIDE_CUDA=VERSION "]),
    ("pixi-login-node", f"{CUDA}:{ENVS}/e", NOTE, []),
    ("toolkit", f"{CUDAS}:cuda", WARNING, [f"CONDA_OVERRIDE_CUDA=12.2 {SOLVE}"]),
    ("centos7", f"{GLIBC}:glibc", WARNING, []),
    ("sles11", f"{GLIBC}:glibc", ERROR, []),
    ("alpine", f"{MUSL}:libc", ERROR, []),
    ("alpine-alone", f"{MUSL}:libc", NOTE, []),
    ("wsl", f"{WSL}:cuda", WARNING,
     [f'PATH="$PATH:/usr/lib/wsl/lib" {MICROMAMBA} create ', "CONDA_OVERRIDE_CUDA=VERSION "]),
    ("wsl-old-conda", f"{WSL}:cuda", WARNING,
     ["CONDA_OVERRIDE_CUDA=VERSION ", f"{ROOT}/bin/conda update -n base conda"]),
    ("image", f"{IMAGE}:{ENVS}/e", ERROR,
     [f"{BY_HAND}-p {ENVS}/e libfaiss", f"{OVERRIDE}=x86_64_v3 {MICROMAMBA} create "]),
    ("image-of-old-client", f"{IMAGE}:{ENVS}/e", ERROR, []),
    ("node", f"{NODE}:{ENVS}/e", ERROR, [f"{OVERRIDE}=x86_64_v3 {MICROMAMBA} create "]),
    ("slow", f"{WHY}:{ENVS}/e", NOTE, [f"{OVERRIDE}=x86_64_v3 {SOLVE}"]),
    ("slow-pixi", f"{WHY}:{ENVS}/e", NOTE, []),
    ("slow-awkward", f"{WHY}:{ENVS}/e", NOTE, [f"{OVERRIDE}=x86_64_v3 {SOLVE}"]),
    ("slow-override", f"{WHY}:{ENVS}/e", NOTE,
     [f"unset {OVERRIDE}", f"{OVERRIDE}=x86_64_v3 {SOLVE}"]),
    ("slow-client", f"{WHY}:{ENVS}/e", NOTE, []),
    ("graph-tool", f"{GRAPH_TOOL}:{ENVS}/e", NOTE,
     [f"{OVERRIDE}=x86_64_v3 {SOLVE}-p {ENVS}/e-x86_64_v3 graph-tool"]),
    ("foreign", f"{SUBDIR}:{ENVS}/e", WARNING,
     [f"{ROOT}/bin/mamba install -p {ENVS}/e --platform linux-aarch64 "]),
    ("ci", f"{CI}:{PLACE}:10", NOTE, ["echo "]),
    ("ci-asks", f"{CI}:{PLACE}:10", WARNING, ["echo "]),
    ("ci-cached", f"{CI}:{PLACE}:11", NOTE, ["echo "]),
]  # fmt: skip

BESIDE = {
    "fallback-hyphen": {"mamba-hyphen-archspec"}, "fallback-misspelt": {"override-misspelt"},
    "fallback-new-cpu": {"cpu-unknown-to-feedstock"},
}  # fmt: skip
"""What else is wrong on a staged machine, where the scenario has a cause of its own."""

STAGED = [pytest.param(*row, id=f"{row[0]}-{row[1].partition(':')[0]}") for row in EXPECTED]


@pytest.mark.parametrize(("name", "identifier", "severity", "begin"), STAGED)
def test_a_check_finds_what_was_staged(
    name: str, identifier: str, severity: Severity, begin: list[str]
) -> None:
    found = finding(name, identifier)
    assert found.severity is severity
    said = commands(found)
    assert len(said) == len(begin), said
    assert [c for c, b in zip(said, begin, strict=True) if not c.startswith(b)] == []


@pytest.mark.parametrize(("name", "identifier", "severity", "begin"), STAGED)
def test_nothing_else_is_an_error(
    name: str, identifier: str, severity: Severity, begin: list[str]
) -> None:
    check = identifier.partition(":")[0]
    errors = {f.check for f in report(name).findings if f.severity is ERROR}
    assert errors - BESIDE.get(name, set()) == ({check} if severity is ERROR else set())
    assert [f.id for f in report(name).findings if f.check == check] == [identifier]
    assert {f.check for f in report(name).findings} & set(SCENARIOS) <= {check}


def test_every_scenario_was_staged() -> None:
    assert {row[1].partition(":")[0] for row in EXPECTED} == {*SCENARIOS, NODE}


# --- near misses -----------------------------------------------------------------------------


def fixed_client() -> Scene:
    return with_env(with_micromamba(bare(), "2.8.1", "x86_64_v4"), OLD, by=("micromamba",))


def current_build() -> Scene:
    return with_env(hyphen(), replace(GT3, build_number=100), by=("micromamba",))


def by_the_able_client() -> Scene:
    return with_env(hyphen(), OLD, by=("conda",))


def silent_client() -> Scene:
    """A micromamba that says nothing, not even its version."""
    return with_env(bare().program(MICROMAMBA, None), OLD, by=("micromamba",))


def arm_build() -> Scene:
    return with_env(hyphen(), replace(OLD, subdir="linux-aarch64"), by=("micromamba",))


def gpu_node() -> Scene:
    return with_env(cuda(bare(HASWELL, level=3), "12.2", "12.2"), TORCH)


def told_cuda() -> Scene:
    scene = with_conda(bare(HASWELL, {"CONDA_OVERRIDE_CUDA": "12.4"}, level=3), "26.7.1", "haswell")
    return with_env(scene, TORCH)


def one_cuda() -> Scene:
    return cuda(bare(HASWELL, level=3), "12.2", None)


def same_cuda() -> Scene:
    return cuda(bare(HASWELL, level=3), "12.2", "12.2.1")


def conda_without_cuda() -> Scene:
    """conda 25.11.0 says version 0 where there is no CUDA (conda/conda#15500)."""
    return cuda(bare(HASWELL, level=3), "0", "12.2")


def cuda_is_set() -> Scene:
    return cuda(bare(HASWELL, {"CONDA_OVERRIDE_CUDA": "12.4"}, level=3), "12.4", "12.8")


def rhel8() -> Scene:
    return with_conda(elsewhere(("glibc", "2.28"), "4.18.0-553.el8"), "24.9.2", "haswell")


def libc_unknown() -> Scene:
    return elsewhere(None)


def wsl_with_cuda() -> Scene:
    scene = wsl()
    return scene.program(MICROMAMBA, info("2.8.1", packages("x86_64_v3", "__cuda=12.4=0")))


def wsl_without_gpu() -> Scene:
    return wsl(sign=False)


def wsl_without_answer() -> Scene:
    scene = wsl()
    del scene.programs[MICROMAMBA]
    return scene


def no_wsl() -> Scene:
    return wsl(elsewhere())


def image_that_runs() -> Scene:
    scene = with_micromamba(bare(HASWELL, level=3), "2.8.1", "x86_64_v3")
    scene.files["/.dockerenv"] = ""
    return with_env(scene, level(3, "x86_64_v3"), GT3, by=("micromamba",))


def level_two_of_three() -> Scene:
    return with_env(with_conda(bare(HASWELL, level=3), "26.7.1", "haswell"), level(2, "nehalem"))


def level_one_of_two() -> Scene:
    return with_env(with_conda(bare(MASKED, level=2), "26.7.1", "x86_64_v2"), level(1, "x86_64"))


def level_unknown() -> Scene:
    return with_env(Scene(None), level(1, "x86_64"))


def graph_tool_level3() -> Scene:
    return with_env(with_conda(bare(), "26.7.1", "x86_64_v4"), level(4, "x86_64_v4"), GT3)


def own_subdir() -> Scene:
    return foreign(subdir="linux-64")


def foreign_conda() -> Scene:
    return foreign(with_conda(bare(), "26.7.1", "x86_64_v4"))


def foreign_on_purpose() -> Scene:
    scene = bare(env={"CONDA_SUBDIR": "linux-aarch64"})
    return foreign(with_micromamba(scene, "2.8.1", "aarch64"))


MASKED = re.sub(r"\b(avx2|movbe|avx512\w+)\b ?", "", bare().files["/proc/cpuinfo"])

SILENT: list[tuple[str, Callable[[], Scene]]] = [
    (FALLBACK, fixed_client), (FALLBACK, current_build), (FALLBACK, by_the_able_client),
    (FALLBACK, silent_client), (FALLBACK, arm_build), (CUDA, gpu_node), (CUDA, told_cuda),
    (CUDAS, one_cuda), (CUDAS, same_cuda), (CUDAS, conda_without_cuda), (CUDAS, cuda_is_set),
    (GLIBC, rhel8), (GLIBC, libc_unknown), (GLIBC, alpine), (MUSL, centos7), (MUSL, libc_unknown),
    (WSL, wsl_with_cuda), (WSL, wsl_without_gpu), (WSL, wsl_without_answer), (WSL, no_wsl),
    (IMAGE, node), (NODE, image), (IMAGE, image_that_runs), (NODE, image_that_runs),
    (WHY, level_two_of_three), (WHY, level_one_of_two), (WHY, level_unknown),
    (GRAPH_TOOL, graph_tool_level3), (SUBDIR, own_subdir), (SUBDIR, foreign_conda),
    (SUBDIR, foreign_on_purpose),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "scene"), SILENT, ids=[f"{check}-{scene.__name__}" for check, scene in SILENT]
)
def test_a_near_miss_is_none(check: str, scene: Callable[[], Scene]) -> None:
    found = examine(recorded(scene()))
    assert [f.id for f in found.findings if f.check == check] == []
    assert [f.title for f in found.findings if " broke: " in f.title] == []


@pytest.mark.parametrize("name", WELL)
def test_no_scenario_is_seen_on_a_healthy_machine(name: str) -> None:
    found = examine(recorded(WELL[name]()))
    assert {f.check for f in found.findings} & set(SCENARIOS) == set()


KEY = "key: conda-${{ runner.os }}-${{ hashFiles('environment.yml') }}"
QUIET = {
    "key names the level": STEP.replace(
        "cache-environment: true",
        "cache-environment: true\n          cache-environment-key: ${{ steps.cpu.outputs.level }}",
    ),
    "nothing is cached": STEP.replace("cache-environment: true", "cache-environment: false"),
    "only downloads": STEP.replace("cache-environment: true", "cache-downloads: true"),
    "from a lock file": STEP.replace("environment.yml", "conda-linux-64.lock"),
    "commented out": STEP.replace("cache-environment: true", "# cache-environment: true"),
    "the level is fixed": STEP.replace(
        "    steps:", "    env: { CONDA_OVERRIDE_ARCHSPEC: x86_64 }\n    steps:"
    ),
    "the level is asked": STEP.replace("pytest", "envdoctor level >> notes"),
    "runs on Arm only": STEP.replace("ubuntu-latest", "ubuntu-24.04-arm"),
    "the cache's key names the CPU": CACHED.replace("key: conda", "key: conda-${{ env.CPU }}"),
    "the cache is keyed by a lock": CACHED.replace("environment.yml')", "conda-lock.yml')"),
    "another folder": CACHED.replace("${{ env.CONDA }}/envs", "~/.cache/pre-commit"),
    "no conda at all": CACHED.replace("conda-incubator/setup-miniconda@v3", "actions/node@v4")
    .replace("conda env update -f environment.yml", "npm ci"),
}  # fmt: skip


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_a_ci_file_that_is_well_has_no_such_line(text: str) -> None:
    assert text not in (STEP, CACHED)
    project = examine(recorded(workflow(text))).project
    assert project is not None and [file.form for file in project.files] == ["CI file"]
    assert [line.text for line in project.lines if line.rule == CI] == []


LOUD = {
    "a key switches it on": (STEP.replace("cache-environment: true", "cache-environment-key: e"),
                             "          cache-environment-key: e"),
    "in one line": (STEP.replace("        with:\n          environment-file: environment.yml\n"
                                 "          cache-environment: true",
                                 "        with: { cache-environment: true }"),
                    "        with: { cache-environment: true }"),
    "one folder": (CACHED.replace("|\n            ~/.cache/pip\n            ${{ env.CONDA }}/envs",
                                  "/opt/conda/envs/test"), "          path: /opt/conda/envs/test"),
    "a restore key without it": (
        CACHED.replace(KEY, "key: conda-${{ env.CPU }}\n          restore-keys: conda-"),
        "            ${{ env.CONDA }}/envs"),
    "packages": (CACHED.replace("${{ env.CONDA }}/envs", "~/conda_pkgs_dir"),
                 "            ~/conda_pkgs_dir"),
    "pixi": (CACHED.replace("${{ env.CONDA }}/envs", ".pixi"), "            .pixi"),
    "Azure": ("trigger: [main]\nsteps:\n- task: Cache@2\n  inputs:\n    key: 'conda | env'\n"
              "    path: $(CONDA)/envs\n- script: conda env create\n",
              "    path: $(CONDA)/envs"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), LOUD.values(), ids=LOUD)
def test_a_cache_is_found_in_every_form(text: str, line: str) -> None:
    scene = workflow(text)
    if "trigger" in text:
        scene.files[f"{HOME}/azure-pipelines.yml"] = scene.files.pop(f"{HOME}/{PLACE}")
    found = examine(recorded(scene))
    assert found.project is not None
    assert [row.text for row in found.project.lines if row.rule == CI] == [line]
    (said,) = [f for f in found.findings if f.check == CI]
    assert said.severity is NOTE
    assert ("crash" in said.consequence) == ("pkgs" in line)


# --- what single findings say ----------------------------------------------------------------


def test_the_toolkit_is_named_as_the_reason() -> None:
    said = [e.text for e in finding("toolkit", f"{CUDAS}:cuda").evidence]
    assert "micromamba 2.8.1 says __cuda 12.8, the toolkit's version and not the driver's" in said
    assert "conda 26.7.1 says __cuda 12.2" in said


@pytest.mark.parametrize(
    ("name", "causes"),
    [("slow", []), ("slow-pixi", ["pixi made it"]),
     ("slow-awkward", ["awkward-cpp prefers its level-1 build"]),
     ("slow-override", [f"{OVERRIDE} names x86_64"]),
     ("slow-client", ["micromamba 1.5.1, which changed it, reports __archspec=1=x86_64"])],
)  # fmt: skip
def test_the_causes_of_a_low_level_are_told_apart(name: str, causes: list[str]) -> None:
    found = finding(name, f"{WHY}:{ENVS}/e")
    said = [evidence.text for evidence in found.evidence[1:]]
    assert [text.startswith(cause) for text, cause in zip(said, causes, strict=True)] == [
        True for _ in causes
    ]
    assert (causes or ["why is not known"])[0] in found.consequence


def test_an_old_c_library_is_not_told_to_pretend() -> None:
    for name in ("centos7", "sles11", "alpine"):
        for remedy in finding(name, next(f.id for f in report(name).findings
                                         if f.check in (GLIBC, MUSL))).remedies:  # fmt: skip
            assert "CONDA_OVERRIDE_GLIBC=" not in f"{remedy.text} {remedy.command}"


def test_an_override_of_the_c_library_is_to_be_taken_away() -> None:
    scene = elsewhere(("glibc", "2.17"), env={"CONDA_OVERRIDE_GLIBC": "2.28"})
    (found,) = [f for f in examine(recorded(scene)).findings if f.check == GLIBC]
    assert found.remedies[0].command == "unset CONDA_OVERRIDE_GLIBC"
    lower = elsewhere(("glibc", "2.17"), env={"CONDA_OVERRIDE_GLIBC": "2.12"})
    (found,) = [f for f in examine(recorded(lower)).findings if f.check == GLIBC]
    assert commands(found) == []


def test_a_container_changes_cause_and_remedies_and_no_facts() -> None:
    inside, outside = finding("image", f"{IMAGE}:{ENVS}/e"), finding("node", f"{NODE}:{ENVS}/e")
    assert (inside.title, inside.consequence) == (outside.title, outside.consequence)
    assert inside.evidence == outside.evidence
    assert inside.remedies != outside.remedies
    assert {f.check for f in report("image").findings} & {IMAGE, NODE} == {IMAGE}
    assert {f.check for f in report("node").findings} & {IMAGE, NODE} == {NODE}


# --- advice ----------------------------------------------------------------------------------


def advised(name: str) -> list[tuple[Remedy, str]]:
    rows = [r for f in report(name).findings if f.check in (*SCENARIOS, NODE) for r in f.remedies]
    return [(remedy, f"{remedy.text}\n{remedy.command or ''}") for remedy in rows]


@pytest.mark.parametrize("name", SICK)
def test_no_advice_overrides_upwards_or_does_lasting_harm(name: str) -> None:
    machine, database = report(name).machine, microarch.installed()
    own = reach.own_level(machine) or ""
    allowed = {own, *database.ancestors[own]}
    for _, text in advised(name):
        assert {database.level(value) for value in ASSIGNED.findall(text)} <= allowed
        harm = [p for p in FORBIDDEN if re.search(p, text.replace("micromamba self-update", ""))]
        assert harm == []


@pytest.mark.parametrize("name", SICK)
def test_the_override_is_offered_to_clients_that_read_it_only(name: str) -> None:
    for remedy, text in advised(name):
        if ASSIGNED.search(text):
            able = [c for c in report(name).clients if reach.takes_variable(c)]
            assert [c for c in able if c.path in text or f" {c.kind} " in text], remedy


@pytest.mark.parametrize("name", SICK)
def test_findings_offer_what_their_page_says_in_its_order(name: str) -> None:
    found = [f for f in report(name).findings if f.check in SCENARIOS]
    assert list(stray(tuple(found))) == []
    assert all(f.evidence and f.remedies and f.link for f in found)


def test_every_program_that_is_to_be_run_is_installed() -> None:
    for name in SICK:
        known = {client.path for client in report(name).clients}
        steps = [s for remedy, _ in advised(name) for s in remedy.steps if isinstance(s, Run)]
        assert {step.argv[0] for step in steps} <= known


# --- what a solver makes of it ----------------------------------------------------------------


def test_asking_for_a_newer_version_ends_the_silence() -> None:
    """The reproduction channel has a package of the same shape: level builds since 1.0 only."""
    found = finding("fallback-hyphen", f"{FALLBACK}:{ENVS}/e")
    trial = next(r.trial for r in found.remedies if r.name == "ask-for-newer")
    assert trial is not None
    with_channel = LiveHost({"@channel@": place})
    try:
        with_channel.prepare("@channel@")
        clients = {client.id: client for client in report("fallback-hyphen").clients}
        (before,), (after,) = trial.before, trial.after
        (old,) = predicted(with_channel, clients[before.client], (before.requirement,), 60)
        (refused,) = predicted(with_channel, clients[before.client], (after.requirement,), 60)
        (new,) = predicted(with_channel, clients[after.client], (after.requirement,), 60)
    finally:
        with_channel.close()
    assert old.chosen is not None and ("demo-opt", "0.9", "h0_0") in old.chosen
    assert refused.installs is False and "demo-opt" in (refused.refusal or "")
    assert new.chosen is not None and "1.0" in {v for n, v, _ in new.chosen if n == "demo-opt"}


# --- remedies that are new -------------------------------------------------------------------


def test_an_image_is_built_again_by_hand_and_by_a_client_that_reads_the_override() -> None:
    for name, lines in (("image", 1), ("image-of-old-client", 0)):
        found = finding(name, f"{IMAGE}:{ENVS}/e")
        (remedy,) = [r for r in found.remedies if r.name == "rebuild-image"]
        assert len(remedy.steps) == lines
        assert not remedy.applicable and remedy.by_hand
        assert "2.0" in remedy.text and "23.3" in remedy.text


@pytest.mark.parametrize(
    ("kind", "version", "expected"),
    [("conda", "4.9.0", True), ("mamba", "1.5.8", True), ("micromamba", "0.8.0", True),
     ("micromamba", "0.7.14", False), ("micromamba", None, False), ("pixi", "0.77.0", False),
     ("rattler", "0.28.0", False)],
)  # fmt: skip
def test_the_cuda_version_is_named_to_clients_that_read_it(
    kind: str, version: str | None, expected: bool
) -> None:
    client = Client(kind, kind, f"/opt/{kind}", version=version)
    here = replace(report("login-node"), clients=(client,))
    (known,) = cuda_for_one_command.offer(here, "why", "12.4")
    (unknown,) = cuda_for_one_command.offer(here, "why", None)
    assert bool(known.steps) is bool(unknown.steps) is expected
    assert known.applicable is expected
    assert not unknown.applicable
    if expected:
        assert known.command == f"CONDA_OVERRIDE_CUDA=12.4 /opt/{kind} create -n test pytorch-gpu"
