"""Project files: pinned lines of each form, their corrections, and what checks make of them."""

import random
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doctor import checks
from doctor.clean import clean
from doctor.host.live import LiveHost
from doctor.microarch import X86_LEVELS
from doctor.model import (
    Basis,
    Client,
    Cpu,
    Finding,
    Machine,
    Microarchitecture,
    PinnedLine,
    Prediction,
    Project,
    Report,
    Severity,
    System,
    VirtualPackage,
)
from doctor.model.clients import Answer
from doctor.projects import (
    FORMS,
    Form,
    ci_file,
    conda_lock,
    dockerfile,
    environment_yml,
    examine,
    explicit_list,
    pixi_lock,
    pixi_manifest,
    virtual_packages_yml,
)
from doctor.projects.images import NEWER
from doctor.version import at_least
from doctor.virtual import era_at
from doctor.virtual.libmamba import ERAS
from tests import DATA

PROJECTS = DATA / "projects"
OWN: tuple[Form, ...] = (
    environment_yml, conda_lock, virtual_packages_yml, explicit_list, pixi_manifest, pixi_lock,
    dockerfile, ci_file,
)  # fmt: skip

EXPORTED = "exported-yaml-pins-cpu-build"
REGEX = "regex-level-builds-vs-conda-mamba"
LOWER = "level-lower-than-host-not-installable"
ABOVE = "level-above-this-machine"
DEAD = "pixi-system-requirements-archspec-ignored"
IGNORES = "pixi-solver-ignores-host"
PLATFORM = "pixi-v3-platform-accepted-on-old-host"
LEVEL1 = "conda-lock-defaults-level1"
OVERRIDE = "override-in-project-file"
METAPACKAGE = "build-metapackage-in-environment"
OLD = "old-client-in-project-file"
CACHE = "ci-runner-heterogeneity"
RULES = (
    EXPORTED, REGEX, LOWER, ABOVE, DEAD, IGNORES, PLATFORM, LEVEL1, OVERRIDE, METAPACKAGE, OLD,
    CACHE,
)  # fmt: skip

Row = tuple[int, str, str | None, int | None, str | None]
FLOW = 'dependencies: [python=3.12, numpy, "_x86_64-microarch-level >=1"]'

EXPECTED: dict[str, list[Row]] = {
    "exported/environment.yml": [(7, EXPORTED, "zen2", 3, "")],
    "exported/environment-flow.yaml": [
        (2, EXPORTED, "zen2", 3, FLOW),
        (2, LOWER, "x86_64", 1, FLOW),
    ],
    "exported/environment-written.yml": [
        (6, OVERRIDE, "x86_64_v2", 2, ""),
        (9, LOWER, "x86_64_v3", 3, '- "_x86_64-microarch-level >=3"  # level 3 is enough'),
        (10, LOWER, "x86_64_v2", 2, "- conda-forge::_x86_64-microarch-level >=2"),
        (11, LOWER, "x86_64", 1, "- '_x86_64-microarch-level >=1'"),
        (12, LOWER, None, 2, "- _x86_64-microarch-level"),
        (13, ABOVE, None, 4, None),
        (14, REGEX, None, 3, ""),
        (15, METAPACKAGE, None, 3, "- _x86_64-microarch-level >=3   # for speed"),
        (16, METAPACKAGE, None, None, "- _x86_64-microarch-level"),
        (20, EXPORTED, "icelake", 4, ""),
    ],
    "lists/explicit.txt": [
        (6, EXPORTED, "zen2", 3, None),
        (7, ABOVE, None, 4, None),
        (8, METAPACKAGE, None, 3, ""),
    ],
    "locks/conda-lock.yml": [(32, LEVEL1, "x86_64", 1, None)],
    "locks/zen2.conda-lock.yml": [(14, EXPORTED, "zen2", 3, None)],
    "locks/virtual-packages.yml": [
        (5, LEVEL1, "zen2", 3, '      __archspec: "1 x86_64_v3"  # the cluster'),
        (8, LEVEL1, "x86_64_v3", 3, "      __archspec: 1 x86_64_v3"),
    ],
    "pixi/pixi.toml": [
        (5, PLATFORM, "x86_64_v3", 3, None),
        (6, PLATFORM, "x86_64_v4", 4,
         '  { name = "linux-64-v4", platform = "linux-64", archspec = "x86_64_v4" },'),
        (11, DEAD, "x86_64_v3", 3, ""),
        (16, ABOVE, None, 3, None),
        (17, METAPACKAGE, None, 3, ""),
        (20, EXPORTED, "icelake", 4, '_x86_64-microarch-level = ">=4"'),
        (23, DEAD, "zen2", 3, ""),
        (32, OVERRIDE, "x86_64_v2", 2, ""),
    ],
    "pixi/pixi.lock": [
        (9, PLATFORM, "x86_64_v3", 3, None),
        (23, IGNORES, None, 1, None),
        (26, ABOVE, None, 3, None),
    ],
    "pixi6/pixi.lock": [(9, IGNORES, "x86_64", 1, None)],
    "pyproject/pyproject.toml": [
        (8, PLATFORM, "x86_64_v3", 3, None),
        (11, DEAD, "x86_64_v3", 3, 'system-requirements = { cuda = "12" }'),
        (14, ABOVE, None, 3, None),
    ],
    "docker/Dockerfile": [
        (3, OLD, None, None, "FROM --platform=linux/amd64 mambaorg/micromamba:2.0.5 AS build"),
        (4, OVERRIDE, "x86_64_v3", 3, ""),
        (5, OVERRIDE, "x86_64_v2", 2, ""),
        (6, OVERRIDE, "x86_64_v3", 3, "ENV MAMBA_DOCKERFILE_ACTIVATE=1 PIP_NO_CACHE_DIR=1"),
        (8, OVERRIDE, "haswell", 3, ""),
        (12, OVERRIDE, "zen4", 4,
         "RUN CONDA_OVERRIDE_ARCHSPEC=zen4 micromamba create -y -n fast python"),
        (15, EXPORTED, "zen2", 3, "      '_x86_64-microarch-level>=3' \\"),
        (16, LOWER, "x86_64_v2", 2, '      "_x86_64-microarch-level >=2" \\'),
        (18, LOWER, "x86_64", 1,
         "RUN bash -c 'micromamba install -y \"_x86_64-microarch-level>=1\"'"
         " && gcc -march=x86-64-v3 a.c"),
        (20, OLD, None, None, None),
        (21, OLD, None, None,
         "COPY --from=mambaorg/micromamba:2.0.5 /bin/micromamba /bin/micromamba"),
    ],
    "docker/image.def": [
        (2, OLD, None, None, "From: mambaorg/micromamba:2.0.5"),
        (5, OVERRIDE, "x86_64_v3", 3, ""),
        (10, REGEX, None, 3, "    micromamba install -y -n base '_x86_64-microarch-level>=3'"),
    ],
    "ci/.github/workflows/test.yml": [
        (4, OVERRIDE, "x86_64_v3", 3, None),
        (8, OVERRIDE, "x86_64_v3", 3, '    env: { CI: "1" }'),
        (13, OLD, None, None, "        micromamba-version: '2.0.5-0' # any version"),
        (17, LOWER, "x86_64_v2", 2, "          _x86_64-microarch-level>=2"),
        (18, OVERRIDE, "x86_64_v2", 2, None),
        (20, OVERRIDE, "haswell", 3, ""),
        (22, OVERRIDE, "x86_64_v3", 3,
         "        CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 micromamba create -n b numpy"),
        (24, OVERRIDE, "x86_64_v2", 2, "    - run: micromamba create -n c"),
        (27, OVERRIDE, None, None, None),
    ],
    "caches/.github/workflows/test.yml": [
        (18, CACHE, None, None, None),
        (29, CACHE, None, None, None),
    ],
    "ci/.gitlab-ci.yml": [
        (3, OVERRIDE, None, None, None),
        (6, EXPORTED, "zen2", 3, "    - micromamba install -y '_x86_64-microarch-level>=3'"),
    ],
}  # fmt: skip


# --- reading ---------------------------------------------------------------------------------


def form_of(name: str, text: str) -> Form:
    return next(form for form in FORMS if form.fits(name, text))


def read(name: str, text: str) -> list[PinnedLine]:
    return list(form_of(name, text).read(name, text))


@pytest.mark.parametrize("place", EXPECTED)
def test_pinned_lines(place: str) -> None:
    path = PROJECTS / place
    text = path.read_text()
    lines = read(path.name, text)
    wanted = EXPECTED[place]
    assert [
        (found.line, found.rule, found.name, found.level, found.corrected) for found in lines
    ] == wanted
    assert all(found.text == text.split("\n")[found.line - 1] for found in lines)


def test_every_form_has_a_sample_with_lines_and_every_rule_a_line() -> None:
    forms = set()
    rules = set()
    for place, rows in EXPECTED.items():
        path = PROJECTS / place
        forms.add(form_of(path.name, path.read_text()).FORM)
        rules |= {row[1] for row in rows}
    assert forms == {form.FORM for form in OWN}
    assert rules == set(RULES)


@pytest.mark.parametrize("path", sorted((PROJECTS / "healthy").iterdir()), ids=lambda p: p.name)
def test_healthy_files_have_no_lines(path: Path) -> None:
    text = path.read_text()
    assert form_of(path.name, text) in OWN
    assert read(path.name, text) == []


def test_every_form_has_a_healthy_sample() -> None:
    healthy = [form_of(p.name, p.read_text()).FORM for p in (PROJECTS / "healthy").iterdir()]
    assert set(healthy) == {form.FORM for form in OWN}


def applied(text: str, lines: Iterable[PinnedLine]) -> str:
    """The text with every correction made."""
    rows: list[str | None] = list(text.split("\n"))
    for line in lines:
        if line.corrected is not None:
            rows[line.line - 1] = line.corrected or None
    return "\n".join(row for row in rows if row is not None)


@pytest.mark.parametrize("place", EXPECTED)
def test_corrected_files_need_no_further_correction(place: str) -> None:
    path = PROJECTS / place
    text = path.read_text()
    before = read(path.name, text)
    corrected = applied(text, before)
    after = read(path.name, corrected)
    left = [line.text for line in before if line.corrected is None]
    if place != "pixi/pixi.toml":  # a CPU that is spelt rightly now is judged by its level
        assert [line.rule for line in after if line.text not in left and line.rule != ABOVE] == []
    assert [line for line in after if line.corrected is not None] == []
    assert applied(corrected, after) == corrected


def test_micromamba_that_is_put_instead_has_no_fault() -> None:
    era = era_at(ERAS, NEWER)
    assert era.fault is None and era.override == "honoured" and at_least(NEWER, "2.0.0")


@pytest.mark.parametrize(
    ("version", "old"),
    [("1.5.2", 0), ("1.5.3", 1), ("1.5.9", 1), ("1.5.10", 0), ("1.5.12", 0), ("2.0.5", 0)],
)
def test_only_versions_with_the_hyphen_are_old(version: str, old: int) -> None:
    assert len(read("Dockerfile", f"FROM mambaorg/micromamba:{version}\n")) == old
    workflow = f"on: push\njobs:\n  a:\n    with: {{ micromamba-version: {version}-0 }}\n"
    assert len(read("a.yml", workflow)) == old


def test_folder_and_single_file(tmp_path: Path) -> None:
    host = LiveHost()
    ci = examine(host, str(PROJECTS / "ci"))
    assert {file.path for file in ci.files} == {".github/workflows/test.yml", ".gitlab-ci.yml"}
    assert len(ci.lines) == len(EXPECTED["ci/.gitlab-ci.yml"]) + len(
        EXPECTED["ci/.github/workflows/test.yml"]
    )
    single = examine(host, str(PROJECTS / "pixi6" / "pixi.lock"))
    assert [line.line for line in single.lines] == [9]
    assert examine(host, str(tmp_path / "missing")).trouble is not None


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        ("_x86_64-microarch-level=7", ABOVE),
        ("_ppc64le-microarch-level=9", LOWER),
        ("_ppc64le-microarch-level>=10", ABOVE),
        ("ppc64le-microarch-level", METAPACKAGE),
        ("_x86_64-microarch-level 3 2_zen2", EXPORTED),
        ("_x86_64-microarch-level[version='3',build='2_zen2']", EXPORTED),
        ("_x86_64-microarch-level=*=*level3", REGEX),
        ("_x86_64-microarch-level>=1", None),
        ("_x86_64-microarch-level=*", None),
        ("other-x86_64-microarch-level=3", None),
        ("_x86_64-microarch-level-notes=3", None),
        ("_x86_64-microarch-level=!!", None),
    ],
)
def test_spellings_of_requirements(item: str, rule: str | None) -> None:
    lines = read("environment.yml", f"dependencies:\n  - {item}\n")
    assert [line.rule for line in lines] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ("RUN CONDA_OVERRIDE_ARCHSPEC=x86_64 conda install _x86_64-microarch-level=1", []),
        ("RUN CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 conda install _x86_64-microarch-level=1", [LOWER]),
        ("RUN pixi exec --spec _x86_64-microarch-level=3=4_level3 true", []),
        ("RUN pixi exec --spec _x86_64-microarch-level=3=4_zen2 true", [EXPORTED]),
        ("ENV CONDA_OVERRIDE_ARCHSPEC=${LEVEL}", [OVERRIDE]),
        ("ENV MY_CONDA_OVERRIDE_ARCHSPEC=zen2", []),
        ("RUN echo $CONDA_OVERRIDE_ARCHSPEC = zen", []),
        ('LABEL needs="_x86_64-microarch-level=3"', []),
        ("RUN conda install '_x86_64-microarch-level=3 numpy'", [LOWER]),
    ],
)
def test_commands(row: str, rules: list[str]) -> None:
    lines = read("Dockerfile", f"{row}\n")
    assert [line.rule for line in lines] == rules
    for found in lines:
        assert found.corrected is None or ("numpy" in found.corrected) == ("numpy" in row)
        assert "$" not in row or found.corrected is None


# --- hostile input ---------------------------------------------------------------------------

NAMES = (
    "environment.yml", "conda-lock.yml", "virtual-packages.yml", "explicit.txt", "pixi.toml",
    "pyproject.toml", "pixi.lock", "Dockerfile", ".gitlab-ci.yml",
)  # fmt: skip
WORDS = st.sampled_from([
    "dependencies:", "\n", "  - ", "_x86_64-microarch-level", "=3=2_zen2", '"', "'", "#", "[", "]",
    "{", "}", ",", "::", "\t", "\r\n", "\ufeff", "\ufffd", "[workspace]", "platforms = ",
    "archspec", ' = "x86_64_v3"', "[system-requirements]", "CONDA_OVERRIDE_ARCHSPEC", "=", ":", " ",
    "ENV ",
    "RUN ", "\\\n", "FROM mambaorg/micromamba:1.5.8", "@EXPLICIT\n", "/_x86_64-microarch-level-3-",
    "2_zen2.conda", "- conda: https://a/b", "__archspec", "1 zen2", "subdirs:\n", "jobs:\n", "$",
    "x86-64-v3", ">=", "|", "*", "variables:\n", "<", "version", "%environment\n", "export ", "&&",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS | st.text(max_size=8), max_size=40).map("".join))
def test_readers_never_raise(text: str) -> None:
    for form in OWN:
        for name in NAMES:
            form.fits(name, text)
        for line in form.read("file", text):
            assert 1 <= line.line <= text.count("\n") + 1
            assert "\n" not in line.text and "\n" not in (line.corrected or "")


@pytest.mark.parametrize("form", OWN, ids=lambda form: form.FORM)
def test_random_bytes(form: Form) -> None:
    noise = random.Random(3222).randbytes(2**18)
    text = noise.decode("utf-8", errors="replace")
    assert list(form.read("file", text)) == []
    assert list(form.read("file", text.replace("\n", "\n  - _x86_64-microarch-level\x00"))) == []


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("environment.yml", "dependencies:\r\n  - _x86_64-microarch-level=1\r\n", 1),
        ("environment.yml", "\ufeffdependencies:\n- _x86_64-microarch-level=1\n", 1),
        ("environment.yml", "dependencies:\n\t- _x86_64-microarch-level=1\n", 1),
        ("environment.yml", 'dependencies:\n  - "_x86_64-microarch-level=1\n', 1),
        ("environment.yml", "dependencies:\n  - caf\ufffd\n  - _x86_64-microarch-level=1", 1),
        ("pixi.toml", "\ufeff[system-requirements]\r\narchspec = 'zen2'\r\n", 1),
        ("pixi.toml", "[system-requirements]\narchspec = 'zen2\n", 0),
        ("pixi.toml", "[system-requirements]\narchspec = 3\n", 0),
        ("pixi.toml", "dependencies = 3\nplatforms = [[[['a']]]]\n", 0),
        ("pixi.toml", "a = " + "[" * 100_000, 0),
        ("pixi.toml", "a" + ".a" * 200_000 + " = 1", 0),
        ("explicit.txt", "@EXPLICIT\r\n/_x86_64-microarch-level-3-2_zen2.conda\r\n", 1),
        ("Dockerfile", "ENV CONDA_OVERRIDE_ARCHSPEC=\"zen2\r\n", 1),
    ],
)  # fmt: skip
def test_odd_texts(name: str, text: str, count: int) -> None:
    lines = read(name, text)
    assert len(lines) == count
    assert all(not line.text.endswith("\r") for line in lines)


HOSTILE = (
    "a" * 64, " ", '"', "'\"", "_x86_64-microarch-level", " _x86_64-microarch-level=3",
    "CONDA_OVERRIDE_ARCHSPEC=\"", "CONDA_OVERRIDE_ARCHSPEC : ", "::", "[", "{archspec=", "a.b.",
    "\n  - _x86_64-microarch-level=3 ", "\narchspec = ", "\n[a.b.c]", "\n- pip:",
    "micromamba:1.5.8", "/_x86_64-microarch-level-3-2_zen2.conda", "\n#", "@EXPLICIT",
    "\n    CONDA_OVERRIDE_ARCHSPEC=a \\", "\n  __archspec: 1 zen2",
    "\n- uses: mamba-org/setup-micromamba@v2\n  with: {cache-environment: true}",
    "\n  uses: actions/cache@v4\n  path: envs\n  key: a\nconda install",
)  # fmt: skip


def seconds(form: Form, text: str) -> float:
    """CPU time of deciding and reading; the CPU's, so that other processes do not count."""
    begun = time.process_time()
    for name in NAMES:
        form.fits(name, text)
    for _ in form.read("file", text):
        pass
    return time.process_time() - begun


@pytest.mark.parametrize("form", OWN, ids=lambda form: form.FORM)
@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear(form: Form, piece: str) -> None:
    head = "dependencies:" if form is environment_yml else ""
    small = head + piece * (2**17 // len(piece))
    large = head + piece * (2**19 // len(piece))
    once = seconds(form, small)
    assert any(seconds(form, large) < 0.2 + 12 * once for _ in "123")  # collecting garbage counts


@pytest.mark.parametrize("form", OWN, ids=lambda form: form.FORM)
def test_a_line_of_five_megabytes(form: Form) -> None:
    text = "dependencies: [" + "_x86_64-microarch-level=3," * (5 * 2**20 // 26)
    assert seconds(form, text) < 5
    assert list(form.read("file", text)) == []


# --- checks ----------------------------------------------------------------------------------


def machine(level: int | None, name: str | None = None, architecture: str = "x86_64") -> Machine:
    """A machine whose CPU has a level, or was not readable."""
    generic = X86_LEVELS[level - 1] if level else None
    if architecture != "x86_64":
        generic = name = architecture
    subdir = "linux-64" if architecture == "x86_64" else f"linux-{architecture}"
    return Machine(
        Cpu(architecture=architecture, system="linux"),
        Microarchitecture(name or generic, generic),
        System(os="linux", subdir=subdir),
        shared_level=generic,
    )


def client(kind: str, version: str, archspec: str, regex: bool = False) -> Client:
    packages = (VirtualPackage("__archspec", "1", archspec),)
    era = ERAS[-1] if at_least(version, "2.0.0") else era_at(ERAS, version)
    predicted = Prediction(kind, version, packages, era, matches_regex_builds=regex)
    answer = Answer(Basis.REPORTED, packages)
    path = f"/opt/{kind}"
    return Client(path, kind, path, version, prediction=predicted, answers=(answer,))


def findings(here: Machine, *lines: PinnedLine, clients: tuple[Client, ...] = ()) -> list[Finding]:
    project = Project("/project", lines=lines)
    report = Report("0", "now", here, clients, project=project)
    found = checks.run(report, RULES)
    assert all(not finding.title.startswith("The check ") for finding in found)
    return list(found)


def line(
    text: str, rule: str, name: str | None, level: int | None, fixed: str | None
) -> PinnedLine:
    return PinnedLine("file", 7, text, rule, name, level, fixed)


EXACT = line("- _x86_64-microarch-level=3", LOWER, "x86_64_v3", 3, "- _x86_64-microarch-level >=3")
AT_MOST = line("- _x86_64-microarch-level<=2", LOWER, None, 2, "- _x86_64-microarch-level")
AT_LEAST = line("- _x86_64-microarch-level >=3", ABOVE, None, 3, None)
URL = "https://a/noarch/_x86_64-microarch-level-3-2_zen2.conda"
CONDA = client("conda", "24.9.2", "x86_64_v3")
RATTLER = client("conda", "26.9.4", "x86_64_v4", regex=True)


@pytest.mark.parametrize(
    ("pinned", "severities"),
    [
        # severities on machines of level 1, 2, 3, 4, of unknown level, and on Arm
        (EXACT, "ERROR ERROR NOTE WARNING UNKNOWN NOTE"),
        (AT_MOST, "- NOTE WARNING WARNING UNKNOWN NOTE"),
        (AT_LEAST, "ERROR ERROR - - UNKNOWN NOTE"),
        (line(f"- conda: {URL}", ABOVE, "zen2", 3, None), "ERROR ERROR - - UNKNOWN NOTE"),
        (line(URL, EXPORTED, "zen2", 3, None), "ERROR ERROR WARNING WARNING UNKNOWN NOTE"),
        (line(f"- conda: {URL}", IGNORES, None, 1, None), "- - NOTE NOTE UNKNOWN -"),
        (line("archspec = 'x86_64_v3'", PLATFORM, "x86_64_v3", 3, None),
         "ERROR ERROR - - UNKNOWN -"),
        (line("archspec = 'x86-64-v3'", PLATFORM, "x86_64_v3", 3, "archspec = 'x86_64_v3'"),
         "ERROR ERROR ERROR ERROR ERROR ERROR"),
        (line(f"  url: {URL}", LEVEL1, "x86_64", 1, None), "- NOTE NOTE NOTE UNKNOWN -"),
        (line("__archspec: 1 zen2", LEVEL1, "zen2", 3, "__archspec: 1 x86_64_v3"),
         "WARNING WARNING WARNING WARNING WARNING WARNING"),
        (line("__archspec: 1 x86-64-v3", LEVEL1, "x86_64_v3", 3, "__archspec: 1 x86_64_v3"),
         "ERROR ERROR ERROR ERROR ERROR ERROR"),
        (line("ENV CONDA_OVERRIDE_ARCHSPEC=x86_64_v3", OVERRIDE, "x86_64_v3", 3, ""),
         "ERROR ERROR WARNING WARNING UNKNOWN WARNING"),
        (line("ENV CONDA_OVERRIDE_ARCHSPEC=x86-64-v3", OVERRIDE, "x86_64_v3", 3, ""),
         "ERROR ERROR ERROR ERROR ERROR ERROR"),
        (line("ENV CONDA_OVERRIDE_ARCHSPEC=", OVERRIDE, None, None, ""),
         "WARNING WARNING WARNING WARNING WARNING WARNING"),
        (line("CONDA_OVERRIDE_ARCHSPEC: $LEVEL", OVERRIDE, None, None, None),
         "UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN UNKNOWN"),
        (line("archspec = 'zen2'", DEAD, "zen2", 3, ""),
         "WARNING WARNING WARNING WARNING WARNING WARNING"),
        (line("- x86_64-microarch-level", METAPACKAGE, None, None, "- _x86_64-microarch-level"),
         "WARNING WARNING WARNING WARNING WARNING WARNING"),
        (line("FROM mambaorg/micromamba:1.5.8", OLD, None, None, None),
         "WARNING WARNING WARNING WARNING WARNING WARNING"),
        (line("- _x86_64-microarch-level=3=4_level3", REGEX, None, 3, ""),
         "ERROR ERROR WARNING WARNING WARNING WARNING"),
        (line("cache-environment: true", CACHE, None, None, None), "NOTE NOTE NOTE NOTE NOTE NOTE"),
    ],
)  # fmt: skip
def test_severities(pinned: PinnedLine, severities: str) -> None:
    machines = [machine(1), machine(2), machine(3), machine(4), machine(None)]
    machines.append(machine(None, architecture="aarch64"))
    seen = []
    for here in machines:
        found = findings(here, pinned)
        assert len(found) <= 1
        seen.append(found[0].severity.name if found else "-")
        for finding in found:
            assert finding.subject == "file:7"
            assert finding.evidence[0].text == pinned.text.strip()
            assert finding.evidence[0].source == "file:7"
    assert " ".join(seen) == severities


@pytest.mark.parametrize(
    ("clients", "severity"),
    [
        ((), Severity.ERROR),
        ((client("conda", "24.9.2", "zen2"),), Severity.WARNING),
        ((client("conda", "24.9.2", "zen3"),), Severity.ERROR),
        ((client("micromamba", "2.0.5", "x86_64_v3"),), Severity.ERROR),
        ((client("conda", "24.9.2", "zen2"), client("micromamba", "2.0.5", "x86_64_v3")),
         Severity.WARNING),
        ((client("pixi", "0.77.0", "zen2"),), Severity.ERROR),
    ],
)  # fmt: skip
def test_exact_builds_go_by_what_clients_report(
    clients: tuple[Client, ...], severity: Severity
) -> None:
    pinned = line("- _x86_64-microarch-level=3=2_zen2", EXPORTED, "zen2", 3, "")
    (found,) = findings(machine(3, "zen3"), pinned, clients=clients)
    assert found.severity is severity
    assert found.remedies[0].text == "Delete this line, file:7."


def test_exact_build_on_a_machine_without_a_name_is_unknown() -> None:
    pinned = line("- _x86_64-microarch-level=3=2_zen2", EXPORTED, "zen2", 3, "")
    (found,) = findings(machine(None), pinned)
    assert found.severity is Severity.UNKNOWN


def test_a_lower_level_is_no_trouble_for_solvers_that_match_level_builds() -> None:
    (found,) = findings(machine(4), EXACT, clients=(RATTLER,))
    assert (found.check, found.severity) == (LOWER, Severity.NOTE)
    (found,) = findings(machine(4), EXACT, clients=(RATTLER, CONDA))
    assert (found.check, found.severity) == (LOWER, Severity.ERROR)
    pinned = line("- _x86_64-microarch-level=3=4_level3", REGEX, None, 3, "")
    assert findings(machine(4), pinned, clients=(RATTLER,))[0].severity is Severity.NOTE
    assert findings(machine(2), pinned, clients=(RATTLER,))[0].severity is Severity.ERROR
    assert findings(machine(None), pinned, clients=(RATTLER,))[0].severity is Severity.UNKNOWN
    assert findings(machine(4), pinned, clients=(CONDA,))[0].severity is Severity.ERROR


def test_a_declared_platform_answers_for_level_one_in_the_lock() -> None:
    locked = line(f"- conda: {URL}", IGNORES, None, 1, None)
    declared = line("archspec = 'x86_64_v3'", PLATFORM, "x86_64_v3", 3, None)
    assert findings(machine(4), locked, declared) == []
    (found,) = findings(machine(4), locked)
    entry = '{ name = "linux-64-v3", platform = "linux-64", archspec = "x86_64_v3" }'
    assert entry in found.remedies[0].text and "0.71.0" in found.remedies[0].text


@pytest.mark.parametrize("level", [1, 2, 3, 4, None])
@pytest.mark.parametrize("version", ["1.5.8", "1.5.12", "2.8.1"])
def test_no_remedy_points_upwards_or_to_what_is_ignored(level: int | None, version: str) -> None:
    here = machine(level)
    name = here.microarchitecture.name or "x86_64"
    lines = [
        found
        for place in EXPECTED
        for found in read(Path(place).name, (PROJECTS / place).read_text())
    ]
    above = [X86_LEVELS[n] for n in range(level or 0, 4)]
    found = findings(here, *lines, clients=(client("micromamba", version, name),))
    assert {finding.check for finding in found} >= {EXPORTED, OVERRIDE, OLD}
    for finding in found:
        said = [f"{remedy.text} {remedy.command or ''}" for remedy in finding.remedies]
        for text in said:
            assert not any(f"CONDA_OVERRIDE_ARCHSPEC={high} " in f"{text} " for high in above)
            assert "[system-requirements]" not in text
        commands = [remedy.command or "" for remedy in finding.remedies]
        if version.startswith("1."):
            assert not any("CONDA_OVERRIDE_ARCHSPEC" in command for command in commands)


@pytest.mark.parametrize("level", [1, 2, 3, 4, None])
def test_findings_have_all_their_parts(level: int | None) -> None:
    here = machine(level)
    for place in EXPECTED:
        path = PROJECTS / place
        found = findings(here, *read(path.name, path.read_text()))
        assert len({finding.id for finding in found}) == len(found)
        for finding in found:
            assert finding.title and finding.consequence
            assert finding.remedies or finding.severity is Severity.NOTE
            assert all(evidence.text and evidence.source for evidence in finding.evidence)


def test_control_characters_of_a_file_are_not_shown() -> None:
    text = "RUN CONDA_OVERRIDE_ARCHSPEC=\x1b[31mzenn2 conda install\u202e \x1b]0;a\x07\n"
    (found,) = findings(machine(3), *read("Dockerfile", text))
    words = (found.title, found.evidence[0].text, *(remedy.text for remedy in found.remedies))
    assert [clean(said) for said in words] == list(words)


def test_a_low_level_on_purpose_is_offered_to_clients_that_read_the_override() -> None:
    (found,) = findings(machine(4), EXACT, clients=(client("micromamba", "2.8.1", "x86_64_v4"),))
    commands = [remedy.command for remedy in found.remedies if remedy.command]
    assert commands == [
        "CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 /opt/micromamba create -n test _x86_64-microarch-level"
    ]


def test_mentions_in_one_line_have_subjects_of_their_own() -> None:
    lines = read("environment.yml", "dependencies: [_x86_64-microarch-level=1, "
                                    "_x86_64-microarch-level=2]\n")  # fmt: skip
    found = findings(machine(4), *lines)
    assert [finding.subject for finding in found] == ["environment.yml:1", "environment.yml:1#2"]


def test_no_project_no_findings() -> None:
    assert checks.run(Report("0", "now", machine(3)), RULES) == ()


WORKFLOW = "on: push\nenv:\n  CONDA_OVERRIDE_ARCHSPEC: x86_64_v3\nMOREjobs:\n  a:\n    steps: []\n"


@pytest.mark.parametrize(("more", "corrected"), [("", None), ("  OTHER: x\n", "")])
def test_a_line_that_is_all_of_its_key_is_not_just_deleted(
    more: str, corrected: str | None
) -> None:
    (line,) = ci_file.read("ci.yml", WORKFLOW.replace("MORE", more))
    assert (line.line, line.corrected) == (3, corrected)


def test_other_variables_on_the_line_are_kept() -> None:
    text = "dependencies:\n  - a\nvariables: {CONDA_OVERRIDE_ARCHSPEC: x86_64_v3, FOO: bar}\n"
    (line,) = environment_yml.read("environment.yml", text)
    assert line.corrected is not None
    assert "FOO: bar" in line.corrected
    assert "OVERRIDE" not in line.corrected


@pytest.mark.parametrize("verb", ["search", "list", "remove"])
def test_commands_that_install_nothing_ask_for_nothing(verb: str) -> None:
    text = f"RUN conda {verb} _x86_64-microarch-level=1\n"
    assert list(dockerfile.read("Dockerfile", text)) == []


def test_a_misspelt_platform_beside_a_right_one_is_found() -> None:
    text = (
        '[workspace]\nplatforms = [{name = "a", platform = "linux-64", archspec = "x86_64_v3"}, '
        '{name = "b", platform = "linux-64", archspec = "x86-64-v3"}]\n'
    )
    lines = tuple(pixi_manifest.read("pixi.toml", text))
    here = findings(machine(3), *lines)
    assert [(f.check, f.severity) for f in here] == [
        ("pixi-v3-platform-accepted-on-old-host", Severity.ERROR)
    ]


def test_arm_has_no_levels_to_correct_to() -> None:
    text = "subdirs:\n  osx-arm64:\n    packages:\n      __archspec: 1 m1\n"
    assert list(virtual_packages_yml.read("virtual-packages.yml", text)) == []


ARGUMENTS = """on: push
jobs:
  a:
    steps:
      - uses: mamba-org/setup-micromamba@v2
        with:
          create-args: >-
            python=3.12
            _x86_64-microarch-level=1
      - run: micromamba install _x86_64-microarch-level=1
"""


def test_what_no_shell_reads_is_corrected_without_quotes() -> None:
    given, run = ci_file.read("ci.yml", ARGUMENTS)
    assert given.corrected == "            _x86_64-microarch-level>=1"
    assert run.corrected is not None
    assert run.corrected.endswith("'_x86_64-microarch-level>=1'")


@pytest.mark.parametrize(
    ("item", "corrected"),
    [("sel(linux): _x86_64-microarch-level=3=2_zen2", ""),
     ("!tag _x86_64-microarch-level=3=2_zen2", ""), ("_x86_64-microarch-level=3=2_zen2", ""),
     ("&a _x86_64-microarch-level=3=2_zen2", None)],
)  # fmt: skip
def test_no_empty_item_is_left(item: str, corrected: str | None) -> None:
    (line,) = environment_yml.read("environment.yml", f"dependencies:\n  - a\n  - {item}\n")
    assert line.corrected == corrected


def test_many_overrides_are_read_in_time() -> None:
    text = "on: push\njobs:\nenv:\n" + "  CONDA_OVERRIDE_ARCHSPEC: x86_64_v3\n" * 40_000
    started = time.monotonic()
    assert len(list(ci_file.read("ci.yml", text))) == 40_000
    assert time.monotonic() - started < 20
