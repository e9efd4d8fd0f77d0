"""Error logs: every recorded failure is recognised, and nothing else is."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doctor import machine
from doctor.cpu import parse
from doctor.examine import examine
from doctor.host.recorded import encode
from doctor.model import Report
from doctor.triage import clues, findings, narrowed, nearest
from tests import DATA, replay, scenes
from tests.test_explain import ALDERLAKE, alderlake
from tests.test_scenarios_environments import GT4, with_env
from tests.test_scenarios_environments import SICK as STAGED

HYPHEN = "mamba-hyphen-archspec"
UNMARKED = "unmarked-native-build-sigill"
LEVEL = "_x86_64-microarch-level"
RECORDED = Report("0", "x", machine.of_cpu(parse(scenes.cpuinfo_of_recordings())))
"""The machine of the recordings, of level 4, with nothing found on it."""


def records() -> list[dict[str, Any]]:
    paths = [DATA / "transcripts" / f"{name}.jsonl" for name in ("mamba", "conda")]
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def said(record: dict[str, Any]) -> str:
    return f"{record['stdout']}\n{record['stderr']}"


def succeeded(record: dict[str, Any]) -> bool:
    return record["exit_code"] == 0 or '"success": true' in record["stdout"]


EVERY = records()
FAILED = [r for r in EVERY if not succeeded(r) and "info" not in r["argv"]]
NOT_OF_CPUS = {
    "linux-aarch64": "the channel had no such package for that subdir",
    "lm/create-text-full-native ": "the channel was not loaded, being offline",
    "real/frozen-install ": "the environment is frozen",
}
"""Recorded failures that are not about CPUs, by a part of their case; a blank ends it."""


def scenarios(text: str, report: Report = RECORDED) -> tuple[str, ...]:
    return tuple(finding.check for finding in findings(clues(text), report))


def name(record: dict[str, Any]) -> str:
    return f"{record['client']}-{record['version']}-{record['case']}"


@pytest.mark.parametrize("record", FAILED, ids=name)
def test_every_recorded_failure_is_recognised(record: dict[str, Any]) -> None:
    found = scenarios(said(record))
    if any(part in f"{record['case']} " for part in NOT_OF_CPUS):
        assert found == ()
    else:
        assert found


def test_no_recorded_success_is_taken_for_a_failure() -> None:
    well = [record for record in EVERY if succeeded(record)]
    assert len(well) > 900
    assert [name(record) for record in well if clues(said(record))] == []


UNRELATED = (
    "error: subprocess-exited-with-error\n  gcc: fatal error: no input files\n",
    "ERROR: Could not find a version that satisfies the requirement foo (from versions: none)",
    "CondaHTTPError: HTTP 404 NOT FOUND for url <https://example.org/linux-64/repodata.json>",
    "CondaError: Downloaded bytes did not match Content-Length",
    "nothing provides libfoo >=2 needed by bar-1.0-0",
    "package python-3.12 requires openssl >=3, but none of the providers can be installed",
    "The following packages are incompatible\n  numpy 2 is not installable because it conflicts",
    "EnvironmentNotWritableError: The current user does not have write permissions",
    "fatal: not a git repository", "Segmentation fault (core dumped)", "Killed", "Bus error",
    "ImportError: libGL.so.1: cannot open shared object file", "make: *** [all] Error 2",
    "ModuleNotFoundError: No module named 'numpy'", "CPU: x86_64_v3 detected, all fine",
    "archspec 0.2.5 installed", f"{LEVEL} 3 4_x86_64_v3 conda-forge", "__archspec=1=zen4",
    "virtual packages : __archspec=1=x86_64\n\nPackagesNotFoundError: The following packages are "
    "not available from current channels:\n\n  - foobar",
    "__archspec=1=broadwell\nfoo requires python >=3.12",
    "__archspec=1=x86_64-v3\nnothing provides requested quarto",
    f"+ {LEVEL} 3 2_haswell conda-forge\nfoo 1.0 requires bar, which is not installed.",
    "npm ERR! package is not available for the current platform", "trap 'handler' SIGILL",
    "ImportError: /x/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by scipy/x.so)",
    "exit status 1", "signal 9", "x86-64-v3 (supported, searched)", "", "\n\n\n", "1320 passed",
)  # fmt: skip


@pytest.mark.parametrize("text", UNRELATED)
def test_unrelated_texts_are_not_recognised(text: str) -> None:
    assert scenarios(text) == ()


COLLECTED = DATA / "unrelated_logs.jsonl"
"""Logs of other troubles, and of none: `recorded` ones by their command, `written` ones in the form
of the tool named. Mentions in prose are among them, and what solvers say of other packages."""


def collected() -> list[dict[str, str]]:
    return [json.loads(line) for line in COLLECTED.read_text().splitlines()]


def test_no_unrelated_log_is_taken_for_a_known_problem() -> None:
    rows = collected()
    texts = {row["text"] for row in rows}
    assert len(texts) == len(rows) >= 200
    assert COLLECTED.stat().st_size < 300_000
    assert len({row["kind"] for row in rows}) > 50
    assert [(row["kind"], row["text"][:80]) for row in rows if scenarios(row["text"])] == []


def test_the_collection_holds_near_misses() -> None:
    """Words that signs are made of, where they mean something else."""
    whole = "\n".join(row["text"] for row in collected())
    for words in (
        "illegal instruction", "Illegal instruction", "SIGILL", "__archspec", "__cuda", "__glibc",
        "microarch-level", "nothing provides", "invalid opcode", "132", "are incompatible",
        "Could not solve for environment specs", "core dumped",
    ):  # fmt: skip
        assert words in whole, words


def log(client: str, version: str, case: str) -> str:
    found = scenes.transcript(client, version, case)
    return f"{found.stdout}\n{found.stderr}"


PINNED = f"""Could not solve for environment specs
The following packages are incompatible
└─ {LEVEL} 3 2_zen2 is not installable because it requires
   └─ __archspec 1 zen2, which is missing on the system.
"""
LOWER = "\n".join(
    f"  - nothing provides __archspec 1 {cpu} needed by {LEVEL}-1-0_{cpu}"
    for cpu in ("core2", "k10", "nocona", "x86_64")
)
HIGHER = LOWER.replace("-1-0_", "-4-0_")
for old, new in (("core2", "zen4"), ("k10", "zen5"), ("nocona", "icelake"), ("x86_64 n", "n")):
    HIGHER = HIGHER.replace(old, new)
RATTLER = "\n".join(
    f"   └─ __archspec 1.* {cpu}, for which no candidates were found."
    for cpu in ("x86_64", "haswell", "zen4", "nehalem")
)

LOGS = [
    (log("micromamba", "1.5.8", "B_issue3222_literal"), HYPHEN),
    (PINNED, "exported-yaml-pins-cpu-build"), (LOWER, "level-lower-than-host-not-installable"),
    (RATTLER, "cpu-unknown-to-feedstock"),
    ("ModuleNotFoundError: No module named 'archspec'", "archspec-missing-in-base"),
    ("caught illegal operation, cause 'illegal opcode'", UNMARKED),
    ("Illegal hardware instruction (core dumped)", UNMARKED),
    ("returned a non-zero code: 132", UNMARKED),
    ("Virtual package '__glibc >=2.28' does not match any of the available virtual packages",
     "glibc-too-old"),
    (PINNED.replace("__archspec 1 zen2", "__archspec 1.* zen2"), "exported-yaml-pins-cpu-build"),
    (LOWER.replace("archspec 1 ", "archspec 1.* "), "level-lower-than-host-not-installable"),
    ("job.sh: line 3: 41 Illegal instruction (core dumped)", UNMARKED),
    ("kernel: python[1] trap invalid opcode ip:7f in x.so", UNMARKED),
    ("'x86-64-v3' is not a known archspec microarchitecture", "override-misspelt"),
    ("nothing provides __cuda >=12 needed by pytorch", "cuda-missing-on-login-node"),
    ("nothing provides __glibc >=2.28,<3.0.a0 needed by c-ares-1.33.0", "glibc-too-old"),
    ("glibc version not found (virtual package skipped)", "musl-host"),
    ("AttributeError: module 'libmambapy' has no attribute 'QueryFormat'",
     "mixed-mamba1-and-conda-in-one-base"),
    ("Run 'mamba init' to be able to run mamba activate", "shell-function-shadows-binary"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "scenario"), LOGS, ids=[f"{n}-{scenario}" for n, (_, scenario) in enumerate(LOGS)]
)
def test_each_problem_is_named(text: str, scenario: str) -> None:
    assert scenarios(f"some line\n{text}\nanother") == (scenario,)


def test_several_problems_in_one_log_are_several_findings() -> None:
    text = "\n".join((PINNED, "x: Illegal instruction", "nothing provides __glibc >=2.28 needed"))
    assert scenarios(text) == (
        "exported-yaml-pins-cpu-build", UNMARKED, "glibc-too-old",
    )  # fmt: skip


def test_two_solves_in_one_log_are_two_findings_with_their_own_packages() -> None:
    other = PINNED.replace("3 2_zen2", "4 2_icelake").replace("zen2", "icelake")
    text = f"$ mamba env create -f a.yml\n{PINNED}\n$ mamba env create -f b.yml\n{other}\n"
    found = findings(clues(text), RECORDED)
    assert [f.check for f in found] == ["exported-yaml-pins-cpu-build"] * 2
    assert [f.evidence[2].text for f in found] == [
        f"package {LEVEL} 3, build 2_zen2", f"package {LEVEL} 4, build 2_icelake",
    ]  # fmt: skip
    assert len({f.id for f in found}) == 2
    lower = f"Encountered problems while solving:\n{LOWER}\n"
    assert [f.check for f in findings(clues(f"{lower}{text}"), RECORDED)] == [
        "level-lower-than-host-not-installable", "exported-yaml-pins-cpu-build",
        "exported-yaml-pins-cpu-build",
    ]  # fmt: skip


def test_the_same_solve_tried_again_is_one_finding() -> None:
    assert scenarios(f"{PINNED}\nretrying\n{PINNED}") == ("exported-yaml-pins-cpu-build",)


@pytest.mark.parametrize(
    ("text", "package", "build"),
    [
        ("nothing provides __cuda >=12.6 needed by pytorch-2.5.1-cuda126_py312h_300",
         "pytorch 2.5.1", "cuda126_py312h_300"),
        ("nothing provides __glibc >=2.28,<3.0.a0 needed by c-ares-1.33.0", "c-ares-1.33.0", None),
        ("└─ pytorch 2.5.1 cuda126_py312h_300 is not installable because it requires\n"
         "   └─ __cuda =* *, which is missing on the system.",
         "pytorch 2.5.1", "cuda126_py312h_300"),
        ("└─ pytorch 2.5.1 would require\n   └─ __cuda >=12, for which no candidates were found.",
         "pytorch 2.5.1", None),
        ("Virtual package '__cuda >=12' does not match any of the available virtual packages",
         None, None),
    ],
)  # fmt: skip
def test_who_asks_for_cuda_or_glibc_is_told_where_the_log_says_it(
    text: str, package: str | None, build: str | None
) -> None:
    (clue,) = clues(f"Solving\n{text}\n")
    assert (clue.package, clue.build) == (package, build)
    (found,) = findings((clue,), RECORDED)
    assert (package in " ".join(e.text for e in found.evidence)) if package else not clue.build


# --- crashes ---------------------------------------------------------------------------------

CRASHES = [
    # log, what it names: recorded of a program with an invalid opcode, or quoted in threads
    ("job.sh: line 2:  5600 Illegal instruction     ./diamond --version", "diamond"),
    ("job.sh: line 3: 41 Illegal instruction (core dumped) /opt/e/bin/diamond blastp", "diamond"),
    ("Illegal instruction", None), ("Illegal instruction (core dumped)", None),
    ("Illegal instruction: 4  sylph --help", "sylph"),
    ("zsh: illegal hardware instruction  flexbar --version", "flexbar"),
    ("[1]    12345 illegal hardware instruction (core dumped)  phyml", "phyml"),
    ("fish: Job 1, './octopus --help' terminated by signal SIGILL (Illegal instruction)",
     "octopus"),
    ("make: *** [Makefile:2: all] Illegal instruction", None),
    ("make: *** [Makefile:2: all] Error 132", None),
    ("subprocess.CalledProcessError: Command '['./diamond', '--x']' died with <Signals.SIGILL: 4>.",
     "diamond"),
    ("subprocess.CalledProcessError: Command './diamond --x; exit $?' returned non-zero exit "
     "status 132.", "diamond"),
    ("Fatal Python error: Illegal instruction\n\nCurrent thread 0x00007f (most recent call first):"
     '\n  File "/opt/e/lib/python3.12/site-packages/awkward_cpp/lib.py", line 9 in <module>',
     "awkward_cpp"),
    ("Program received signal SIGILL, Illegal instruction.\n0x00007f in f () from /o/libboom.so\n"
     "#0  0x00007f in f () from /o/libboom.so\n#1  0x0000 in main ()", "libboom.so"),
    ("--- SIGILL {si_signo=SIGILL} ---\n+++ killed by SIGILL +++", None),
    ("+++ killed by SIGILL (core dumped) +++", None),
    ("xargs: ./diamond: terminated by signal 4", None),
    ("1/1 Test #1: d ................................***Exception: Illegal  0.00 sec", None),
    ("<Process name='Process-1' pid=5878 parent=5837 stopped exitcode=-SIGILL>", None),
    ("The exit codes of the workers are {SIGILL(-4)}", None),
    ("#  SIGILL (0x4) at pc=0x00007fdd, pid=5907, tid=5909\n#\n# Problematic frame:\n"
     "# C  [libjb.so+0x1105]  Java_J_b+0xc", "libjb.so"),
    ("[ 4121.8] traps: diamond[5654] trap invalid opcode ip:7f79 sp:7ffd error:0 in "
     "libboom.so[10fd,7f791817b000+1000]", "libboom.so"),
    ("kernel: python[1] trap invalid opcode ip:7f79 sp:7ffd error:0", "python"),
    ("        Signal: 4 (ILL)\n  Command Line: bifrost build\n    Executable: /opt/e/bin/bifrost",
     "bifrost"),
    ("job.service: Main process exited, code=dumped, status=4/ILL", None),
    ("error: process didn't exit successfully: `target/demo` (signal: 4, SIGILL: illegal "
     "instruction)", None),
    ("signal: illegal instruction (core dumped)", None),
    ("signal (4): Illegal instruction\nin expression starting at run.jl:1", None),
    (" *** caught illegal operation ***\naddress 0x7f, cause 'illegal operand'", None),
    ("[node01:04132] Signal: Illegal instruction (4)", None),
    ("srun: error: node13: task 2: Illegal instruction (core dumped)", None),
    ("app-1 exited with code 132", None), ("      Exit Code:    132", None),
    ("Process `ALIGN (4)` terminated with an error exit status (132)", None),
    ("##[error]Process completed with exit code 132.", None),
    ("1320acb  img  \"./run\"  1 hour ago  Exited (132) 1 hour ago  jolly_bell", None),
    ("Process finished with exit code -1073741795 (0xC000001D)", None),
    ("libgraph_tool_core.so: CPU ISA level is lower than required", "libgraph_tool_core.so"),
    ("Fatal glibc error: CPU does not support x86-64-v2", None),
    ("The TensorFlow library was compiled to use AVX instructions, but these aren't available on "
     "your machine.", "TensorFlow"),
    ("RuntimeError: NumPy was built with baseline optimizations: \n(X86_V2) but your machine "
     "doesn't support:\n(X86_V2).".replace("\n", " "), "NumPy"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), CRASHES, ids=range(len(CRASHES)))
def test_a_crash_is_known_in_every_form_and_named(text: str, name: str | None) -> None:
    (clue,) = clues(f"some line\n{text}\nanother line\n")
    assert (clue.scenario, clue.culprit) == (UNMARKED, name)
    (found,) = findings((clue,), RECORDED)
    assert (f"it names {name}" in {e.text for e in found.evidence}) == (name is not None)
    searched = [c for r in found.remedies if (c := r.command) and c.startswith("grep -l")]
    assert searched == ([f'grep -l "{name}" "$CONDA_PREFIX"/conda-meta/*.json'] if name else [])


def test_a_heading_of_those_words_alone_cannot_be_told_from_a_shell() -> None:
    assert scenarios("Illegal instruction\n===================\nWhat it means.") == (UNMARKED,)
    assert scenarios("## Illegal instruction\nWhat it means.") == ()


def test_an_unmarked_build_is_not_to_be_overridden() -> None:
    (found,) = findings(clues("diamond: Illegal instruction (core dumped)"), RECORDED)
    said = [remedy.text for remedy in found.remedies]
    assert any("Do not set CONDA_OVERRIDE_ARCHSPEC: it does not help" in text for text in said)
    assert not any("CONDA_OVERRIDE_ARCHSPEC=" in (r.command or "") for r in found.remedies)
    assert "grep -m1 flags /proc/cpuinfo" in {remedy.command for remedy in found.remedies}


CRASHED = "[1.0] traps: python[5] trap invalid opcode ip:7f sp:7f error:0 in libfaiss.so[7f+1]"


@pytest.mark.parametrize(
    ("name", "scenario"),
    [("node", "sigill-env-built-on-newer-node"), ("image", "image-or-pack-moved-to-older-cpu")],
)
def test_a_crash_where_an_environment_needs_more_is_put_down_to_it(
    name: str, scenario: str
) -> None:
    report = examine(scenes.recorded(STAGED[name]()))
    (found,) = findings(clues(CRASHED), report)
    assert found.check == scenario
    here = next(f for f in report.findings if f.check == scenario)
    assert found.remedies == here.remedies
    assert {"it names libfaiss.so", "this machine has it too", here.title} <= {
        evidence.text for evidence in found.evidence
    }


@pytest.mark.parametrize(
    ("scene", "said"),
    [(scenes.healthy, "no environment that is known here needs more"),
     (lambda: STAGED["graph-tool"](), "no environment that is known here needs more"),
     (lambda: with_env(scenes.Scene(None), GT4), "could not be told")],
)  # fmt: skip
def test_a_crash_where_none_does_is_an_unmarked_build(
    scene: Callable[[], scenes.Scene], said: str
) -> None:
    report = examine(scenes.recorded(scene()))
    (found,) = findings(clues(CRASHED), report)
    assert found.check == UNMARKED
    assert any(said in evidence.text for evidence in found.evidence)


def test_where_environments_were_not_examined_that_is_said() -> None:
    (found,) = findings(clues(CRASHED), RECORDED)
    assert any("could not be told" in evidence.text for evidence in found.evidence)


# --- what is told of a wall ------------------------------------------------------------------


def test_the_package_the_build_and_the_names_are_told() -> None:
    (clue,) = clues(f"a\nb\n  nothing provides __archspec 1 zen2 needed by {LEVEL}-3-2_zen2\n")
    assert (clue.line, clue.package, clue.build) == (3, f"{LEVEL} 3", "2_zen2")
    assert clue.names == ("zen2",)


def test_the_same_wall_is_another_problem_on_another_machine() -> None:
    wall = log("micromamba", "1.5.8", "B_issue3222_literal")
    (clue,) = clues(wall)
    broken = examine(scenes.recorded(scenes.hyphen()))
    new_cpu = examine(scenes.recorded(alderlake()))
    assert narrowed(clue, broken) == HYPHEN
    assert narrowed(clue, new_cpu) == "cpu-unknown-to-feedstock"
    (finding,) = findings((clue,), broken)
    assert "this machine has it too" in {evidence.text for evidence in finding.evidence}
    assert finding.clients == ("micromamba",)
    assert finding.remedies == next(f for f in broken.findings if f.check == HYPHEN).remedies


# --- the verb --------------------------------------------------------------------------------


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "recording.json"
    path.write_bytes(encode(scenes.recording(alderlake())))
    return path


def triage(recording: Path, tmp_path: Path, text: bytes, *words: str) -> replay.Run:
    (tmp_path / "log.txt").write_bytes(text)
    env = replay.surroundings(tmp_path / "home")
    named = ("triage", str(tmp_path / "log.txt"), "--from", str(recording), *words)
    return replay.doctor(*named, env=env)


def test_the_remedy_is_this_machines_own(recording: Path, tmp_path: Path) -> None:
    assert "alderlake" not in RATTLER
    assert ALDERLAKE
    run = triage(recording, tmp_path, RATTLER.encode(), "--json")
    assert run.status == 1
    (found,) = run.document["findings"]
    assert found["id"] == "cpu-unknown-to-feedstock:line-1"
    assert found["remedies"][0]["command"].startswith("CONDA_OVERRIDE_ARCHSPEC=x86_64_v3 ")
    said = triage(recording, tmp_path, RATTLER.encode()).stdout
    assert said.startswith("ERROR cpu-unknown-to-feedstock:line-1\n")


def test_a_log_of_something_else_says_so(recording: Path, tmp_path: Path) -> None:
    run = triage(recording, tmp_path, b"make: *** [all] Error 2\n", "--json")
    assert (run.status, run.document["recognised"], run.document["findings"]) == (0, False, [])
    near = b"cannot import name 'ensure_name_or_prefx'\n"
    said = triage(recording, tmp_path, near).stdout
    assert "mixed-mamba1-and-conda-in-one-base" in said
    assert nearest("quite something else") is None


@pytest.mark.parametrize(
    "text",
    [b"", b"\0" * 5000, b"\xff\xfe" * 5000, b"\x1b[31m__archspec\x1b[0m \x07" * 100,
     b"__archspec " * 200_000, b"(" * 10**6, b"__archspec 1.* ^(" + b"a|" * 500_000],
)  # fmt: skip
def test_hostile_logs_end_soon_and_plainly(text: bytes, recording: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    run = triage(recording, tmp_path, text, "--json")
    assert run.status in (0, 1)
    assert run.document["schema"] == 1
    assert "\x1b" not in run.stdout
    assert time.monotonic() - started < 10


def test_a_secret_in_a_log_is_not_repeated(recording: Path, tmp_path: Path) -> None:
    text = (
        "https://u:SECRET@h.org/t/SECRET/c: nothing provides __archspec 1 zen2 needed by "
        f"{LEVEL}-3-2_zen2 CONDA_TOKEN=SECRET"
    )
    for words in ((), ("--json",)):
        run = triage(recording, tmp_path, text.encode(), *words)
        assert run.status == 1
        assert "SECRET" not in run.stdout + run.stderr


def test_a_pipe_is_read_and_a_missing_file_is_one_line(tmp_path: Path) -> None:
    env = replay.surroundings(tmp_path / "home")
    run = replay.doctor("triage", "--json", str(tmp_path / "gone"), env=env)
    assert (run.status, run.stderr.count("\n")) == (2, 1)
    shell = ("sh", "-c", 'echo "Illegal instruction" | "$@"', "sh")
    piped = replay.doctor("triage", "--json", env=env, before=shell)
    assert [f["check"] for f in piped.document["findings"]] == [UNMARKED]
