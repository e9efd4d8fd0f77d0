"""Programs that stand in for clients: recorded ones, and ones that misbehave.

`replay` writes a program that prints a recording byte for byte; `MISBEHAVIOURS` are all the ways
in which a client may go wrong, each with the reason that envdoctor should give. `doctor` runs
envdoctor beside them. Whatever they start carries the path of their folder among its arguments,
by which `left_running` finds it.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from doctor.model import Transcript
from tests.clients import ROOT
from tests.scenes import transcript

SYSTEM_PATH = ("/usr/bin", "/bin")

PACKAGES = ("__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0", "__archspec=1=x86_64_v3")
GOOD = json.dumps({"libmamba version": "2.8.1", "virtual packages": PACKAGES})
"""What a micromamba prints that has nothing wrong with it."""

MB = 10**6


# --- writing programs ------------------------------------------------------------------------


def script(path: Path, *lines: str) -> None:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)


def replay(path: Path, said: Transcript) -> None:
    """A program that prints both streams of a recording and ends with its exit status."""
    printing(path, said.stdout, said.stderr, said.exit_status or 0)


def printing(path: Path, stdout: str, stderr: str = "", status: int = 0) -> None:
    """A program that prints two texts byte for byte, then ends."""
    lines = []
    for stream, text in (("1", stdout), ("2", stderr)):
        side = path.with_name(f"{path.name}.said{stream}")
        path.parent.mkdir(parents=True, exist_ok=True)
        side.write_bytes(text.encode())
        lines.append(f"cat {quote(side)} >&{stream}")
    script(path, *lines, f"exit {status}")


def quote(path: Path) -> str:
    """A path as the shell reads it."""
    return shlex.quote(str(path))


def waiting(path: Path) -> str:
    """A shell command that never ends by itself and names the program's folder in its arguments.

    It waits for a writer that never comes, whatever becomes of its streams and of polite signals.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    pipe = path.with_name("never")
    os.mkfifo(pipe)
    wait = f"trap '' TERM INT HUP QUIT PIPE; read word < {quote(pipe)}"
    return f"sh -c {shlex.quote(wait)}"


# --- ways to misbehave -----------------------------------------------------------------------


def hangs(path: Path) -> None:
    """Ignores every polite signal; says that it runs where there is a pipe `started` beside it."""
    pipe = quote(path.with_name("started"))
    script(path, f"[ ! -p {pipe} ] || echo started > {pipe}", f"exec {waiting(path)}")


def floods(path: Path) -> None:
    script(path, f"yes {quote(path)} &", f"exec yes {quote(path)} >&2")


def prints_half_a_json(path: Path) -> None:
    whole = transcript("micromamba", "2.8.1", "A_info_json").stdout
    printing(path, whole[: len(whole) // 2])


def dies_by_signal(path: Path) -> None:
    script(path, "ulimit -c 0", "printf '{\"virtual packages'", "kill -SEGV $$")


def fails(path: Path) -> None:
    printing(path, "", "error    libmamba Could not load \x1b[1mcache\x1b[0m\n", 1)


def prints_control_codes(path: Path) -> None:
    printing(path, f"\x1b[2J\x1b]0;owned\x07\x1b[31m{GOOD}\x1b[0m\n")


def prints_nothing(path: Path) -> None:
    printing(path, "")


def prints_text(path: Path) -> None:
    printing(path, "micromamba is not set up yet\n")


def prints_bytes(path: Path) -> None:
    script(path, "head -c 65536 /dev/zero", f"cat {quote(Path(sys.executable))} | head -c 65536")


def prints_a_list(path: Path) -> None:
    printing(path, json.dumps(PACKAGES))


def prints_nested_json(path: Path) -> None:
    printing(path, '{"virtual packages": ' + "[" * 100_000 + "]" * 100_000 + "}")


def prints_nested_package(path: Path) -> None:
    """Shallow enough to be parsed, as deep as that allows."""
    package = '["__archspec", "1", ' + "[" * 800 + "]" * 800 + "]"
    printing(path, '{"virtual packages": [' + package + "]}")


def prints_much_json(path: Path) -> None:
    printing(path, json.dumps({"padding": ["x" * 99] * (3 * MB // 100)}))


def prints_control_characters_in_a_build(path: Path) -> None:
    packages = ["__unix=0=0", "__archspec=1=\x1b[31mx86_64_v3\x1b[0m"]
    printing(path, json.dumps({"virtual packages": packages}))


def is_a_directory(path: Path) -> None:
    path.mkdir(parents=True)


def is_not_executable(path: Path) -> None:
    printing(path, GOOD)
    path.chmod(0o644)


def is_a_broken_link(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path.with_name("gone"))


def is_no_program(path: Path) -> None:
    """Executable by its mode, but nothing that the kernel can start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x7fELF\x00damaged")
    path.chmod(0o755)


def leaves_a_child(path: Path) -> None:
    """A good answer, and a child that goes on holding standard output."""
    answering_beside(path, f"{waiting(path)} &")


def leaves_a_daemon(path: Path) -> None:
    """A good answer, and a child in a session of its own with nothing of ours open."""
    answering_beside(path, detached(path))


def leaves_a_daemon_without_environment(path: Path) -> None:
    """The same, and its environment is empty, so that no mark of ours is left on it."""
    answering_beside(path, f"env -i {detached(path)}")


def detached(path: Path) -> str:
    """Starts a daemon and waits until it has left our session."""
    ready = quote(path.with_name("ready"))
    inner = shlex.quote(f"touch {ready}; exec {waiting(path)}")
    silent = "</dev/null >/dev/null 2>&1"
    return f"setsid sh -c {inner} {silent} & until [ -e {ready} ]; do :; done"


def answering_beside(path: Path, line: str) -> None:
    side = path.with_name(f"{path.name}.answer")
    side.write_text(GOOD)
    script(path, line, f"cat {quote(side)}")


class Misbehaviour(NamedTuple):
    """One way to go wrong, and the reason that envdoctor gives for it."""

    write: Callable[[Path], None]
    reason: str

    @property
    def name(self) -> str:
        return self.write.__name__


LEFT = "left a process running after it ended, which was stopped"
DAMAGED = "printed JSON that is cut off or damaged"

MISBEHAVIOURS = (
    Misbehaviour(hangs, "did not answer within"),
    Misbehaviour(floods, "printed more than 4 MiB and was stopped"),
    Misbehaviour(prints_half_a_json, DAMAGED),
    Misbehaviour(dies_by_signal, "was ended by signal SIGSEGV"),
    Misbehaviour(fails, "ended with exit status 1: error    libmamba Could not load cache"),
    Misbehaviour(prints_control_codes, "printed terminal control codes instead of plain JSON"),
    Misbehaviour(prints_nothing, "printed nothing"),
    Misbehaviour(prints_text, "printed text that is not JSON"),
    Misbehaviour(prints_bytes, "printed"),
    Misbehaviour(prints_a_list, "printed JSON that is not an object"),
    Misbehaviour(prints_nested_json, "printed JSON that"),
    Misbehaviour(prints_nested_package, "printed"),
    Misbehaviour(prints_much_json, "printed JSON without virtual packages"),
    Misbehaviour(
        prints_control_characters_in_a_build, "printed control characters in a virtual package"
    ),
    Misbehaviour(is_a_directory, "is a directory, not a program"),
    Misbehaviour(is_not_executable, "is not executable"),
    Misbehaviour(is_a_broken_link, "is a broken link"),
    Misbehaviour(is_no_program, "could not be started: Exec format error"),
    Misbehaviour(leaves_a_child, LEFT),
    Misbehaviour(leaves_a_daemon, LEFT),
    Misbehaviour(leaves_a_daemon_without_environment, LEFT),
)


# --- running envdoctor -----------------------------------------------------------------------


class Run(NamedTuple):
    """What one run of envdoctor came to."""

    status: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def document(self) -> dict[str, Any]:
        """Its JSON."""
        return as_object(self.stdout)


def surroundings(
    home: Path, path: Sequence[Path] = (), env: Mapping[str, str] | None = None
) -> dict[str, str]:
    """An environment with nothing of the person's who runs the tests."""
    home.mkdir(parents=True, exist_ok=True)
    folders = [*(str(folder) for folder in path), *SYSTEM_PATH]
    return {"HOME": str(home), "PATH": os.pathsep.join(folders), **(env or {})}


def doctor(*words: str, env: Mapping[str, str], before: Sequence[str] = ()) -> Run:
    """Runs envdoctor in a process of its own, `before` it the words of a program that runs it."""
    started = time.monotonic()
    done = subprocess.run(
        [*before, sys.executable, "-m", "doctor", *words],
        env=dict(env), cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr, time.monotonic() - started)


def rows_under(run: Run, folder: Path) -> list[dict[str, Any]]:
    """The clients of a run that stand in a folder: not those of this machine or of envdoctor."""
    return [row for row in run.document["clients"] if row["path"].startswith(f"{folder}/")]


def as_object(text: str) -> dict[str, Any]:
    """A JSON object."""
    value = json.loads(text)
    assert isinstance(value, dict)
    return value


def answer(row: Mapping[str, Any], basis: str) -> dict[str, Any]:
    """What a client reported, or is predicted to report."""
    found: dict[str, Any] = next(entry for entry in row["answers"] if entry["basis"] == basis)
    return found


def left_running(mark: Path) -> list[str]:
    """What still runs with this path among its arguments, a second after it should have ended.

    It is ended then, so that a failing test leaves nothing behind.
    """
    found = [p for p in psutil.process_iter() if str(mark) in " ".join(words_of(p))]
    _, alive = psutil.wait_procs(found, timeout=1)
    words = [" ".join(words_of(process)) for process in alive]
    for process in alive:
        process.kill()
    return words


def words_of(process: psutil.Process) -> list[str]:
    """Arguments of a process, none if it is gone."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []
