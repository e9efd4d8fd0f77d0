"""Recipes: real excerpts, one case per rule, corrected lines that help, input that is no recipe."""

import random
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from doctor import checks
from doctor.clean import clean
from doctor.model import (
    Cpu,
    Finding,
    Machine,
    Microarchitecture,
    PinnedLine,
    Project,
    Report,
    Severity,
    System,
)
from doctor.projects import (
    FORMS,
    build_script,
    ci_support,
    examine,
    meta_yaml,
    recipe_yaml,
    variants_yaml,
)
from doctor.projects.conditions import Value, names
from doctor.projects.expressions import evaluate
from tests import DATA
from tests.scenes import Scene

REAL = DATA / "recipes"
WELL_MADE = (
    "blasfeo", "faiss-split", "liquid-dsp", "microarch-level", "pythia8", "raspa3", "suitesparse",
)  # fmt: skip

EXACT = "recipe-exact-level"
LOWER = "recipe-level-without-lower-build"
SLOW = "recipe-prefers-slow-build"
UNTESTED = "recipe-level-not-tested"
REGEX = "recipe-regex-requirement"
WINDOWS = "recipe-windows-without-level"
DIRECT = "recipe-depends-on-archspec-directly"
MISSPELT = "recipe-misspelt-level"

Expected = tuple[int, str, str | None]


def feedstock(name: str) -> dict[str, str]:
    folder = REAL / name
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def examined(files: Mapping[str, str]) -> Project:
    scene = Scene(None)
    scene.files.update({f"/home/user/project/{path}": text for path, text in files.items()})
    return examine(scene, "/home/user/project")


def findings(project: Project) -> tuple[Finding, ...]:
    machine = Machine(Cpu(), Microarchitecture(), System())
    ours = [check.ID for check in checks.CHECKS if check.ID.startswith("recipe-")]
    return checks.run(Report("0", "", machine, project=project), ours)


def told(lines: tuple[PinnedLine, ...]) -> list[Expected]:
    return [(line.line, line.rule, line.corrected) for line in lines]


def stripped(lines: tuple[PinnedLine, ...]) -> list[tuple[str, str | None]]:
    return [(line.rule, line.corrected and line.corrected.strip()) for line in lines]


def corrected(files: Mapping[str, str], lines: tuple[PinnedLine, ...]) -> dict[str, str]:
    """The files with every corrected line put in."""
    result = {path: text.split("\n") for path, text in files.items()}
    for line in lines:
        assert result[line.path][line.line - 1].rstrip("\r") == line.text
        if line.corrected is not None:
            result[line.path][line.line - 1] = line.corrected
    return {path: "\n".join(text) for path, text in result.items()}


# --- real recipes ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", WELL_MADE)
def test_well_made_recipes_give_no_warning_and_no_error(name: str) -> None:
    project = examined(feedstock(name))
    assert [file.trouble for file in project.files] == [None] * len(feedstock(name))
    assert {finding.severity for finding in findings(project)} <= {Severity.NOTE}


def test_only_level_four_of_faiss_is_worth_a_note() -> None:
    lines = examined(feedstock("faiss-split")).lines
    assert {(line.rule, line.level) for line in lines} == {(UNTESTED, 4)}
    assert [line.text.strip()[:10] for line in lines] == ["- test -f ", "- 4       "]
    assert {name for name in WELL_MADE if examined(feedstock(name)).lines} == {"faiss-split"}


def test_graph_tool_asks_for_exactly_level_four_and_does_not_test_it() -> None:
    files = feedstock("graph-tool")
    project = examined(files)
    exact, *rest = project.lines
    asked = "        - _x86_64-microarch-level {}{{{{ microarch_level }}}}"
    selector = "  # [unix and x86_64 and microarch_level == 4]"
    assert exact == PinnedLine(
        "recipe/meta.yaml", 71, asked.format("") + selector, EXACT, None, 4,
        asked.format(">=") + selector,
    )  # fmt: skip
    assert {(line.rule, line.level) for line in rest} == {(UNTESTED, 4)}
    assert sorted(f"{line.path.split('/')[0]}:{line.line}" for line in rest) == [
        ".ci_support:11",
        "recipe:103",
        "recipe:5",
        "recipe:75",
    ]
    assert [finding.check for finding in findings(project)] == [EXACT, UNTESTED]
    again = examined(corrected(files, project.lines))
    assert EXACT not in {line.rule for line in again.lines}


def test_awkward_cpp_prefers_its_slow_build() -> None:
    files = feedstock("awkward-cpp")
    project = examined(files)
    line = "    down_prioritize_variant: ${{{{ {} if (x86_64_microarch_level | default(1)) == 1 {}"
    assert project.lines == (
        PinnedLine(
            "recipe/recipe.yaml", 15, line.format(0, "else 1 }}"), SLOW, None, None,
            line.format(1, "else 0 }}"),
        ),
    )  # fmt: skip
    (finding,) = findings(project)
    assert (finding.id, finding.severity) == (f"{SLOW}:recipe/recipe.yaml:15", Severity.WARNING)
    assert finding.evidence[0].source == "recipe/recipe.yaml:15"
    assert finding.remedies[0].text.startswith("Put this line instead: down_prioritize_variant:")
    assert examined(corrected(files, project.lines)).lines == ()


# --- requirements ----------------------------------------------------------------------------

RUN_LINES: tuple[tuple[str, str | None, str | None], ...] = (
    ("_x86_64-microarch-level >=3", None, None),
    ("_x86_64-microarch-level >=4", None, None),
    ("_x86_64-microarch-level >={{ microarch_level }}", None, None),
    ("_x86_64-microarch-level", None, None),
    ("_x86_64-microarch-level ==3", EXACT, "_x86_64-microarch-level >=3"),
    ("_x86_64-microarch-level =3", EXACT, "_x86_64-microarch-level >=3"),
    ("_x86_64-microarch-level >=2,<4", EXACT, "_x86_64-microarch-level >=2"),
    ("_x86_64-microarch-level 7", EXACT, None),
    ("_ppc64le-microarch-level 9", EXACT, "_ppc64le-microarch-level >=9"),
    ("_x86_64-microarch-level {{ level }}", EXACT, "_x86_64-microarch-level >={{ level }}"),
    ("_x86_64-microarch-level {{ pin('x') }}", None, None),
    ("'_x86_64-microarch-level 3'", EXACT, "_x86_64-microarch-level >=3"),
    ("_x86_64-microarch-level 3 3_skylake", REGEX, "_x86_64-microarch-level >=3"),
    ("_x86_64-microarch-level * 4_level2", REGEX, "_x86_64-microarch-level >=2"),
    ("_x86_64-microarch-level[version='>=2', build='4_*']", REGEX, "_x86_64-microarch-level >=2"),
    ("__archspec 1.* ^(haswell|zen4)$", REGEX, "_x86_64-microarch-level >=3"),
    ("\"__archspec[version='1.*', build='^(zen4|zen5)$']\"", REGEX, "_x86_64-microarch-level >=4"),
    ("__archspec 1.* ^.*$", REGEX, None),
    ("__archspec * skylake", DIRECT, "_x86_64-microarch-level >=3"),
    ("__archspec 1=x86_64_v2", DIRECT, "_x86_64-microarch-level >=2"),
    ("__archspec 1.* power9le", DIRECT, "_ppc64le-microarch-level >=9"),
    ("__archspec 1.* alderlake", DIRECT, None),
    ("__archspec", None, None),
    ("__archspec 1.*", None, None),
    ("__archspec 1.* x86_64-v3", MISSPELT, "_x86_64-microarch-level >=3"),
    ("_x86-64-microarch-level >=3", MISSPELT, "_x86_64-microarch-level >=3"),
    ("_x86_64_microarch_level >=3", MISSPELT, "_x86_64-microarch-level >=3"),
    ("microarchitecture-tools >=3", None, None),
    ("python >=3", None, None),
)


@pytest.mark.parametrize(("asked", "rule", "instead"), RUN_LINES, ids=lambda value: str(value)[:50])
@pytest.mark.parametrize("form", ("meta.yaml", "recipe.yaml"))
def test_run_requirements(form: str, asked: str, rule: str | None, instead: str | None) -> None:
    if form == "recipe.yaml":
        asked, instead = asked.replace("{{", "${{"), instead and instead.replace("{{", "${{")
    files = {form: f"requirements:\n  run:\n    - python\n    - {asked}\n"}
    lines = examined(files).lines
    expected = [] if rule is None else [(4, rule, instead and f"    - {instead}")]
    assert told(lines) == expected
    if instead:
        assert examined(corrected(files, lines)).lines == ()


@pytest.mark.parametrize(
    ("section", "rule"),
    (
        ("requirements:\n  run_constrained:", EXACT),
        ("requirements:\n  run_exports:\n    strong:", EXACT),
        ("build:\n  run_exports:", EXACT),
        ("outputs:\n- name: a\n  requirements:\n    run:", EXACT),
        ("requirements:\n  build:", None),
        ("requirements:\n  host:", None),
        ("test:\n  requires:", None),
        ("tests:\n  - requirements:\n      run:", None),
        ("build:\n  ignore_run_exports_from:", None),
        ("about:\n  description:", None),
    ),
)
def test_exact_levels_matter_where_users_install(section: str, rule: str | None) -> None:
    lines = examined({"meta.yaml": f"{section}\n        - _x86_64-microarch-level 3\n"}).lines
    assert [line.rule for line in lines] == ([rule] if rule else [])


def test_text_blocks_and_comments_are_no_requirements() -> None:
    text = (
        "requirements:\n  run:\n    # - _x86_64-microarch-level 3\n"
        "about:\n  description: |\n    requirements:\n      run:\n"
        "        - _x86_64-microarch-level 3\n"
    )
    assert examined({"meta.yaml": text}).lines == ()
    shown = text.replace("description: |", "description:")
    assert [line.line for line in examined({"meta.yaml": shown}).lines] == [8]


# --- priorities ------------------------------------------------------------------------------

PRIORITIES: tuple[tuple[str, str, list[Expected]], ...] = (
    (
        "meta.yaml",
        "build:\n"
        "  number: {{ build + 300 }}  # [unix and microarch_level == 1]\n"
        "  number: {{ build + 200 }}  # [unix and microarch_level == 3]\n",
        [
            (2, SLOW, "  number: {{ build + 200 }}  # [unix and microarch_level == 1]"),
            (3, SLOW, "  number: {{ build + 300 }}  # [unix and microarch_level == 3]"),
        ],
    ),
    (
        "meta.yaml",
        "build:\n  number: {{ build + 100 * (microarch_level|default(1)|int - 1) }}\n",
        [],
    ),
    ("meta.yaml", "build:\n  number: {{ 100 * (4 - microarch_level|int) }}\n", [(2, SLOW, None)]),
    (
        "meta.yaml",
        "{% set build = 0 %}\n{% set build = build + 9 %}  # [microarch_level == 1]\n"
        "build:\n  number: {{ build }}\n",
        [(4, SLOW, None)],
    ),
    (
        "meta.yaml",
        "build:\n  track_features:\n    - slow  # [microarch_level >= 3]\n",
        [(3, SLOW, "    - slow  # [microarch_level < 3]")],
    ),
    ("meta.yaml", "build:\n  track_features:\n    - slow  # [microarch_level == 1]\n", []),
    ("meta.yaml", "build:\n  track_features:\n    - slow  # [linux]\n", []),
    (
        "recipe.yaml",
        "build:\n  number: ${{ 100 if microarch_level == 1 else 0 }}\n",
        [(2, SLOW, "  number: ${{ 0 if microarch_level == 1 else 100 }}")],
    ),
    (
        "recipe.yaml",
        'context:\n  n: ${{ 5 if microarch_level == "3" else 1 }}\nbuild:\n  number: ${{ n }}\n',
        [],
    ),
    (
        "recipe.yaml",
        "build:\n  number: ${{ 9 if level_microarch == 1 else 0 }}\n"
        "  variant:\n    down_prioritize_variant: ${{ 0 if microarch_level == 3 else 1 }}\n",
        [],
    ),
    (
        "recipe.yaml",
        "build:\n  variant:\n"
        "    down_prioritize_variant: ${{ 0 if a_microarch_level | int < 3 else 1 }}\n",
        [(3, SLOW, "    down_prioritize_variant: ${{ 1 if a_microarch_level | int < 3 else 0 }}")],
    ),
    ("recipe.yaml", "build:\n  number: ${{ n if cuda else 3 }}\n", []),
)


@pytest.mark.parametrize(("name", "text", "expected"), PRIORITIES)
def test_priorities(name: str, text: str, expected: list[Expected]) -> None:
    lines = examined({name: text}).lines
    assert told(lines) == expected
    if all(one[2] for one in expected):
        assert examined(corrected({name: text}, lines)).lines == ()


# --- the files of one recipe together --------------------------------------------------------

ASKS = "requirements:\n  build:\n    - x86_64-microarch-level {{ microarch_level }}  # [unix]\n"
LEVELS = "microarch_level:\n  - 3  # [linux and x86_64]\n  - 4  # [linux and x86_64]\n"

TOGETHER: tuple[tuple[dict[str, str], list[tuple[str, str | None]]], ...] = (
    ({"conda_build_config.yaml": LEVELS}, [(LOWER, None), (UNTESTED, None)]),
    ({"conda_build_config.yaml": LEVELS, "meta.yaml": ASKS}, [(LOWER, None), (UNTESTED, None)]),
    (
        {"conda_build_config.yaml": LEVELS, "meta.yaml": ASKS.replace("[unix", "[linux and False")},
        [(UNTESTED, None)],
    ),
    (
        {"conda_build_config.yaml": "microarch_level: ['2', '3']\n"},
        [(LOWER, "microarch_level: ['1', '2', '3']")],
    ),
    ({"conda_build_config.yaml": "microarch_level: [1, 3]\n"}, []),
    ({"conda_build_config.yaml": 'microarch_level:\n- ""\n- 3\n'}, []),
    ({"variants.yaml": "microarch_level:\n- if: unix\n  then:\n  - 1\n  - 3\n"}, []),
    (
        {"variants.yaml": "microarch_level:\n- if: unix\n  then: 3\n  else: 1\n"},
        [(LOWER, None)],
    ),
    (
        {
            "conda_build_config.yaml": "microarch_level:\n- 2  # [unix]\n- 3  # [unix]\n",
            "meta.yaml": ASKS.replace("[unix", "[unix and microarch_level > 2"),
        },
        [],
    ),
    (
        {
            "conda_build_config.yaml": "microarch_level:\n- 1\n- 3\n",
            "meta.yaml": f"build:\n  skip: true  # [win or microarch_level == 1]\n{ASKS}",
        },
        [(LOWER, None)],
    ),
    (
        {
            "conda_build_config.yaml": "microarch_level: [1, 3]\n",
            "meta.yaml": "build:\n  skip: true  # [microarch_level == 1]\n"
            + ASKS.replace("[unix", "[x86_64 and not win"),
        },
        [(LOWER, ""), (WINDOWS, None)],
    ),
    (
        {
            "conda_build_config.yaml": "microarch_level:\n- 1\n- 3\n",
            "meta.yaml": f"{ASKS}test:\n  commands:\n    - run  # [microarch_level == 1]\n",
        },
        [(UNTESTED, None), (WINDOWS, None)],
    ),
    (
        {
            "meta.yaml": f"{ASKS}test:\n"
            "{% if microarch_level|int < 4 %}\n  commands:\n    - one\n    - two  # [unix]\n"
            "{% else %}\n  commands:\n    - none\n{% endif %}\n"
        },
        [(UNTESTED, None)],
    ),
)


@pytest.mark.parametrize(("files", "expected"), TOGETHER)
def test_files_of_one_recipe(files: dict[str, str], expected: list[tuple[str, str | None]]) -> None:
    lines = examined({f"recipe/{name}": text for name, text in files.items()}).lines
    assert stripped(lines) == expected


def test_two_recipes_beside_each_other_are_not_mixed() -> None:
    files = {"recipe/conda_build_config.yaml": LEVELS, "meta.yaml": "build:\n  skip: true\n"}
    assert [line.rule for line in examined(files).lines] == [LOWER, UNTESTED]
    files = {"conda_build_config.yaml": LEVELS, "meta.yaml": "build:\n  skip: true\n"}
    assert [line.rule for line in examined(files).lines] == [UNTESTED]


WINDOWS_RECIPES: tuple[tuple[dict[str, str], list[tuple[str, str | None]]], ...] = (
    (
        {"meta.yaml": "requirements:\n  build:\n    - x86_64-microarch-level 3\n    - m2 # [win]"},
        [(WINDOWS, "- x86_64-microarch-level 3  # [unix and x86_64]")],
    ),
    (
        {"meta.yaml": "requirements:\n  build:\n    - x86_64-microarch-level 3 # [win or linux]"},
        [(WINDOWS, "- x86_64-microarch-level 3 # [unix and (win or linux)]")],
    ),
    (
        {"recipe.yaml": "build:\n  skip: osx or win\nrequirements:\n  build:\n"
         "    - x86_64-microarch-level 3\n"},
        [],
    ),
    (
        {"recipe.yaml": "requirements:\n  build:\n    - x86_64-microarch-level 3\n"
         "    - if: win\n      then: m2-base\n"},
        [(WINDOWS, None)],
    ),
    ({"meta.yaml": "requirements:\n  build:\n    - x86_64-microarch-level 3\n"}, []),
    ({"meta.yaml": ASKS, "bld.bat": "rem /arch:AVX2\r\ncl /O2 /arch:AVX2 a.c\r\n"},
     [(WINDOWS, None)]),
    ({"meta.yaml": ASKS, "bld.bat": 'if "%microarch_level%"=="3" set CL=/arch:AVX2\n'}, []),
    ({"meta.yaml": ASKS, "conda_build_config.yaml": "microarch_level: [1, 3]\n",
      "bld.bat": 'if "%microarch_level%"=="3" set CL=/arch:AVX2\n'},
     [(WINDOWS, None), (WINDOWS, None)]),
    ({"meta.yaml": f"{ASKS}build:\n  script:\n    - cl /arch:avx512 a.c  # [win]\n"},
     [(WINDOWS, None)]),
    ({"meta.yaml": f"{ASKS}  run:\n    - _x86_64-microarch-level >=3  # [win]\n",
      "bld.bat": "cl /arch:AVX2 a.c\n"}, []),
    ({"meta.yaml": f"build:\n  skip: true  # [win]\n{ASKS}", "bld.bat": "cl /arch:AVX2 a.c\n"}, []),
    ({"meta.yaml": "build:\n  number: 0\n", "bld.bat": "cl /arch:AVX2 a.c\n"}, []),
    ({"meta.yaml": ASKS, "conda_build_config.yaml": "microarch_level:\n- 1\n- 3  # [win]\n"},
     [(WINDOWS, None)]),
)  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), WINDOWS_RECIPES)
def test_windows(files: dict[str, str], expected: list[tuple[str, str | None]]) -> None:
    lines = examined(files).lines
    assert stripped(lines) == expected
    if expected and expected[0][1]:
        assert examined(corrected(files, lines)).lines == ()


# --- what the checks say ---------------------------------------------------------------------

SAID: tuple[tuple[str, dict[str, str], Severity, str], ...] = (
    (LOWER, {"conda_build_config.yaml": LEVELS}, Severity.ERROR,
     "Add this line above it: - 1  # [linux and x86_64]"),
    (LOWER, {"conda_build_config.yaml": "microarch_level: [3]"}, Severity.ERROR,
     "Put this line instead: microarch_level: [1, 3]"),
    (LOWER, {"variants.yaml": "microarch_level: [1, 3]", "recipe.yaml": "build:\n  skip:\n"
             "    - microarch_level < 3 or win\nrequirements:\n  run:\n"
             "  - _x86_64-microarch-level >=${{ microarch_level }}\n"}, Severity.ERROR,
     "Do not skip the lower level."),
    (LOWER, {"variants.yaml": "microarch_level: 3"}, Severity.ERROR, "Add level 1 to the list."),
    (EXACT, {"meta.yaml": "requirements:\n  run:\n  - _x86_64-microarch-level 3"}, Severity.ERROR,
     "Put this line instead: - _x86_64-microarch-level >=3"),
    (EXACT, {"meta.yaml": "requirements:\n  run:\n  - _x86_64-microarch-level 4"}, Severity.NOTE,
     "Put this line instead: - _x86_64-microarch-level >=4"),
    (EXACT, {"meta.yaml": "requirements:\n  run:\n  - _ppc64le-microarch-level 10"}, Severity.NOTE,
     "Put this line instead: - _ppc64le-microarch-level >=10"),
    (REGEX, {"meta.yaml": "requirements:\n  run:\n  - __archspec 1.* ^(a|b)$"}, Severity.ERROR,
     "Ask for a level instead: _x86_64-microarch-level >=N"),
    (DIRECT, {"meta.yaml": "requirements:\n  run:\n  - __archspec 1.* zen4"}, Severity.ERROR,
     "Put this line instead: - _x86_64-microarch-level >=4"),
    (MISSPELT, {"recipe.yaml": "requirements:\n  host:\n  - x86-64-microarch-level 3"},
     Severity.ERROR, "Put this line instead: - x86_64-microarch-level 3"),
    (SLOW, {"meta.yaml": "build:\n  number: {{ 4 - microarch_level }}"}, Severity.WARNING,
     "Turn it round"),
    (WINDOWS, dict(WINDOWS_RECIPES[0][0]), Severity.ERROR, "Put this line instead:"),
    (WINDOWS, dict(WINDOWS_RECIPES[3][0]), Severity.ERROR, "Ask for it on unix only"),
    (WINDOWS, dict(WINDOWS_RECIPES[5][0]), Severity.ERROR, "Add to the run requirements: - _x86"),
    (WINDOWS, dict(WINDOWS_RECIPES[-1][0]), Severity.WARNING, "List the level for unix only"),
    (UNTESTED, {"conda_build_config.yaml": "microarch_level: [1, 4]"}, Severity.NOTE,
     "Run its tests where"),
)  # fmt: skip


@pytest.mark.parametrize(("rule", "files", "severity", "remedy"), SAID)
def test_checks(rule: str, files: dict[str, str], severity: Severity, remedy: str) -> None:
    project = examined(files)
    (finding,) = [one for one in findings(project) if one.check == rule]
    line = next(line for line in project.lines if line.rule == rule)
    assert finding.severity is severity
    assert finding.subject == f"{line.path}:{line.line}"
    assert finding.evidence[0].text == line.text.strip()
    assert finding.remedies[0].text.startswith(remedy)


def test_many_jobs_of_one_level_are_one_note() -> None:
    (text,) = (text for path, text in feedstock("graph-tool").items() if "ci_support" in path)
    files = {f".ci_support/linux_64_microarch_level4python{n:02}.yaml": text for n in range(20)}
    (finding,) = findings(examined(files))
    assert (finding.check, finding.severity, len(finding.evidence)) == (UNTESTED, Severity.NOTE, 7)
    assert finding.evidence[-1].text == "and 14 more such lines"


def test_control_characters_of_a_recipe_are_not_shown() -> None:
    text = "requirements:\n  run:\n  - _x86_64-microarch-level 3 # \x1b[31m\u202e\n"
    (finding,) = findings(examined({"meta.yaml": text}))
    shown = [finding.evidence[0].text, finding.remedies[0].text]
    assert shown == [clean(words) for words in shown]


def test_a_report_without_a_project_has_no_recipe_findings() -> None:
    report = Report("0", "", Machine(Cpu(), Microarchitecture(), System()))
    ours = [check for check in checks.CHECKS if check.ID.startswith("recipe-")]
    assert len(ours) == 8
    assert [list(check.check(report)) for check in ours] == [[]] * 8


# --- conditions ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    (
        ("unix and x86_64 and microarch_level == 3", True),
        ("microarch_level < 3", False),
        ("not (unix and x86_64)", False),
        ("win or cuda", None),
        ("linux or cuda", True),
        ("win and cuda", False),
        ("linux and cuda", None),
        ("not cuda", None),
        ('target_platform == "linux-64"', True),
        ('x86_64_microarch_level in ("1", "3")', True),
        ("microarch_level not in [1, 3]", False),
        ("microarch_level in [1, cuda]", None),
        ('microarch_level == "none"', False),
        ("microarch_level > 'none'", None),
        ("1 < microarch_level <= 3", True),
        ("(microarch_level | default(1)) == 1", False),
        ("100 * (microarch_level|default(1)|int - 1)", 200),
        ("10 ** 10", None),
        ("999999999 * 999999999", None),
        ("5 if aarch64 else 6", 6),
        ("5 if cuda else 6", None),
        ("match(python, '>=3.8')", None),
        ("a b", None),
        ("", None),
        ("\\d", None),
        ("(" * 150, None),
        ("not " * 70 + "linux", True),
        ("not " * 400 + "linux", None),
        ("lambda: 0", None),
        ("3.5", None),
        ("TRUE", True),
    ),
)
def test_conditions(text: str, value: Value) -> None:
    assert evaluate(text, names("linux-64", 3)) == value


# --- forms and hostile input -----------------------------------------------------------------

FORMS_HERE = (recipe_yaml, meta_yaml, variants_yaml, build_script, ci_support)
NAMES = ("recipe.yaml", "meta.yaml", "variants.yaml", "conda_build_config.yaml", "bld.bat")


def test_forms_fit_their_files_only() -> None:
    job = "channel_sources:\n- conda-forge\ntarget_platform:\n- linux-64\n"
    script = "cl /ARCH:AVX2\n"
    samples = {name: script if name == "bld.bat" else "" for name in NAMES} | {"x.yaml": job}
    fitting = {
        name: [form.FORM for form in FORMS_HERE if form.fits(name, text)]
        for name, text in samples.items()
    }
    assert [len(forms) for forms in fitting.values()] == [1] * 6
    assert not any(form.fits("environment.yaml", "dependencies:\n") for form in FORMS_HERE)
    assert not build_script.fits("bld.bat", "cl /O2\n")
    assert [form for form in FORMS if form in FORMS_HERE] == list(FORMS_HERE)


def read(name: str, text: str) -> tuple[PinnedLine, ...]:
    return examined({name: text, "linux_64_.yaml": text, "conda_build_config.yaml": text}).lines


def test_line_endings_marks_and_tabs() -> None:
    plain = "requirements:\n  run:\n    - _x86_64-microarch-level 3  # [linux]\n"
    wanted = [(3, EXACT, "    - _x86_64-microarch-level >=3  # [linux]")]
    assert told(examined({"meta.yaml": plain}).lines) == wanted
    assert told(examined({"meta.yaml": plain.replace("\n", "\r\n")}).lines) == wanted
    assert told(examined({"meta.yaml": "\ufeff" + plain}).lines) == wanted
    tabbed = plain.replace("    -", "\t\t\t-").replace("  run", "\trun").replace("- ", "-\t")
    assert [line.line for line in examined({"meta.yaml": tabbed}).lines] == [3]
    assert [
        line.line for line in examined({"meta.yaml": "x: 1\x0b\x0c\u2028\n" + plain}).lines
    ] == [4]


@pytest.mark.parametrize("name", NAMES)
def test_random_text_never_raises(name: str) -> None:
    chance = random.Random(f"recipes {name}")
    words = (
        "requirements:", "run:", "build:", "number:", "- ", "  ", "\n", "\r\n", "\t", "{% if ",
        "{% else %}", "%}", "{{ ", " }}", "${{", "# [", "]", "microarch_level", "==", "(", " if ",
        " else ", "_x86_64-microarch-level", "__archspec", "'", '"', "|", ">", "[", ",", "3", "^(",
        ")$", "skip:", "tests:", "\x00", "\u2028", "é", "/arch:AVX2", "not ", "track_features:",
    )  # fmt: skip
    for _ in range(150):
        text = "".join(chance.choices(words, k=chance.randrange(200)))
        for line in read(name, text):
            assert line.text in text
        raw = chance.randbytes(400).decode("utf-8", "replace")
        assert read(name, raw) == ()


def many(line: Callable[[int], str], size: int = 2**21) -> str:
    """Lines up to a size."""

    def growing() -> Iterator[str]:
        done = number = 0
        while done < size:
            text = line(number)
            done += len(text)
            number += 1
            yield text

    return "".join(growing())


HOSTILE: dict[str, Callable[[], str]] = {
    "one line": lambda: "x" * 5 * 2**20,
    "one line of dashes": lambda: "- " * (5 * 2**19),
    "one line of braces": lambda: "{% if " * (5 * 2**17),
    "unterminated jinja": lambda: many(lambda n: "{% if a %}\n"),
    "unterminated else": lambda: "{% if a %}\n" + many(lambda n: "{% elif a %}\n"),
    "growing numbers": lambda: "{% set a = 9 %}\n" + many(lambda n: "{% set a = a * a %}\n"),
    "deeper and deeper": lambda: many(lambda n: " " * (n % 1900) + "a:\n"),
    "skips and builds": lambda: many(
        lambda n: (
            f"build:\n  skip: true  # [n == {n}]\n"
            f"requirements:\n  build:\n  - x86_64-microarch-level {n}  # [win or n == {n}]\n"
        )
    ),
    "outputs and sets": lambda: many(
        lambda n: f"{{% set a{n} = {n} %}}\noutputs:\n- build:\n    number: {n}  # [n == {n}]\n"
    ),
    "tests": lambda: many(lambda n: f"test:\n  - a  # [microarch_level < 4 and n == {n}]\n"),
    "levels": lambda: "microarch_level:\n" + many(lambda n: f"- [{'4, ' * 30}]  # [n != {n}]\n"),
    "almost braces": lambda: (
        "requirements:\n  run:\n"
        + many(lambda n: "  - _x86_64-microarch-level " + "{{" * 900 + "\n")
    ),
    "almost a ternary": lambda: (
        "build:\n" + many(lambda n: "  number: ${{ " + "1 if a " * 40 + "}}\n")
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("name", ("recipe.yaml", "meta.yaml", "conda_build_config.yaml"))
def test_hostile_files_are_read_in_bounded_time(case: str, name: str) -> None:
    text = HOSTILE[case]()
    start = time.process_time()
    project = examined({name: text})
    assert time.process_time() - start < 10
    assert len(project.lines) < 200_000
