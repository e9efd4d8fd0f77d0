"""Bad files: every verb says what is wrong in one line with exit status 2, and never breaks."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from doctor import cpu, examine, microarch, processors
from doctor.clients.asking import NoAnswer, read_json, read_packages
from doctor.host.recorded import RecordedHost, UnreadableRecording, decode, encode
from doctor.model import File, Transcript
from tests import scenes

LIMIT = 5.0
"""Seconds that any verb may take to refuse a file."""

PREDICT = ("predict", "micromamba=2.8.1", "conda=26.7.1")
EXPLAIN = ("explain", "demo-fast")
FROM_VERBS: tuple[tuple[str, ...], ...] = (
    ("check",), ("machine",), ("level",), ("clients",), PREDICT, EXPLAIN, ("envs",),
    ("project",),
)  # fmt: skip
CPUINFO_VERBS: tuple[tuple[str, ...], ...] = (
    ("level",), PREDICT, EXPLAIN, ("envs",), ("project",),
)  # fmt: skip


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the program as a user would, with no client anywhere near."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "doctor", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PATH": "", "HOME": os.devnull},
        check=False,
    )
    assert time.monotonic() - started < LIMIT
    assert "Traceback" not in done.stderr
    return done


def only_a_complaint(done: subprocess.CompletedProcess[str], path: str) -> None:
    """One line on standard error that names the file, and exit status 2."""
    assert done.returncode == 2
    assert done.stderr.startswith("envdoctor: ")
    assert path in done.stderr
    assert done.stderr.count("\n") == 1


# --- files that are no good ------------------------------------------------------------------


def missing(folder: Path) -> Path:
    return folder / "missing"


def below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("text")
    return folder / "file" / "below"


def forbidden(folder: Path) -> Path:
    path = folder / "forbidden"
    path.write_text("flags : sse\n")
    path.chmod(0)
    return below_a_file(folder) if os.access(path, os.R_OK) else path  # root may read all


def empty(folder: Path) -> Path:
    (folder / "empty").write_bytes(b"")
    return folder / "empty"


def binary(folder: Path) -> Path:
    (folder / "binary").write_bytes(bytes(range(256)) * 64)
    return folder / "binary"


def directory(folder: Path) -> Path:
    return folder


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "fifo")
    return folder / "fifo"


def endless(folder: Path) -> Path:
    return Path("/dev/zero")


def large(folder: Path) -> Path:
    (folder / "large").write_bytes(b"x y\n" * (9 * 2**18))
    return folder / "large"


def deep(folder: Path) -> Path:
    (folder / "deep").write_text('{"format": 1, "env": ' + "[" * 200_000 + "]" * 200_000 + "}")
    return folder / "deep"


def wrong_types(folder: Path) -> Path:
    content = {"format": 1, "doctor": 7, "made": [], "facts": "none", "files": {"a": 3}}
    (folder / "wrong_types").write_text(json.dumps(content))
    return folder / "wrong_types"


def no_object(folder: Path) -> Path:
    (folder / "no_object").write_text("[1, 2, 3]")
    return folder / "no_object"


def newer(folder: Path) -> Path:
    (folder / "newer").write_text(json.dumps({"format": 999, "facts": {}}))
    return folder / "newer"


def control_codes(folder: Path) -> Path:
    (folder / "codes").write_text("\x1b[31mred\x1b]0;title\x07\x9b31m\n" * 3)
    return folder / "codes"


BAD: tuple[Callable[[Path], Path], ...] = (
    missing, below_a_file, forbidden, empty, binary, directory, fifo, endless, large, deep,
    wrong_types, no_object, newer, control_codes,
)  # fmt: skip


@pytest.mark.parametrize("verb", FROM_VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_recording_is_refused(
    make: Callable[[Path], Path], verb: tuple[str, ...], tmp_path: Path
) -> None:
    path = str(make(tmp_path))
    done = doctor(*verb, "--from", path)
    only_a_complaint(done, path)
    assert done.stdout == ""


@pytest.mark.parametrize("verb", [v for v in FROM_VERBS if v != ("level",)], ids=lambda v: v[0])
@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_recording_is_one_json_document_where_json_was_asked(
    make: Callable[[Path], Path], verb: tuple[str, ...], tmp_path: Path
) -> None:
    path = str(make(tmp_path))
    done = doctor(*verb, "--from", path, "--json")
    only_a_complaint(done, path)
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    assert path in document["error"]


@pytest.mark.parametrize("verb", CPUINFO_VERBS, ids=lambda verb: verb[0])
@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_cpu_description_is_refused(
    make: Callable[[Path], Path], verb: tuple[str, ...], tmp_path: Path
) -> None:
    path = str(make(tmp_path))
    done = doctor(*verb, "--cpuinfo", path)
    only_a_complaint(done, path)
    assert done.stdout == ""


@pytest.mark.parametrize("make", BAD, ids=lambda make: make.__name__)
def test_a_bad_cpu_description_is_one_json_document_where_json_was_asked(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = str(make(tmp_path))
    done = doctor(*PREDICT, "--json", "--cpuinfo", path)
    only_a_complaint(done, path)
    assert json.loads(done.stdout)["schema"] == 1


def test_a_newer_recording_says_what_to_do(tmp_path: Path) -> None:
    assert "upgrade envdoctor" in doctor("check", "--from", str(newer(tmp_path))).stderr


@pytest.mark.parametrize("verb", CPUINFO_VERBS, ids=lambda verb: verb[0])
def test_an_empty_file_name_is_refused_not_taken_for_this_machine(verb: tuple[str, ...]) -> None:
    for option in ("--cpuinfo", "--from"):
        done = doctor(*verb, option, "")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["no\nnewline", "\x1b[31mred", "a\tb", "\u202egnp"])
def test_a_hostile_file_name_is_one_plain_line(name: str) -> None:
    for arguments in (("level", "--cpuinfo"), ("check", "--from")):
        done = doctor(*arguments, f"/nowhere/{name}")
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "\x1b" not in done.stderr
        assert "\u202e" not in done.stderr


# --- CPU descriptions that are odd, but descriptions -----------------------------------------

LONG = "9" * 5000
"""More digits than Python turns into a number."""
V3 = " ".join(sorted(microarch.installed().required("x86_64_v3") | microarch.LEVEL_ONE | {"lm"}))


def described(**fields: str) -> str:
    given = {"vendor_id": "GenuineIntel", "model name": "Test CPU", "flags": V3, **fields}
    return "".join(f"{name}\t: {value}\n" for name, value in given.items())


def odd() -> Iterator[tuple[str, str, str]]:
    """Name, text, and the level that it describes."""
    yield (
        "huge_numbers",
        described(model="9" * 5000, **{"cpu family": "1" + "0" * 5000}),
        "x86_64_v3",
    )
    yield "whitespace", described(flags=f"{' ' * 2_000_000}{V3}{chr(9) * 2_000_000}"), "x86_64_v3"
    yield "blank_lines", "\n" * 2_000_000 + described(), "x86_64_v3"
    yield "long_name", described(**{"model name": "X" * 2_000_000}), "x86_64_v3"
    yield "escapes", described(**{"model name": "\x1b[31mEvil\x1b]0;t\x07\x9b2J"}), "x86_64_v3"
    yield "escaped_vendor", described(vendor_id="\x1b[2J\u202eGenuineIntel"), "x86_64_v3"
    yield "many", (described() + "\n") * 4096, "x86_64_v3"
    yield "apple", "machdep.cpu.brand_string: Apple M999999999\n", "aarch64"
    yield "apple_digits", f"machdep.cpu.brand_string: Apple M{LONG}\n", "aarch64"
    yield "power", f"cpu : POWER{LONG} (raw)\n", ""
    yield "cpuid", f"0, 0, {'9' * 10}, 1970169159, 1818588270, 1231384169\n", "x86_64"


ODD = [pytest.param(text, level, id=name) for name, text, level in odd()]


@pytest.mark.parametrize(("text", "level"), ODD)
def test_an_odd_cpu_description_has_one_word_for_its_level(
    text: str, level: str, tmp_path: Path
) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    done = doctor("level", "--cpuinfo", str(tmp_path / "cpuinfo"))
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.removesuffix("\n").isidentifier()
    assert level in ("", done.stdout.strip())


@pytest.mark.parametrize(("text", "level"), ODD)
def test_an_odd_cpu_description_can_be_predicted_on(text: str, level: str, tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    done = doctor(*PREDICT, "--json", "--cpuinfo", str(tmp_path / "cpuinfo"))
    assert done.returncode == 0
    rows = json.loads(done.stdout)["predict"]
    assert [row["kind"] for row in rows] == ["micromamba", "conda"]


def recorded(folder: Path, scene: scenes.Scene, **facts: str) -> str:
    """A recording of a scene on disk, with some facts replaced."""
    made = scenes.recording(scene)
    path = folder / "recording.json"
    path.write_bytes(encode(replace(made, facts=replace(made.facts, **facts))))
    return str(path)


EVIL = "\x1b[31mEvil\x1b]0;title\x07\x9b2J\u202e\r"
SHOWS: tuple[tuple[str, ...], ...] = (
    ("check",), ("check", "--json"), ("check", "--markdown"), ("check", "--plain"),
    ("machine",), ("machine", "--json"), ("level",), ("clients",), ("clients", "--json"), PREDICT,
    (*PREDICT, "--json"),
)  # fmt: skip


@pytest.mark.parametrize("verb", SHOWS, ids=lambda verb: "".join(verb[::2]))
def test_control_codes_in_a_recording_never_reach_the_terminal(
    verb: tuple[str, ...], tmp_path: Path
) -> None:
    scene = scenes.bare(described(**{"model name": EVIL, "vendor_id": EVIL}), {
        "CONDA_OVERRIDE_ARCHSPEC": EVIL, "CONDA_OVERRIDE_GLIBC": EVIL, "ARCHSPEC_EVIL": EVIL,
    })  # fmt: skip
    said = Transcript((), {}, 1, EVIL, EVIL, 0.1)
    scene.program("/opt/bin/micromamba", said).program("/opt/bin/pixi", said)
    done = doctor(*verb, "--from", recorded(tmp_path, scene, release=EVIL, machine=EVIL))
    for text in (done.stdout, done.stderr):
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(text)
    assert done.returncode in (0, 1, 3)
    if "--json" in verb:
        assert json.loads(done.stdout)["schema"] == 1


@pytest.mark.parametrize(
    "stdout", ['{"virtual packages":' + "[" * 100_000, "{" * 100_000, "1" * 9999]
)
def test_a_client_that_printed_nonsense_is_one_unknown_row(stdout: str, tmp_path: Path) -> None:
    scene = scenes.bare().program("/opt/bin/pixi", Transcript((), {}, 0, stdout, "", 0.1))
    done = doctor("check", "--json", "--from", recorded(tmp_path, scene))
    found = {f["id"]: f["severity"] for f in json.loads(done.stdout)["findings"]}
    assert found == {"client-did-not-answer:pixi": "unknown", "vm-masks-cpu-features:cpu": "note"}
    assert done.returncode == 3


@pytest.mark.parametrize("version", [LONG, f"2.8.{LONG}", "", "x" * 9999, "\x1b[31m2.8.1", "٣.1"])
def test_a_client_of_an_odd_version_is_a_row(version: str, tmp_path: Path) -> None:
    said = json.dumps({"virtual packages": ["__archspec=1=x86_64_v4"], "libmamba version": version})
    scene = scenes.bare().program("/opt/bin/micromamba", Transcript((), {}, 0, said, "", 0.1))
    done = doctor("clients", "--json", "--from", recorded(tmp_path, scene))
    (row,) = json.loads(done.stdout)["clients"]
    assert row["answers"][-1]["virtual_packages"] == ["__archspec=1=x86_64_v4"]


def targets(**entries: object) -> str:
    return json.dumps({"microarchitectures": entries})


NO_GENERIC = {"from": [], "vendor": "AuthenticAMD", "features": []}
HOSTILE_TABLES = [
    "", "[]", "{}", "[" * 100_000, targets(), targets(x86_64=NO_GENERIC),
    targets(x86_64={"from": ["x86_64"], "vendor": "generic", "features": []}),
    targets(x86_64={"from": ["gone"], "vendor": "generic", "features": []}),
    targets(x86_64={"from": 7, "vendor": ["generic"], "features": [[], {}]}),
    targets(x86_64={"from": [], "vendor": "generic", "features": [], "cpupart": []}),
    targets(other={"from": [], "vendor": "generic", "features": []}),
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE_TABLES, ids=lambda text: text[:60])
def test_a_root_whose_archspec_is_damaged_is_a_row(text: str, tmp_path: Path) -> None:
    scene = scenes.bare().program("/opt/conda/bin/conda", None)
    scene.root("/opt/conda", scenes.CONDA_PARTS, scenes.conda_probe("26.7.1"))
    (table,) = [path for path in scene.files if path.endswith("microarchitectures.json")]
    scene.files[table] = text
    done = doctor("clients", "--json", "--from", recorded(tmp_path, scene))
    assert [row["id"] for row in json.loads(done.stdout)["clients"]] == ["conda"]


@pytest.mark.parametrize("release", ["0.0.1", "0.2.7", "9.9.9", "x"])
def test_a_root_with_any_release_of_archspec_is_a_row(release: str, tmp_path: Path) -> None:
    scene = scenes.bare().program("/opt/conda/bin/conda", None)
    parts = {"conda": "26.7.1", "archspec": release}
    scene.root("/opt/conda", parts, scenes.conda_probe("26.7.1"))
    done = doctor("clients", "--json", "--from", recorded(tmp_path, scene))
    assert [row["id"] for row in json.loads(done.stdout)["clients"]] == ["conda"]


# --- arguments -------------------------------------------------------------------------------

USAGE: tuple[tuple[str, ...], ...] = (
    ("predict",), ("predict", "conda"), ("predict", "conda="), ("predict", "=1"),
    ("predict", "conda=x"), ("predict", "mamba=1.5,archspec"), ("predict", "micromamba=2,solver=x"),
    ("predict", "conda=26.7.1,solver=x"), ("predict", "conda=26.7.1,archspec=0.0.1"),
    ("predict", "mama=2.8.1"), ("predict", "conda=26.7.1", "--builds", "5"),
    ("predict", "conda=26.7.1", "--set", "NAME"), ("predict", "conda=26.7.1", "--set", "=x"),
    ("check", "no-such-check"), ("check", "--fail-on", "note"), ("check", "--limit", "0"),
    ("check", "--limit", "x"), ("check", "--limit", "nan"), ("check", "--json", "--markdown"),
    ("nonsense",), ("level", "--nonsense"), ("machine", "extra"), ("--from",),
)  # fmt: skip


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_arguments_are_one_line_and_exit_status_2(arguments: tuple[str, ...]) -> None:
    done = doctor(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("envdoctor: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == "" or json.loads(done.stdout)["schema"] == 1


def test_a_version_may_be_odd_but_never_breaks() -> None:
    for version in ("0", "1..2", "1.0rc", "9" * 60):
        done = doctor("predict", f"conda={version}", f"rattler={version}", "--json")
        assert done.returncode == 0
        assert len(json.loads(done.stdout)["predict"]) == 2
    for version in (LONG, "2.0.0-é", "1\x1b[31m"):
        done = doctor("predict", f"conda={version}", "--json")
        assert done.returncode == 2
        assert json.loads(done.stdout)["schema"] == 1
        assert done.stderr.count("\n") == 1
        assert "\x1b" not in done.stderr


# --- random input ----------------------------------------------------------------------------

FUZZ = settings(max_examples=150, deadline=None)
KEYS = st.sampled_from(
    ["flags", "vendor_id", "model name", "cpu family", "model", "CPU implementer", "CPU part",
     "Features", "cpu", "isa", "uarch", "machdep.cpu.brand_string", "machdep.cpu.features", "hw.x",
     "processor"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [V3, "GenuineIntel", "AuthenticAMD", "POWER9", "rv64imafdc", "0x41", "Apple M4"]
    ),
)
LINES = st.one_of(
    st.builds("{}: {}".format, KEYS, VALUES),
    st.just(""),
    st.lists(st.integers(0, 2**33), min_size=5, max_size=7).map(lambda n: ", ".join(map(str, n))),
)
CPU_TEXTS = st.one_of(st.text(), st.lists(LINES, max_size=12).map("\n".join))
ARCHITECTURES = st.sampled_from([None, "x86_64", "aarch64", "ppc64le", "ppc64", "riscv64", "s390x"])


@FUZZ
@given(CPU_TEXTS, ARCHITECTURES)
def test_any_text_is_a_cpu_or_unreadable(text: str, architecture: str | None) -> None:
    with suppress(cpu.UnreadableCpu):
        groups = cpu.parse(text, architecture)
        assert groups
        assert sum(group.count for group in groups) >= len(groups)
        for group in groups:
            microarch.describe(group.cpu)
        processors.shared_level(groups)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
RECORDING_KEYS = st.sampled_from(
    ["format", "doctor", "made", "facts", "env", "env_names", "files", "entries", "transcripts"]
)


@FUZZ
@given(st.one_of(st.binary(), JSON.map(lambda value: json.dumps(value).encode())))
def test_any_bytes_are_a_recording_or_unreadable(data: bytes) -> None:
    with suppress(UnreadableRecording):
        assert decode(data).format == 1


@FUZZ
@given(RECORDING_KEYS, JSON)
def test_a_recording_with_one_wrong_part_is_read_or_unreadable(key: str, value: object) -> None:
    document = json.loads(encode(scenes.recording(scenes.bare())))
    with suppress(UnreadableRecording):
        read = decode(json.dumps({**document, key: value}).encode())
        assert read.format <= 1


PACKAGE_KEYS = st.sampled_from(
    ["virtual_pkgs", "virtual packages", "virtual_packages", "error", "x"]
)


@FUZZ
@given(st.one_of(st.text(), JSON.map(json.dumps), st.text().map("envdoctor {}".format)))
def test_any_output_is_an_object_or_no_answer(stdout: str) -> None:
    with suppress(NoAnswer):
        assert isinstance(read_json(stdout), dict)


@FUZZ
@given(st.dictionaries(PACKAGE_KEYS, JSON))
def test_any_object_holds_packages_or_no_answer(document: dict[str, Any]) -> None:
    with suppress(NoAnswer):
        for package in read_packages(read_json(json.dumps(document))):
            assert not {"\x1b", "\n", "\r"} & set(str(package))


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "virtual packages": JSON,
        "virtual_pkgs": JSON,
        "libmamba version": JSON,
        "base environment": JSON,
        "conda_version": JSON,
        "solver": JSON,
        "override_virtual_packages": JSON,
    },
)
HYPHEN = scenes.recording(scenes.hyphen())


@settings(max_examples=60, deadline=None)
@given(CPU_TEXTS, st.one_of(st.text(), ANSWERS.map(json.dumps)), st.text(max_size=12))
def test_any_recording_can_be_examined(text: str, stdout: str, machine: str) -> None:
    said = tuple(replace(t, stdout=stdout) for t in HYPHEN.transcripts)
    files = {**HYPHEN.files, "/proc/cpuinfo": File("/proc/cpuinfo", text)}
    facts = replace(HYPHEN.facts, machine=machine or "x86_64")
    made = replace(HYPHEN, transcripts=said, files=files, facts=facts)
    report = examine.examine(RecordedHost(made))
    assert len(report.clients) == 3
    assert not [finding for finding in report.findings if " broke: " in finding.title]


# --- output that nobody takes ----------------------------------------------------------------


def into(output: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the program in a shell that gives it this standard output, and no client."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m doctor "$@" {output}', sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PATH": "", "HOME": os.devnull},
        check=False,
    )


SAYING = (("level",), ("check", "--list"), ("check", "--json"), ("bundle", "--show"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", SAYING)
def test_a_full_disk_is_no_fault_of_envdoctor(arguments: tuple[str, ...]) -> None:
    done = into(">/dev/full", *arguments)
    said = done.stderr.splitlines()[-1]
    assert said == "envdoctor: not everything could be written: No space left on device"
    assert "Traceback" not in done.stderr
    assert done.returncode == 2  # not 1, which says that something was found


@pytest.mark.parametrize("arguments", SAYING)
@pytest.mark.parametrize("output", [">&-", "2>&-", "<&-"])
def test_a_stream_that_was_closed_changes_no_exit_status(
    output: str, arguments: tuple[str, ...]
) -> None:
    done = into(output, *arguments)
    assert "broke" not in done.stderr and "Traceback" not in done.stderr
    assert done.returncode == into("", *arguments).returncode


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_complaint_that_cannot_be_printed_has_its_exit_status() -> None:
    assert into("2>/dev/full", "level", "--cpuinfo", "/nowhere").returncode == 2
