"""`envdoctor check` changes nothing, connects to nothing, and loads no terminal app."""

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import replay, scenes
from tests.clients import ROOT, installed
from tests.prefixes import graph_tool, level, prefix, record
from tests.replay import Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its programs are shell scripts")

VERBS = {
    "check": ("check", "--json"),
    "machine": ("machine",),
    "level": ("level",),
    "clients": ("clients",),
    "predict": ("predict", "conda=24.1.2"),
    "envs": ("envs",),
    "project": ("project",),
}

HOOK = """
import os, sys
log = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.utime",
           "os.chmod", "os.chown", "os.truncate", "os.putenv", "shutil.", "tempfile.", "socket.",
           "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.Popen")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def hook(event, args):
    opens = event == "open" and args[2] and args[2] & WRITES and not isinstance(args[0], int)
    if opens or event.startswith(CHANGES):
        os.write(log, ("%s %r\\n" % (event, args[:2])).encode("utf-8", "backslashreplace"))

sys.addaudithook(hook)
"""
"""A `sitecustomize` that logs what Python does to files and the network, in children too."""

HARMLESS = (
    r"subprocess\.Popen .*",
    r"open \('/dev/null', .*",  # the standard input of every child
)


class Stage(NamedTuple):
    """A home with several clients, the environment that finds them, and what must not change."""

    env: dict[str, str]
    kept: tuple[Path, ...]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Replayed conda, mamba, micromamba and pixi, a real py-rattler, a cache, settings files."""
    home, cache = tmp_path / "home", tmp_path / "cache"
    bin_folder, root = home / ".local" / "bin", home / "miniforge3"
    for program, version in (
        (bin_folder / "micromamba", "1.5.8"),
        (root / "bin" / "mamba", "2.8.1"),
    ):
        said = scenes.transcript(program.name, version, "A_info_json")
        replay.replay(program, said)
    replay.printing(bin_folder / "pixi", '{"version": "0.77.0", "virtual_packages": []}')
    replay.replay(root / "bin" / "python", scenes.conda_probe("26.7.1"))
    replay.script(root / "bin" / "conda", "exit 1")
    for part, version in {**scenes.CONDA_PARTS, **scenes.MAMBA_PARTS}.items():
        write(root / "conda-meta" / f"{part}-{version}-0.json", record(part, version, "0"))
    write(home / ".condarc", "channels: [conda-forge]\n")
    write(home / ".cache" / "rattler" / "cache" / "repodata" / "a.json", "{}")
    write(cache / "pkgs" / "urls.txt", "")
    write(cache / "pkgs" / "cache" / "b.json", '{"packages": {}}')
    gt = prefix(home / "miniforge3" / "envs" / "gt", [level(4), graph_tool(4)], "# cmd: conda x\n")
    write(home / "project" / "environment.yml",
          "dependencies:\n  - _x86_64-microarch-level=3=2_zen2\n")  # fmt: skip
    write(home / ".conda" / "environments.txt", f"{home}/gone\n{root}\n{gt}\n")
    rattler = installed("py-rattler", "0.23.2")
    env = replay.surroundings(
        home,
        (bin_folder, root / "bin"),
        {"VIRTUAL_ENV": str(rattler), "XDG_CACHE_HOME": str(cache), "TMPDIR": str(cache),
         "CONDA_PKGS_DIRS": str(cache / "pkgs"), "RATTLER_CACHE_DIR": str(cache / "rattler")},
    )  # fmt: skip
    return Stage(env, (home, cache, rattler))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def assert_all_answered(run: Run) -> None:
    """The run did what it could have side effects with: it asked every client."""
    assert run.stderr == ""
    rows = [row for row in run.document["clients"] if not row["envdoctors_own"]]
    kinds = [row["kind"] for row in rows]
    assert {"conda", "mamba", "micromamba", "pixi", "rattler"} <= set(kinds)
    silent = [r["path"] for r in rows if replay.answer(r, "reported")["virtual_packages"] is None]
    assert silent == []


# --- files -----------------------------------------------------------------------------------


def snapshot(*folders: Path) -> dict[str, Any]:
    """Names, kinds, modification times and contents of everything in some folders."""
    return {str(p): state(p) for folder in folders for p in (folder, *sorted(folder.rglob("*")))}


def state(path: Path) -> tuple[str, int, str]:
    status = path.lstat()
    content = ""
    if path.is_symlink():
        content = os.readlink(path)
    elif stat.S_ISREG(status.st_mode):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
    return stat.filemode(status.st_mode), status.st_mtime_ns, content


def test_home_and_caches_stay_as_they_were(stage: Stage) -> None:
    before = snapshot(*stage.kept)
    assert len(before) > 30
    assert_all_answered(replay.doctor("check", "--json", env=stage.env))
    assert snapshot(*stage.kept) == before


@pytest.mark.parametrize("verb", ["envs", "project", "explain"])
def test_prefixes_projects_and_caches_stay_as_they_were(
    verb: str, stage: Stage, tmp_path: Path
) -> None:
    home = Path(stage.env["HOME"])
    words = {
        "envs": ("envs",),
        "project": ("project", str(home / "project")),
        "explain": ("explain", "_x86_64-microarch-level", "demo-fast"),
    }
    own = Path(stage.env["XDG_CACHE_HOME"]) / "envdoctor"
    own.mkdir()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    before = snapshot(*stage.kept)
    run = replay.doctor(*words[verb], "--json", env={**stage.env, "TMPDIR": str(scratch)})
    assert run.status in (0, 1, 3)
    after = snapshot(*stage.kept)
    if verb == "explain":
        assert [a for row in run.document["explain"] for a in row["attempts"] if a["chosen"]]
        assert len(list(own.iterdir())) == 1
    paths = before.keys() | after.keys()
    changed = [Path(path) for path in paths if before.get(path) != after.get(path)]
    assert [path for path in changed if not path.is_relative_to(own)] == []
    assert list(scratch.iterdir()) == []


def test_a_snapshot_sees_a_rewritten_file(tmp_path: Path) -> None:
    write(tmp_path / "a", "text")
    before = snapshot(tmp_path)
    assert snapshot(tmp_path) == before
    os.utime(tmp_path / "a", ns=(1, 1))
    assert snapshot(tmp_path) != before


# --- network ---------------------------------------------------------------------------------

TALKS = re.compile(r"\b(connect|bind|listen|sendto|sendmsg)\(|\bsocket\(AF_(?!UNIX)")


@pytest.fixture
def strace(tmp_path: Path) -> Path:
    """Where to log; skips where processes cannot be traced."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    log = tmp_path / "strace.log"
    if subprocess.run(["strace", "-o", str(log), "true"], capture_output=True).returncode:
        pytest.skip("strace may not trace here")
    return log


def test_no_network_system_call(stage: Stage, strace: Path) -> None:
    words = ("check", "--json", "--limit", "60")
    assert_all_answered(replay.doctor(*words, env=stage.env, before=tracing(strace)))
    assert talk(strace) == []


def test_the_trace_sees_a_connection_of_a_child(tmp_path: Path, strace: Path) -> None:
    code = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    shell = ["sh", "-c", f'{sys.executable} -c "{code}"; true']
    env = replay.surroundings(tmp_path / "home")
    subprocess.run([*tracing(strace), *shell], env=env, capture_output=True, check=True)
    assert any("connect(" in line for line in talk(strace))


def tracing(log: Path) -> list[str]:
    return ["strace", "-f", "-qq", "-e", "trace=network", "-o", str(log)]


def talk(log: Path) -> list[str]:
    """System calls that talk to a network, of a traced program or any child of it."""
    return [line for line in log.read_text().splitlines() if TALKS.search(line)]


def test_the_same_answers_without_any_network(stage: Stage) -> None:
    alone = ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("unshare may not make a network namespace here")
    with_network = replay.doctor("check", "--json", env=stage.env)
    without = replay.doctor("check", "--json", env=stage.env, before=alone)
    assert_all_answered(without)
    assert answers(without) == answers(with_network)


def answers(run: Run) -> dict[str, Any]:
    rows = run.document["clients"]
    return {r["id"]: replay.answer(r, "reported")["virtual_packages"] for r in rows}


# --- what Python itself does -----------------------------------------------------------------


def audited(tmp_path: Path, env: dict[str, str]) -> dict[str, str]:
    """An environment in which every Python logs what it changes."""
    write(tmp_path / "hook" / "sitecustomize.py", HOOK)
    return {
        **env,
        "PYTHONPATH": str(tmp_path / "hook"),
        "AUDIT_LOG": str(tmp_path / "audit.log"),
        "PYTHONDONTWRITEBYTECODE": "1",  # else our own modules are compiled into __pycache__
    }


def test_python_opens_nothing_for_writing_and_no_socket(stage: Stage, tmp_path: Path) -> None:
    run = replay.doctor("check", "--json", env=audited(tmp_path, stage.env))
    assert_all_answered(run)
    events = (tmp_path / "audit.log").read_text().splitlines()
    asked = [event for event in events if event.startswith("subprocess.Popen")]
    assert len(asked) >= 5
    assert [e for e in events if not any(re.fullmatch(h, e) for h in HARMLESS)] == []


def test_the_audit_sees_files_and_sockets(tmp_path: Path) -> None:
    target = tmp_path / "file"
    code = f"import socket; open({str(target)!r}, 'w'); socket.socket().connect_ex(('::', 9))"
    env = audited(tmp_path, replay.surroundings(tmp_path / "home"))
    subprocess.run([sys.executable, "-c", code], env=env, capture_output=True)
    events = (tmp_path / "audit.log").read_text().splitlines()
    assert f"open ({str(target)!r}, 'w')" in events
    assert any(event.startswith("socket.") for event in events)


# --- what is loaded --------------------------------------------------------------------------

LOADED = """
import contextlib, io, json, sys
from doctor.cli import main
with contextlib.redirect_stdout(io.StringIO()) as said:
    status = main(sys.argv[1:])
packages = {name.partition(".")[0] for name in sys.modules}
print(json.dumps([status, said.getvalue(), sorted(packages)]))
"""


def loaded(verb: str, tmp_path: Path) -> set[str]:
    """Top-level packages that a verb has loaded by its end."""
    env = replay.surroundings(tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *VERBS[verb]],
        env=env, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    status, said, modules = json.loads(done.stdout)
    assert status in (0, 1, 3)
    assert said.strip()
    return set(modules)


@pytest.mark.parametrize("verb", VERBS)
def test_the_terminal_app_is_not_loaded(verb: str, tmp_path: Path) -> None:
    modules = loaded(verb, tmp_path)
    assert "doctor" in modules
    assert modules.isdisjoint({"textual", "rich", "rattler", "archspec", "asyncio"})


def test_level_starts_light(tmp_path: Path) -> None:
    assert loaded("level", tmp_path).isdisjoint({"psutil", "subprocess", "ctypes"})
