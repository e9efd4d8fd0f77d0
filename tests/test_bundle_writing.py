"""A bundle is written wholly or not at all, never over another file, and failures are said."""

import json
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from doctor.bundle.writing import NotWritten, write
from tests.clients import ROOT
from tests.hostile import good

KILLED = """
import hashlib, json, os, signal, sys, time
from pathlib import Path
from doctor.bundle.making import make, replayed, zipped
from doctor.bundle.writing import write
from doctor.host.identity import Identity
from tests import scenes

folder, whole, over, moments = Path(sys.argv[1]), sys.argv[2] == "whole", sys.argv[3] == "over", \
    int(sys.argv[4])
target = folder / "x.zip"
machine = scenes.recording(scenes.cluster())
report, who = replayed(machine), Identity(("user",), (), scenes.HOME)
small = zipped(make(machine, report, who))
data = small if whole else small * 400

def export():
    write(target, zipped(make(machine, report, who)) if whole else data, over)

old = b"what stood there before"
good = {hashlib.sha256(data).hexdigest(): "new", hashlib.sha256(old).hexdigest(): "old"}
seen, length, began = [], 0.0, time.perf_counter()

def enough():
    states = [state for state, _, _ in seen]
    killed = sum(killed for _, killed, _ in seen)
    return killed >= moments and min(states.count("new"), len(states) - states.count("new")) >= 3

while not enough() and time.perf_counter() < began + 60:
    ends = len(seen) % 6 == 0  # how long that takes on a machine that is as busy as it is now
    target.unlink(missing_ok=True)
    if over:
        target.write_bytes(old)
    pid, started = os.fork(), time.perf_counter()
    if pid == 0:
        export()
        os._exit(0)
    end = started + length * 1.2 * (len(seen) * 0.618 % 1)  # each moment is another one
    while not ends and time.perf_counter() < end:
        pass
    if not ends:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    length = time.perf_counter() - started if ends else length
    state = "absent"
    if target.exists():
        state = good.get(hashlib.sha256(target.read_bytes()).hexdigest(), "BROKEN")
    parts = [path for path in folder.iterdir() if path != target]
    seen.append([state, os.WIFSIGNALED(status), len(parts)])
    for path in parts:
        path.unlink()
print(json.dumps(seen))
"""
"""Exports again and again, each time in a child that is killed a little later."""


@pytest.mark.parametrize(("what", "moments"), [("whole", 15), ("write", 60)])
@pytest.mark.parametrize("over", ["new", "over"])
def test_killed_at_any_moment_there_is_no_file_or_a_whole_one(
    what: str, moments: int, over: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), what, over, str(moments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    states = {state for state, _, _ in seen}
    assert states == ({"old", "new"} if over == "over" else {"absent", "new"})
    assert sum(killed for _, killed, _ in seen) >= moments
    assert what == "whole" or any(parts for _, _, parts in seen)  # killed while writing


@pytest.mark.parametrize(
    ("name", "age", "left"),
    [
        (".envdoctor-{gone}-ab12_x9z.part", 7200, False),
        (".envdoctor-{gone}-ab12_x9z.part", 60, True),
        (".envdoctor-{here}-ab12_x9z.part", 7200, True),
        (".envdoctor-{gone}-ab12_x9z.part.zip", 7200, True),
        (".x.zip.ab12_x9z.part", 7200, True),
        ("envdoctor-{gone}-ab12_x9z.part", 7200, True),
    ],
)
def test_what_a_killed_export_left_goes_with_the_next_one_when_it_is_certain(
    name: str, age: int, left: bool, tmp_path: Path
) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()  # nobody has its number now
    part = tmp_path / name.format(gone=child.pid, here=os.getpid())
    part.write_bytes(b"half of a bundle")
    os.utime(part, (time.time() - age,) * 2)
    (tmp_path / "folder").mkdir()
    os.symlink(part, tmp_path / f".envdoctor-{child.pid}-link.part")
    write(tmp_path / "x.zip", b"whole")
    assert part.exists() == left
    assert (tmp_path / f".envdoctor-{child.pid}-link.part").is_symlink()
    assert (tmp_path / "x.zip").read_bytes() == b"whole"


# --- never over another ----------------------------------------------------------------------


def test_a_file_is_not_replaced_unless_that_is_said(tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    write(target, b"first")
    with pytest.raises(NotWritten, match="is there already"):
        write(target, b"second")
    assert target.read_bytes() == b"first"
    write(target, b"second", over=True)
    assert target.read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["x.zip"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    target = tmp_path / "x.zip"
    target.symlink_to(other)
    with pytest.raises(NotWritten, match="is there already"):
        write(target, b"x")
    write(target, b"x", over=True)
    assert not other.exists()
    assert not target.is_symlink()


# --- failures --------------------------------------------------------------------------------

UNPRIVILEGED = """
import os, resource, sys
from pathlib import Path
from doctor.bundle.writing import NotWritten, write
limit, target, over = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "over"
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
if os.geteuid() == 0:  # once everything is loaded from where only root may look
    import encodings.idna, tempfile, random
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    write(target, b"x" * 100_000, over)
    print("written")
except NotWritten as error:
    print(error)
"""


def tried(target: Path, limit: int = 0, over: bool = False) -> str:
    """What is said when somebody without rights writes."""
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(limit), str(target), "over" if over else ""],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may write in."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def test_a_folder_where_one_may_not_write(shared: Path) -> None:
    shared.chmod(0o555)
    said = tried(shared / "x.zip")
    assert said == f"{shared}/x.zip was not written: you may not write in {shared}"
    shared.chmod(0o755)
    assert list(shared.iterdir()) == []


def test_a_file_that_belongs_to_somebody_else_is_not_replaced(shared: Path) -> None:
    (shared / "x.zip").write_bytes(b"kept")
    shared.chmod(0o755)
    assert "you may not write in" in tried(shared / "x.zip", over=True)
    assert (shared / "x.zip").read_bytes() == b"kept"


def test_no_more_room_for_the_file(shared: Path) -> None:
    said = tried(shared / "x.zip", limit=5000)
    assert said == f"{shared}/x.zip was not written: it is larger than a file may be here"
    assert list(shared.iterdir()) == []
    (shared / "x.zip").write_bytes(b"kept")
    tried(shared / "x.zip", limit=5000, over=True)
    assert (shared / "x.zip").read_bytes() == b"kept"


def test_a_full_disk(shared: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=32k,mode=777", "tmpfs", str(shared)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        assert tried(shared / "x.zip").endswith("was not written: the disk is full")
        assert list(shared.iterdir()) == []
    finally:
        subprocess.run(["umount", str(shared)], check=True)


def test_a_read_only_disk(shared: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", str(shared)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        assert tried(shared / "x.zip").endswith("was not written: the disk is read-only")
    finally:
        subprocess.run(["umount", str(shared)], check=True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone/x.zip", "there is no folder"),
        ("/proc/x.zip", "no file can be made in /proc"),
        ("file/x.zip", "is no folder"),
        ("x" * 300 + ".zip", "its name is too long"),
    ],
)
def test_a_place_that_is_none(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritten, match=words):
        write(tmp_path / name, good())
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_of_that_name_stays(tmp_path: Path) -> None:
    (tmp_path / "x.zip").mkdir()
    for over in (False, True):
        with pytest.raises(NotWritten):
            write(tmp_path / "x.zip", b"x", over)
    assert (tmp_path / "x.zip").is_dir()
    assert os.listdir(tmp_path) == ["x.zip"]
