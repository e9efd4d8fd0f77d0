"""The command line as scripts meet it: shapes of the JSON, exit statuses, plain text, pipes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from doctor import __version__
from doctor.examine import examine
from doctor.host.live import LiveHost
from doctor.host.recorded import RecordedHost, RecordingHost, decode, encode
from doctor.model import Report, Transcript
from doctor.report import document
from tests import replay, scenes
from tests.clients import ROOT

UNSET = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("CONDA_", "MAMBA_", "PIXI_", "ARCHSPEC_"))
}
"""Our environment without settings that change what clients would report."""

BOXES = re.compile("[\u2500-\u259f\u2190-\u21ff\u2800-\u28ff]")


def doctor(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "doctor", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**UNSET, **(env or {})},
        check=False,
    )


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document on standard output."""
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["schema"] == 1
    assert found["envdoctor"] == __version__
    return found


def saved(folder: Path, name: str, scene: scenes.Scene) -> str:
    path = folder / f"{name}.json"
    path.write_bytes(encode(scenes.recording(scene)))
    return str(path)


def override_lower() -> scenes.Scene:
    return scenes.hyphen({"CONDA_OVERRIDE_ARCHSPEC": "x86_64_v2"})


def warned() -> scenes.Scene:
    """A machine whose worst finding is a warning: the override is below the CPU's level."""
    scene = scenes.bare(env={"CONDA_OVERRIDE_ARCHSPEC": "x86_64_v2"})
    rows = ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0", "__archspec=1=x86_64_v2"]
    said = json.dumps({"libmamba version": "2.8.1", "virtual packages": rows})
    return scene.program("/opt/bin/micromamba", Transcript((), {}, 0, said, "", 0.03))


def hung(scene: scenes.Scene) -> scenes.Scene:
    trouble = "did not answer within 10 s and was stopped"
    return scene.program("/opt/bin/pixi", Transcript((), {}, None, "", "", 10.0, trouble))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Recordings on disk, by name."""
    folder = tmp_path_factory.mktemp("recordings")
    staged = {
        "healthy": scenes.healthy(),
        "hyphen": scenes.hyphen(),
        "warned": warned(),
        "hung": hung(scenes.healthy()),
        "hung-hyphen": hung(scenes.hyphen()),
        "hung-warned": hung(warned()),
        "unreadable": scenes.Scene(None),
        "bare": scenes.bare(),
        "lower": override_lower(),
    }
    return {name: saved(folder, name, scene) for name, scene in staged.items()}


# --- shapes ----------------------------------------------------------------------------------


def test_machine_has_its_shape(files: dict[str, str]) -> None:
    machine = answer(doctor("machine", "--json", "--from", files["healthy"]))["machine"]
    assert {"vendor", "brand", "family", "features"} <= set(machine["cpu"])
    assert machine["cpu"]["vendor"] == "AuthenticAMD"
    assert machine["cpu"]["features"] == sorted(machine["cpu"]["features"])
    assert {"name", "level", "missing"} <= set(machine["microarchitecture"])
    assert machine["microarchitecture"]["level"] == "x86_64_v4"
    assert machine["microarchitecture"]["missing"] == {}
    assert machine["system"]["subdir"] == "linux-64"


def test_machine_says_what_is_missing_for_each_higher_level(tmp_path: Path) -> None:
    scene = scenes.bare(scenes.archspec_sample("linux-rhel7-haswell"), level=3)
    done = doctor("machine", "--json", "--from", saved(tmp_path, "haswell", scene))
    found = answer(done)["machine"]["microarchitecture"]
    assert (found["name"], found["level"]) == ("haswell", "x86_64_v3")
    assert list(found["missing"]) == ["x86_64_v4"]
    assert "avx512f" in found["missing"]["x86_64_v4"]


def test_unknown_is_null_never_a_default(files: dict[str, str]) -> None:
    done = doctor("machine", "--json", "--from", files["unreadable"])
    machine = answer(done)["machine"]
    assert {machine["cpu"][name] for name in ("vendor", "brand", "family", "features")} == {None}
    assert (machine["microarchitecture"]["name"], machine["microarchitecture"]["level"]) == (
        None, None,
    )  # fmt: skip
    assert done.returncode == 3


def test_clients_have_their_shape(files: dict[str, str]) -> None:
    said = answer(doctor("clients", "--json", "--from", files["hyphen"]))
    rows = {row["id"]: row for row in said["clients"]}
    assert set(rows) == {"conda", "mamba", "micromamba"}
    for row in rows.values():
        assert {"id", "kind", "version", "path", "root", "parts", "answers"} <= set(row)
        for each in row["answers"]:
            assert {"basis", "virtual_packages", "trouble", "source"} <= set(each)
        assert [each["basis"] for each in row["answers"]] == ["predicted", "reported"]
    reported = rows["micromamba"]["answers"][1]
    assert "__archspec=1=x86_64-v4" in reported["virtual_packages"]
    assert reported["trouble"] is None
    assert rows["conda"]["parts"]["archspec"] == "0.2.7"
    assert rows["micromamba"]["version"] == "1.5.8"


def test_a_client_without_an_answer_has_null_and_the_trouble(files: dict[str, str]) -> None:
    done = doctor("clients", "--json", "--from", files["hung"])
    row = next(row for row in answer(done)["clients"] if row["id"] == "pixi")
    (said,) = [said for said in row["answers"] if said["basis"] == "reported"]
    assert said["virtual_packages"] is None
    assert "did not answer within 10 s" in said["trouble"]
    assert done.returncode == 3


REQUIREMENTS = {f"{sign}{level}" for level in range(1, 5) for sign in ("=", ">=")}


def test_predict_has_its_shape(files: dict[str, str]) -> None:
    words = ("micromamba=1.5.8", "conda=26.7.1,archspec=0.2.7,solver=rattler", "pixi=0.77.0",
             "conda=26.7.1,archspec=none", "rattler=0.28.0", "mamba=2.8.1")  # fmt: skip
    done = doctor("predict", *words, "--json", "--from", files["healthy"])
    rows = answer(done)["predict"]
    assert [row["kind"] for row in rows] == [word.partition("=")[0] for word in words]
    for row in rows:
        assert set(row["accepts"]) == REQUIREMENTS
        assert {type(yes) for yes in row["accepts"].values()} == {bool}
        assert isinstance(row["honours_override"], bool)
        assert isinstance(row["matches_regex_builds"], bool)
        assert isinstance(row["virtual_packages"], list)
        assert row["source"]
    assert [row["archspec"] for row in rows] == [
        "x86_64-v4", "x86_64_v4", "x86_64_v4", None, "x86_64_v4", "x86_64_v4",
    ]  # fmt: skip
    assert done.returncode == 0


def test_predict_on_another_cpu_subdir_and_settings(tmp_path: Path) -> None:
    path = tmp_path / "haswell"
    path.write_text(scenes.archspec_sample("linux-rhel7-haswell"))

    def said(*arguments: str) -> str | None:
        done = doctor("predict", *arguments, "--json", "--cpuinfo", str(path))
        found: str | None = answer(done)["predict"][0]["archspec"]
        return found

    assert said("conda=26.7.1") == "haswell"
    assert said("micromamba=2.8.1") == "x86_64_v3"
    assert said("conda=26.7.1", "--subdir", "osx-arm64") == "arm64"
    assert said("conda=26.7.1", "--set", "CONDA_OVERRIDE_ARCHSPEC=zen2") == "zen2"
    assert said("micromamba=2.8.1", "--set", "CONDA_OVERRIDE_ARCHSPEC=") == "0"
    assert said("conda=26.7.1", "--set", "CONDA_OVERRIDE_ARCHSPEC=") is None


@pytest.mark.parametrize(("builds", "accepted"), [("0", False), ("1", False), ("2", True)])
def test_predict_with_older_builds(builds: str, accepted: bool, files: dict[str, str]) -> None:
    words = ("conda=26.7.1", "--set", "CONDA_OVERRIDE_ARCHSPEC=zen5", "--builds", builds)
    done = doctor("predict", *words, "--json", "--from", files["bare"])
    assert answer(done)["predict"][0]["accepts"][">=4"] is accepted


def test_predict_for_power_has_its_own_levels(tmp_path: Path) -> None:
    path = tmp_path / "power9"
    path.write_text(scenes.archspec_sample("linux-rhel8-power9"))
    done = doctor("predict", "conda=26.7.1", "--json", "--cpuinfo", str(path))
    (row,) = answer(done)["predict"]
    assert row["archspec"] == "power9le"
    assert {name for name, yes in row["accepts"].items() if yes} == {"=9", ">=8", ">=9"}
    assert set(row["accepts"]) == {"=8", "=9", "=10", ">=8", ">=9", ">=10"}


@pytest.mark.parametrize(
    ("sample", "subdir"),
    [("windows-cpuid-icelake", "win-64"), ("darwin-mojave-haswell", "osx-64"),
     ("darwin-bigsur-m1", "osx-arm64"), ("linux-rhel9-neoverse_v2", "linux-aarch64")],
)  # fmt: skip
def test_predict_takes_the_system_from_the_cpu_description(
    sample: str, subdir: str, tmp_path: Path
) -> None:
    path = tmp_path / "sample"
    path.write_text(scenes.archspec_sample(sample))
    done = doctor("predict", "conda=26.7.1", "--json", "--cpuinfo", str(path))
    (row,) = answer(done)["predict"]
    assert row["archspec"] == sample.split("-")[-1]
    names = {package.partition("=")[0] for package in row["virtual_packages"]}
    system = {"win": "__win", "osx": "__osx", "linux": "__linux"}[subdir.partition("-")[0]]
    other = {"__win", "__osx", "__linux"} - {system}
    assert system in names | set(row["unknown"])
    assert not other & names


def test_check_has_all_parts_under_one_document(files: dict[str, str]) -> None:
    report = answer(doctor("check", "--json", "--from", files["hyphen"]))
    assert {"machine", "clients", "findings"} <= set(report)
    for found in report["findings"]:
        assert {"id", "check", "severity", "title", "consequence", "clients", "evidence",
                "remedies", "link"} <= set(found)  # fmt: skip
        assert re.fullmatch(r"[a-z0-9-]+:[\w.-]+", found["id"])
        assert found["severity"] in ("ok", "note", "unknown", "warning", "error")
    assert report["findings"][0]["id"] == "mamba-hyphen-archspec:micromamba"


# --- exit statuses ---------------------------------------------------------------------------

STATUSES = [
    ("healthy", "error", 0), ("healthy", "warning", 0), ("healthy", "never", 0),
    ("bare", "warning", 0), ("hyphen", "error", 1), ("hyphen", "warning", 1),
    ("hyphen", "never", 0), ("warned", "error", 0), ("warned", "warning", 1),
    ("warned", "never", 0), ("hung", "error", 3), ("hung", "warning", 3), ("hung", "never", 0),
    ("hung-hyphen", "error", 1), ("hung-warned", "error", 3), ("hung-warned", "warning", 1),
    ("unreadable", "error", 3),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fail_on", "status"), STATUSES)
def test_the_exit_status_says_how_bad_it_is(
    name: str, fail_on: str, status: int, files: dict[str, str]
) -> None:
    done = doctor("check", "--from", files[name], "--fail-on", fail_on)
    assert done.returncode == status
    assert done.stdout != ""


def test_fail_on_is_error_by_default(files: dict[str, str]) -> None:
    assert doctor("check", "--from", files["warned"]).returncode == 0
    assert doctor("check", "--from", files["hyphen"]).returncode == 1


@pytest.mark.parametrize(
    ("verb", "name", "status"),
    [("machine", "hyphen", 0), ("machine", "unreadable", 3), ("level", "hyphen", 0),
     ("level", "unreadable", 3), ("clients", "hyphen", 0), ("clients", "hung", 3)],
)  # fmt: skip
def test_other_verbs_are_incomplete_where_something_is_unknown(
    verb: str, name: str, status: int, files: dict[str, str]
) -> None:
    assert doctor(verb, "--from", files[name]).returncode == status


def test_a_failure_is_one_json_document_too() -> None:
    for words in (("check", "no-such-check", "--json"), ("predict", "conda", "--json")):
        done = doctor(*words)
        said = json.loads(done.stdout)
        assert (done.returncode, said["schema"]) == (2, 1)
        assert said["error"] in done.stderr


# --- choosing checks -------------------------------------------------------------------------


def test_only_the_named_checks_are_run(files: dict[str, str]) -> None:
    done = doctor("check", "vm-masks-cpu-features", "--json", "--from", files["hyphen"])
    found = answer(done)["findings"]
    assert {each["check"] for each in found} == {"vm-masks-cpu-features"}
    assert done.returncode == 0


def test_an_unknown_check_is_refused_with_the_nearest_name() -> None:
    done = doctor("check", "mamba-hyphen-archspecs")
    assert done.returncode == 2
    assert "did you mean 'mamba-hyphen-archspec'?" in done.stderr


# --- text ------------------------------------------------------------------------------------

TEXTS = [
    ("check",), ("check", "--markdown"), ("machine",), ("clients",),
    ("predict", "micromamba=1.5.8", "conda=26.7.1"), ("level",),
]  # fmt: skip


@pytest.mark.parametrize("words", TEXTS, ids=" ".join)
@pytest.mark.parametrize("name", ["hyphen", "hung", "unreadable", "bare"])
def test_text_without_a_terminal_is_plain(
    words: tuple[str, ...], name: str, files: dict[str, str]
) -> None:
    text = doctor(*words, "--from", files[name]).stdout
    assert text.endswith("\n")
    assert BOXES.search(text) is None
    assert not {"\x1b", "\r"} & set(text)


@pytest.mark.parametrize("verb", ["check", "machine", "clients"])
def test_plain_is_what_a_pipe_gets(verb: str, files: dict[str, str]) -> None:
    piped = doctor(verb, "--from", files["hyphen"]).stdout
    assert doctor(verb, "--plain", "--from", files["hyphen"]).stdout == piped


FACT = re.compile(r"[A-Za-z][\w ,()'./-]*:( |$)")
HEADING = re.compile(
    r"(ERROR|WARNING|UNKNOWN|NOTE) [a-z0-9-]+:[\w.-]+|(conda|mamba|micromamba) [\d.]+"
)


@pytest.mark.parametrize("verb", ["check", "machine", "clients"])
def test_plain_has_one_fact_per_line(verb: str, files: dict[str, str]) -> None:
    lines = doctor(verb, "--plain", "--from", files["hyphen"]).stdout.splitlines()
    headline = {lines[1]} if verb == "check" else set()
    assert not [line for line in lines if "  " in line]
    others = [line for line in lines if line and line not in headline]
    assert [line for line in others if not (FACT.match(line) or HEADING.fullmatch(line))] == []


def test_without_a_verb_a_pipe_gets_the_plain_report(files: dict[str, str]) -> None:
    done = doctor("--from", files["hyphen"])
    assert done.stdout == doctor("check", "--plain", "--from", files["hyphen"]).stdout
    assert done.returncode == 1


def test_markdown_names_findings_and_clients(files: dict[str, str]) -> None:
    text = doctor("check", "--markdown", "--from", files["hyphen"]).stdout
    assert "`mamba-hyphen-archspec:micromamba`" in text
    assert "| micromamba 1.5.8 | `x86_64-v4` | reported |" in text
    assert text.count("```") % 2 == 0


def test_level_is_one_word(files: dict[str, str]) -> None:
    assert doctor("level", "--from", files["hyphen"]).stdout == "x86_64_v4\n"
    assert doctor("level", "--from", files["unreadable"]).stdout == "unknown\n"


def test_standard_output_is_data_only(files: dict[str, str]) -> None:
    done = doctor("level", "--from", files["unreadable"])
    assert done.stderr.startswith("envdoctor: /proc/cpuinfo ")
    for words in (("check", "--json"), ("clients", "--json"), ("machine", "--json")):
        done = doctor(*words, "--from", files["hyphen"])
        assert answer(done)
        assert done.stderr == ""


def test_version_and_help() -> None:
    assert doctor("--version").stdout == f"envdoctor {__version__}\n"
    done = doctor("--help")
    assert done.returncode == 0
    assert all(verb in done.stdout for verb in ("check", "machine", "level", "clients", "predict"))


def test_the_command_is_installed_as_envdoctor() -> None:
    program = Path(sys.executable).parent / "envdoctor"
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"envdoctor {__version__}\n"


@pytest.mark.parametrize("words", [*TEXTS, ("check", "--json"), ("--help",)], ids=" ".join)
def test_a_reader_that_leaves_early_is_no_error(
    words: tuple[str, ...], files: dict[str, str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "doctor", *words, "--from", files["hyphen"]],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode in (0, 1)


def test_head_ends_the_pipe_without_a_traceback(files: dict[str, str]) -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "doctor", "check", "--from", files["hyphen"]],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    head = subprocess.run(["head", "-1"], stdin=first.stdout, capture_output=True, check=True)
    first.stdout.close()
    assert head.stdout == b"Overview:\n"
    assert first.communicate(timeout=60)[1] == ""


def test_text_that_the_terminal_cannot_encode_is_no_error(files: dict[str, str]) -> None:
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    for words in (("check",), ("check", "--markdown"), ("machine",)):
        done = doctor(*words, "--from", files["hyphen"], env=env)
        assert (done.returncode, done.stderr) == (int(words[0] == "check"), "")


# --- recordings ------------------------------------------------------------------------------


def comparable(report: Report) -> Report:
    """A report without what a recording must say differently: when and whose it is."""
    return replace(report, made="", source="")


@pytest.mark.parametrize("make", [scenes.healthy, scenes.hyphen, warned, override_lower])
def test_a_recording_gives_an_equal_report(make: Callable[[], scenes.Scene]) -> None:
    host = RecordingHost(make())
    live = examine(host)
    data = encode(host.recording())
    assert comparable(examine(RecordedHost(decode(data)))) == comparable(live)


def test_a_recording_of_this_machine_gives_an_equal_report() -> None:
    host = RecordingHost(LiveHost())
    live = examine(host, limit=30)
    host.close()
    read = decode(encode(host.recording()))
    assert comparable(examine(RecordedHost(read))) == comparable(live)


def test_the_same_recording_is_the_same_bytes() -> None:
    assert encode(scenes.recording(scenes.hyphen())) == encode(scenes.recording(scenes.hyphen()))


def test_a_report_from_a_file_equals_the_one_in_memory(files: dict[str, str]) -> None:
    read = decode(Path(files["hyphen"]).read_bytes())
    mine = document.of_report(examine(RecordedHost(read)))
    assert answer(doctor("check", "--json", "--from", files["hyphen"])) == {
        "schema": 1, "envdoctor": __version__, **json.loads(json.dumps(mine)),
    }  # fmt: skip


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0"


@pytest.mark.parametrize("form", ["--json", "--markdown", "--plain"])
def test_what_is_surely_a_token_is_printed_nowhere(form: str, tmp_path: Path) -> None:
    """Also where nothing around it says so; names of packages that begin like some stay."""
    ours = f"- CONDA_OVERRIDE_ARCHSPEC=x86-64-v3 pip install {TOKEN} pypi-mapping-of-names"
    (tmp_path / ".gitlab-ci.yml").write_text(f"test:\n  script:\n    {ours}\n")
    env = replay.surroundings(tmp_path / "home", env={"PYTHONPATH": str(ROOT)})
    done = subprocess.run(
        [sys.executable, "-m", "doctor", "check", form],
        env={**env, "CONDA_OVERRIDE_CUDA": TOKEN}, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert TOKEN not in done.stdout + done.stderr
    assert "pypi-mapping-of-names" in done.stdout
