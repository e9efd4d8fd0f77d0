"""Bundles from anywhere: refused in one line or shown safely, in bounded time and memory."""

import hashlib
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doctor import __version__
from doctor.bundle.making import replayed, zipped
from doctor.bundle.opening import UnreadableBundle, UnreadableRecording, opened
from doctor.cli import main
from doctor.host.recorded import encode
from tests import DATA
from tests.clients import ROOT
from tests.hostile import ESCAPES, document, files, good, packed
from tests.hostile_content import escaped, everything
from tests.test_bundle import bundled

CONTROL = "".join(map(chr, (*range(9), *range(11, 32), *range(127, 160), 0x202E)))

BATCH = """
import contextlib, io, json, os, resource, sys, time
from doctor.cli import main
import doctor.examine, doctor.checks, doctor.caches, doctor.projects, doctor.bundle.opening
import doctor.report.text
resource.setrlimit(resource.RLIMIT_AS, (2**30 * 3 // 2, 2**30 * 3 // 2))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
for path in sys.stdin.read().splitlines():
    said, complaint, started = io.StringIO(), io.StringIO(), time.monotonic()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complaint):
        status = main(["check", "--plain", "--from", path])
    print(json.dumps([path, status, said.getvalue()[:9000], complaint.getvalue()[:9000],
                      time.monotonic() - started]), flush=True)
status = open("/proc/self/status").read()
print(json.dumps(int(status.split("VmHWM:")[1].split()[0])))
"""
"""Checks bundle after bundle in a process that can write no file and has little memory.

Its peak is not asked of getrusage: that keeps the peak of the process that started it."""


class Batch:
    """What the program said of each bundle, and what it took."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, str] = {}
        bundles, self.empty = folder / "bundles", folder / "empty"
        bundles.mkdir()
        self.empty.mkdir()
        for number, (name, data) in enumerate(everything()):
            path = bundles / f"{number}.zip"
            path.write_bytes(data)
            self.names[str(path)] = name
        env = {"PATH": "", "HOME": str(self.empty), "TMPDIR": str(self.empty),
               "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
        done = subprocess.run([sys.executable, "-c", BATCH], input="\n".join(self.names), env=env,
                              capture_output=True, text=True, cwd=self.empty, timeout=300,
                              check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        *rows, peak = map(json.loads, done.stdout.splitlines())
        self.peak = peak / 1024
        self.rows = {self.names[path]: row for path, *row in rows}
        self.printed = done.stderr


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    return Batch(tmp_path_factory.mktemp("hostile"))


def test_every_hostile_bundle_is_refused_in_one_line_or_shown_safely(batch: Batch) -> None:
    assert len(batch.rows) == len(batch.names) > 500
    shown = 0
    for name, (status, said, complaint, _) in batch.rows.items():
        assert not set(CONTROL) & set(said + complaint), name
        assert "Traceback" not in said + complaint, name
        assert "broke" not in complaint, (name, complaint)
        if status == 2:
            assert complaint.startswith("envdoctor: "), name
            assert complaint.count("\n") == 1, name
            assert len(complaint) < 500, name
            assert said == "", name
        else:
            shown += 1
            assert status in (0, 1, 3), name
            assert said.startswith("Overview:\n"), name
            assert "recording of" in said, name
    assert 20 < shown < 60


def test_none_takes_long_or_much_or_writes_anything(batch: Batch) -> None:
    assert list(batch.empty.iterdir()) == []
    assert batch.peak < 150
    slow = {name: row[3] for name, row in batch.rows.items() if row[3] > 8}
    assert slow == {}
    refused = [row[3] for row in batch.rows.values() if row[0] == 2]
    assert max(refused) < 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("archives: name '../x.txt'", "a name that no bundle has"),
        ("archives: mode link", "which is no plain file"),
        ("archives: twice", "holds summary.md twice"),
        ("archives: count", "more than 2000 files"),
        ("archives: ratio", "unpacks to far too much"),
        ("archives: total", "unpacks to more than any bundle holds"),
        ("archives: larger (zip64)", "for larger files"),
        ("archives: list flags 1", "is encrypted"),
        ("archives: list method 99", "packed in a way that no bundle is"),
        ("archives: overlapping", "its files overlap"),
        ("archives: unlisted", "does not list"),
        ("damaged: bomb in deflate", "damaged .zip"),
        ("damaged: cut at 20/40", "its end is missing"),
        ("manifests: format 3", "newer envdoctor (format 3"),
        ("manifests: format 1000000000", "upgrade envdoctor to open it"),
        ("manifests: format -1", "names no format"),
        ("manifests: format True", "names no format"),
        ("manifests: wrong digest", "is not what its manifest.json says"),
        ("manifests: lacks recording.json", "lacks recording.json"),
        ("recordings: texts twice", "twice"),
        ("recordings: endless home", "longer than any real answer"),
    ],
)
def test_each_is_refused_for_what_is_wrong_with_it(batch: Batch, name: str, words: str) -> None:
    status, _, complaint, _ = batch.rows[name]
    assert status == 2
    assert words in complaint


@pytest.mark.parametrize("arguments", [("--plain",), ("--json",), ("--markdown",), ()])
def test_escape_sequences_in_every_text_come_out_as_none(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(escaped())
    assert "\\u001b" in encode(opened(path.read_bytes()).recording).decode()
    assert main(["check", *arguments, "--from", str(path)]) in (0, 1, 3)
    printed = capsys.readouterr()
    assert not set(CONTROL) & set(printed.out + printed.err)
    assert "evil" in printed.out


def test_a_bundle_that_says_it_is_this_machine_is_none_that_can_be_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "live.zip"
    path.write_bytes(packed(files(), source="this machine", redacted=False))
    main(["check", "--from", str(path), "--json"])
    assert json.loads(capsys.readouterr().out)["source"] != "this machine"
    arguments = ["fix", "mamba-hyphen-archspec", "--apply", "--yes", "--from", str(path)]
    assert main(arguments) == 2
    assert "cannot be changed" in capsys.readouterr().err


def test_the_stored_report_is_never_believed(tmp_path: Path) -> None:
    lies = json.dumps({"schema": 1, "findings": [], "doctor": __version__}).encode()
    found = opened(packed({**files(), "report.json": lies, "summary.md": b"all is well"}))
    assert replayed(found.recording).findings == replayed(opened(good()).recording).findings


# --- any bytes at all ------------------------------------------------------------------------


@cache
def small() -> bytes:
    return zipped(bundled("sick-only-old"))


def judged(data: bytes) -> None:
    """Refused with a reason, or judged; nothing else is raised."""
    try:
        recording = opened(data).recording
    except (UnreadableBundle, UnreadableRecording) as error:
        assert 0 < len(str(error)) < 400
        assert "\n" not in str(error)
        return
    report = replayed(recording)
    assert not [f for f in report.findings if f.subject == "envdoctor"]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.large_base_example])
@given(st.data())
def test_changed_bytes_are_refused_or_judged(data: st.DataObject) -> None:
    changed = bytearray(small())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        length = data.draw(st.integers(0, 40))
        changed[at : at + length] = data.draw(st.binary(max_size=40))
    judged(bytes(changed))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from([ESCAPES, "/" * 50, "hidden-user-1", "x86_64_v3", "\ud800", "conda"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner,
                                                               max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in some JSON."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) \
        if isinstance(value, list) else ()  # fmt: skip
    return [path, *(place for key, inner in rows for place in places(inner, (*path, key)))]


def put(value: Any, path: tuple[Any, ...], new: object) -> None:  # noqa: ANN401 - JSON
    for key in path[:-1]:
        value = value[key]
    if new is put:
        del value[path[-1]]
    else:
        value[path[-1]] = new


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_changed_content_with_right_digests_is_refused_or_judged(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["recording.json", "recording.json", "manifest.json"]))
    content = dict(files())
    changed = document(name)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places(changed)[1:]))
        put(changed, place, data.draw(JSON | st.just(put)))
    text = json.dumps(changed).encode()
    if name == "manifest.json":
        judged(packed({**content, name: text}, listed=False))
    else:
        other = data.draw(st.sampled_from([n for n in content if n.endswith(".txt")]))
        new = {name: text, other: data.draw(st.binary(max_size=60) | st.just(content[other][:99]))}
        judged(packed({**content, **new}))


# --- older formats ---------------------------------------------------------------------------

KEPT = DATA / "bundles"


@pytest.mark.parametrize("name", ["format1.json", "format2.zip"])
def test_bundles_of_every_format_that_was_ever_written_open(name: str) -> None:
    found = opened((KEPT / name).read_bytes())
    assert (found.manifest is None) == (name == "format1.json")
    assert found.manifest is None or found.manifest.format == 2
    report = replayed(found.recording)
    assert [f.id for f in report.findings][:1] == ["mamba-hyphen-archspec:micromamba"]
    assert report.made == "2026-11-22T12:00:00+00:00"
    digest = hashlib.sha256((KEPT / name).read_bytes()).hexdigest()
    assert digest in (KEPT / "SHA256SUMS").read_text()
