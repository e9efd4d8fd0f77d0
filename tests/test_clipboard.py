"""A text out of the app: sequences, programs, the file, and the page, by keys."""

import base64
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pexpect
import pyte
import pytest
from textual.pilot import Pilot

from doctor.clean import pasteable
from doctor.host.clipboard import LIMIT, Surroundings, copy, local, own_of_tmux
from doctor.host.live import LiveHost
from doctor.host.osc52 import MAX_PIECE, MAX_SENT, sequence
from doctor.host.processes import Processes
from doctor.model import Copied
from doctor.report.text import plain_finding
from doctor.tui.app import DoctorApp
from doctor.tui.messages import CopyText
from doctor.tui.widgets import Line
from doctor.virtualization import container
from tests import replay, scenes
from tests.clients import ROOT
from tests.replayed import Replayed
from tests.terminal import Terminal, to_the_first_guide
from tests.test_app import running, shows, text

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its programs are shell scripts")

COMMAND = "conda create -n tëst '_x86_64-microarch-level>=3'"
SENT = re.compile(rb"\x1b\]52;c?;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)")


# --- sequences -------------------------------------------------------------------------------


def decoded(written: bytes) -> list[str]:
    """The texts that a terminal would take out of what was written to it."""
    return [base64.b64decode(found).decode() for found in SENT.findall(written)]


def sent(said: str, **environ: str) -> bytes:
    written = sequence(said, {"TERM": "xterm-256color", **environ})
    assert written is not None
    return written.encode()


def test_a_terminal_gets_the_text_and_nothing_to_show() -> None:
    assert decoded(sent(COMMAND)) == [COMMAND]
    screen = pyte.Screen(80, 24)
    pyte.ByteStream(screen).feed(sent(COMMAND) + b"after")
    assert screen.display[0].rstrip() == "after"


def test_what_is_too_long_for_terminals_is_not_sent() -> None:
    longest = "x" * MAX_SENT
    assert len(sent(longest)) == 100_000
    assert sequence(longest + "x", {}) is None
    assert sequence("é" * (MAX_SENT // 2 + 1), {}) is None
    assert sequence("", {}) is None


@pytest.mark.parametrize("length", [1, 150, 5000, MAX_SENT])
def test_screen_gets_pieces_that_it_takes(length: int) -> None:
    whole = "x" * length
    written = sent(whole, TERM="screen", STY="1.pts")
    pieces = re.findall(rb"\x1bP(.*?)\x1b\\", written, re.DOTALL)
    assert written == b"".join(b"\x1bP" + piece + b"\x1b\\" for piece in pieces)
    assert max(map(len, pieces)) <= MAX_PIECE
    assert decoded(b"".join(pieces)) == [whole]


FRAMED = b"\x1bPtmux;\x1b\x1b]52;"


@pytest.mark.parametrize(
    ("environ", "plain", "tmux", "screen"),
    [
        ({"TERM": "xterm"}, True, False, False),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/s,1,0"}, True, True, False),
        ({"TERM": "screen", "TMUX": "/tmp/s,1,0"}, True, True, False),
        ({"TERM": "tmux-256color"}, True, True, False),
        ({"TERM": "screen", "STY": "1.pts"}, False, False, True),
        ({"TERM": "screen", "STY": "1.pts", "TMUX": "/tmp/s,1,0"}, False, False, True),
        ({"TERM": "screen-256color"}, True, False, True),
    ],
)
def test_the_frame_is_that_of_the_multiplexer(
    environ: dict[str, str], plain: bool, tmux: bool, screen: bool
) -> None:
    written = sent("short", **environ)
    assert (FRAMED in written) is tmux
    assert (b"\x1bP\x1b]52;" in written) is screen
    unframed = re.sub(rb"\x1bP.*?\x07\x1b\\", b"", written)
    assert decoded(unframed) == (["short"] if plain else [])


def test_what_screen_would_print_is_not_sent_unframed() -> None:
    """A TERM of `screen` alone may be tmux: only what is harmless in both goes unframed."""
    long = sent("x" * MAX_PIECE, TERM="screen-256color")
    assert b"]52;" not in re.sub(rb"\x1bP.*?\x1b\\", b"", long)


# --- tmux and screen themselves --------------------------------------------------------------


class Tmux:
    """A tmux server of our own, with one client whose terminal we are."""

    def __init__(self, folder: Path, clipboard: str, passthrough: str) -> None:
        """Its pane prints the file `given` when that comes, and waits."""
        self.given, self._socket = folder / "given", str(folder / "s")
        os.mkfifo(self.given)
        pane = f"cat {replay.quote(self.given)}; exec cat"
        self.run("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "sh", "-c", pane)
        self.run("set-option", "-s", "set-clipboard", clipboard)
        self.run("set-option", "-wg", "allow-passthrough", passthrough)
        self._client: pexpect.spawn[bytes] = pexpect.spawn(
            "tmux", ["-S", self._socket, "attach"], timeout=20, dimensions=(24, 80),
            env={**os.environ, "TERM": "xterm-256color"},
        )  # fmt: skip
        while not self.run("list-clients"):
            continue
        pid = self.run("display-message", "-p", "#{pid}").strip()
        self.environ = {
            "PATH": os.environ["PATH"], "TERM": "screen", "TERM_PROGRAM": "tmux",
            "TMUX": f"{self._socket},{pid},0",
        }  # fmt: skip

    def run(self, *words: str) -> str:
        """What tmux answers."""
        argv = ("tmux", "-S", self._socket, *words)
        return subprocess.run(argv, capture_output=True, text=True, timeout=20).stdout

    @property
    def buffer(self) -> str:
        """What its paste key would paste."""
        return self.run("show-buffer")

    def reached(self) -> str:
        """The text that the terminal around it is given."""
        self._client.expect(SENT)
        assert isinstance(self._client.after, bytes)
        return decoded(self._client.after)[0]

    def end(self) -> None:
        """Ends it with all that it runs."""
        self.run("kill-server")
        self._client.close(force=True)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[[str, str], Tmux]]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    servers = []

    def start(clipboard: str, passthrough: str) -> Tmux:
        servers.append(Tmux(tmp_path, clipboard, passthrough))
        return servers[-1]

    yield start
    for server in servers:
        server.end()
    assert replay.left_running(tmp_path) == []


@pytest.mark.parametrize("said", [COMMAND, "x" * MAX_SENT], ids=["short", "longest"])
@pytest.mark.parametrize(
    ("clipboard", "passthrough"), [("on", "off"), ("external", "on"), ("on", "on")]
)
def test_tmux_passes_the_sequence_on_with_either_option(
    tmux: Callable[[str, str], Tmux], clipboard: str, passthrough: str, said: str
) -> None:
    server = tmux(clipboard, passthrough)
    server.given.write_bytes(sent(said, **server.environ))
    assert server.reached() == said
    if clipboard == "on":
        assert server.buffer == said


def test_as_tmux_is_by_default_only_its_own_command_gets_through(
    tmux: Callable[[str, str], Tmux], tmp_path: Path
) -> None:
    server = tmux("external", "off")
    server.given.write_bytes(sent("a sequence", **server.environ) + b"printed after it")
    while "printed after it" not in server.run("capture-pane", "-p"):
        continue
    assert server.buffer == ""
    copied = given(COMMAND, tmp_path, server.environ)
    assert copied.said[1] == "Handed to tmux, which took it. Its prefix and ] paste it."
    assert server.reached() == COMMAND
    assert server.buffer == COMMAND


def test_screen_passes_it_on(tmp_path: Path) -> None:
    if shutil.which("screen") is None:
        pytest.skip("screen is not installed")
    (folder := tmp_path / "sockets").mkdir(mode=0o700)
    for length in (1, 300, MAX_SENT):
        whole = "x" * length
        (tmp_path / "given").write_bytes(sent(whole, TERM="screen", STY="1.pts"))
        child: pexpect.spawn[bytes] = pexpect.spawn(
            "screen", ["-c", "/dev/null", "cat", str(tmp_path / "given")], timeout=20,
            env={**os.environ, "TERM": "xterm", "SCREENDIR": str(folder)},
        )  # fmt: skip
        assert decoded(child.read()) == [whole]


# --- programs --------------------------------------------------------------------------------


X11 = {"DISPLAY": ":0"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", **X11}
WSL = {"WSL_DISTRO_NAME": "Debian", **WAYLAND}
NEAR = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("system", "environ", "names"),
    [
        ("Darwin", {}, ["pbcopy"]),
        ("Windows", {}, ["clip"]),
        ("Linux", {}, []),
        ("Linux", X11, ["xclip", "xsel"]),
        ("Linux", WAYLAND, ["wl-copy", "xclip", "xsel"]),
        ("Linux", WSL, ["clip.exe", "wl-copy", "xclip", "xsel"]),
        ("Linux", {"TERMUX_VERSION": "0.118"}, ["termux-clipboard-set"]),
        ("Linux", {"DISPLAY": "", "WAYLAND_DISPLAY": ""}, []),
        ("Linux", {**X11, "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, []),
        ("Darwin", {"SSH_TTY": "/dev/ttys001"}, []),
        ("Linux", {**WAYLAND, "SSH_CLIENT": "10.0.0.1 1 22"}, []),
    ],
)
def test_the_programs_are_those_of_the_system(
    system: str, environ: dict[str, str], names: list[str]
) -> None:
    assert [p.argv[0] for p in local(Surroundings(environ, system))] == names
    assert list(local(Surroundings(environ, system, contained=True))) == []


def test_tmux_before_3_2_knows_no_terminal_to_hand_a_buffer_to() -> None:
    old, new = {"TMUX": "/tmp/s,1,0"}, {"TMUX": "/tmp/s,1,0", "TERM_PROGRAM": "tmux"}
    words = [found.argv for found in (own_of_tmux(old), own_of_tmux(new)) if found]
    assert words == [("tmux", "load-buffer", "-"), ("tmux", "load-buffer", "-w", "-")]
    assert own_of_tmux({}) is None


def taking(path: Path, *more: str) -> None:
    """A program that keeps its input and its arguments beside it."""
    replay.script(path, f"cat > {replay.quote(path)}.took", f'echo "$@" > {path}.argv', *more)


def took(path: Path) -> bytes | None:
    side = path.with_name(f"{path.name}.took")
    return side.read_bytes() if side.exists() else None


def tools(folder: Path) -> str:
    """A folder of what the scripts of these tests call, and of no clipboard's program."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("cat", "setsid", "sh", "touch"):
        there = shutil.which(name)
        assert there is not None
        if not (folder / name).exists():
            (folder / name).symlink_to(there)
    return str(folder)


def given(
    said: str, folder: Path, environ: Mapping[str, str], processes: Processes | None = None
) -> Copied:
    """What a copy comes to where the programs in `folder` are on PATH, and what they need.

    The real programs of this machine are not, unless `environ` says where they are.
    """
    path = environ.get("PATH") or tools(folder / "tools")
    here = Surroundings({**NEAR, **environ, "PATH": f"{folder}:{path}"}, "Linux")
    own = processes or Processes()
    try:
        return copy(said, here, own, lambda sequence: None, [folder / "kept"])
    finally:
        own.close()


def test_a_program_is_given_the_text_and_is_believed_no_more_than_it_says(tmp_path: Path) -> None:
    taking(tmp_path / "xclip")
    copied = given(COMMAND, tmp_path, X11)
    assert took(tmp_path / "xclip") == COMMAND.encode()
    assert (tmp_path / "xclip.argv").read_text() == "-selection clipboard\n"
    assert copied.said == (
        "Sent to your terminal with OSC 52; not every terminal takes it.",
        "Handed to xclip, which took it.",
    )


def test_windows_is_given_its_own_encoding_without_a_mark(tmp_path: Path) -> None:
    taking(tmp_path / "clip.exe")
    given(COMMAND, tmp_path, WSL)
    assert took(tmp_path / "clip.exe") == COMMAND.encode("utf-16-le")


def test_far_away_no_program_is_started(tmp_path: Path) -> None:
    for name in ("xclip", "wl-copy", "clip.exe"):
        taking(tmp_path / name)
    copied = given(COMMAND, tmp_path, {**WSL, "SSH_TTY": "/dev/pts/1"})
    assert [took(tmp_path / name) for name in ("xclip", "wl-copy", "clip.exe")] == [None] * 3
    assert len(copied.said) == 1


def test_the_next_program_is_given_what_one_refused(tmp_path: Path) -> None:
    replay.printing(tmp_path / "wl-copy", "", "\x1b[31mNo seat\x1b[0m\nmore\n", 1)
    taking(tmp_path / "xclip")
    taking(tmp_path / "xsel")
    copied = given(COMMAND, tmp_path, WAYLAND)
    assert copied.said[1:] == ("wl-copy failed: No seat.", "Handed to xclip, which took it.")
    assert took(tmp_path / "xsel") is None


def fails_silently(path: Path) -> None:
    replay.script(path, "exit 3")


def is_killed(path: Path) -> None:
    replay.script(path, "kill -9 $$")


def hangs(path: Path) -> None:
    replay.hangs(path)


def hangs_behind_a_fork(path: Path) -> None:
    """What it started goes when it is given up."""
    replay.script(path, f"{replay.waiting(path)} &", "wait")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (fails_silently, "xclip failed: exit status 3."),
        (is_killed, "xclip was ended by signal 9."),
        (hangs, f"xclip did not answer within {LIMIT:g} s and was stopped."),
        (hangs_behind_a_fork, f"xclip did not answer within {LIMIT:g} s and was stopped."),
        (replay.is_no_program, "xclip could not be started: Exec format error."),
    ],
)
def test_a_program_that_goes_wrong_is_named_and_leaves_nothing(
    wrong: Callable[[Path], None], reason: str, tmp_path: Path
) -> None:
    wrong(tmp_path / "xclip")
    started = time.monotonic()
    copied = given(COMMAND, tmp_path, X11)
    assert copied.said[1:] == (reason,)
    assert time.monotonic() - started < LIMIT + 2
    assert replay.left_running(tmp_path) == []
    assert copied.path is not None and Path(copied.path).read_text() == f"{COMMAND}\n"


def test_a_program_need_not_read(tmp_path: Path) -> None:
    replay.script(tmp_path / "xclip", "exec <&-", "exit 0")
    copied = given("x" * 10**6, tmp_path, X11)
    assert copied.said == (
        f"Too long for the terminal's clipboard (1,000,000 bytes, the limit is {MAX_SENT:,}).",
        "Handed to xclip, which took it.",
    )


@pytest.mark.parametrize("leave", ["{} &", "setsid {} &"], ids=["fork", "session"])
def test_what_holds_a_selection_lives_on_and_is_not_waited_for(leave: str, tmp_path: Path) -> None:
    """As xclip 0.13 and wl-copy 2.3.0 do: a part of them stays, with standard error open.

    Other children end meanwhile, whose stragglers are looked for, and the app leaves.
    """
    taking(tmp_path / "xclip", leave.format(replay.waiting(tmp_path / "xclip")), "exit 0")
    others, own = Processes(), Processes()
    started = time.monotonic()
    copied = given(COMMAND, tmp_path, X11, own)
    assert time.monotonic() - started < LIMIT
    assert copied.said[1:] == ("Handed to xclip, which took it.",)
    for asking in (others, Processes()):
        assert asking.run(("sh", "-c", "exit 0"), dict(os.environ), 5).trouble is None
        asking.close()
    assert len(replay.left_running(tmp_path)) == 1  # which ends it


def test_what_a_failing_program_left_goes(tmp_path: Path) -> None:
    replay.script(tmp_path / "xclip", replay.detached(tmp_path / "xclip"), "exit 1")
    copied = given(COMMAND, tmp_path, X11)
    assert copied.said[1:] == ("xclip failed: exit status 1.",)
    assert replay.left_running(tmp_path) == []


def test_a_real_x_server_hands_the_text_out_afterwards(tmp_path: Path) -> None:
    for name in ("Xvfb", "xclip"):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
    ready, theirs = os.pipe()
    argv = ["Xvfb", "-displayfd", str(theirs), "-nolisten", "tcp"]
    server = subprocess.Popen(argv, pass_fds=(theirs,), stderr=subprocess.DEVNULL)
    os.close(theirs)
    try:
        shown = f":{os.read(ready, 20).decode().strip()}"
        display = {"DISPLAY": shown, "PATH": os.environ["PATH"]}
        assert given(COMMAND, tmp_path, display).said[1:] == ("Handed to xclip, which took it.",)
        asked = ["xclip", "-o", "-selection", "clipboard"]
        environ = {**os.environ, **display}
        answer = subprocess.run(asked, env=environ, capture_output=True, timeout=10, check=True)
        assert answer.stdout.decode() == COMMAND
    finally:
        server.terminate()
        server.wait(10)
        os.close(ready)


# --- the text and the file -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "is_pasted"),
    [
        ("conda info\n", "conda info"),
        ("one\r\ntwo\tthree\n\n", "one\ntwo\tthree"),
        ("ls \x1b]52;c;cm0=\x07\x1b[201~\x00\x08\x7f\x9bx", "ls x"),
        ("a\u202eb\u2066c", "abc"),
        ("path/\udcff\ud800", "path/\ufffd\ufffd"),
        ("https://user:pass@host/t/abc/x", "https://***@host/t/***/x"),
    ],
)
def test_nothing_is_smuggled_into_a_shell(said: str, is_pasted: str) -> None:
    assert pasteable(said) == is_pasted
    assert pasteable(is_pasted) == is_pasted


def test_no_control_character_is_left_in_any_text(tmp_path: Path) -> None:
    every = "".join(map(chr, range(0xA0))) + "\u2028\udc80"
    taking(tmp_path / "xclip")
    copied = given(every, tmp_path, X11)
    heard = took(tmp_path / "xclip")
    assert heard is not None and heard == copied.text.encode()
    assert [c for c in copied.text if ord(c) < 32 or 126 < ord(c) < 160] == ["\t", "\n"]
    assert copied.said[-1] == "\ufffd stands in it for bytes that are no UTF-8."


def test_a_masked_secret_is_said(tmp_path: Path) -> None:
    copied = given("conda create -c https://me:secret@host/chan", tmp_path, {})
    assert copied.said[-1] == "*** stands in it for a secret."
    assert copied.path is not None and "secret" not in Path(copied.path).read_text()


def test_nothing_is_not_copied(tmp_path: Path) -> None:
    taking(tmp_path / "xclip")
    assert given("\n \x1b[0m\n", tmp_path, X11).said == ("There is nothing to copy.",)
    assert took(tmp_path / "xclip") is None
    assert not (tmp_path / "kept").exists()


def test_the_file_is_for_its_owner_alone_and_is_replaced(tmp_path: Path) -> None:
    os.umask(before := os.umask(0))
    for said in ("the first, which is longer", "the second"):
        copied = given(said, tmp_path, {})
    file = tmp_path / "kept" / "copied.txt"
    assert copied.path == str(file)
    assert file.read_text() == "the second\n"
    assert list(file.parent.iterdir()) == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700 & ~before


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "mine").write_text("kept")
    (tmp_path / "kept" / "copied.txt").symlink_to(tmp_path / "mine")
    given("other", tmp_path, {})
    assert (tmp_path / "mine").read_text() == "kept"
    assert (tmp_path / "kept" / "copied.txt").read_text() == "other\n"


def in_the_way(tmp_path: Path) -> str:
    (tmp_path / "kept" / "copied.txt" / "x").mkdir(parents=True)
    return "Is a directory"


def no_folder(tmp_path: Path) -> str:
    (tmp_path / "kept").write_text("")
    return "File exists"


def read_only(tmp_path: Path) -> str:
    (tmp_path / "kept").mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", str(tmp_path / "kept")]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    return "Read-only file system"


@pytest.mark.parametrize("stage", [in_the_way, no_folder, read_only])
def test_a_file_that_cannot_be_written_is_said(
    stage: Callable[[Path], str], tmp_path: Path
) -> None:
    reason = stage(tmp_path)
    try:
        copied = given(COMMAND, tmp_path, {})
    finally:
        subprocess.run(["umount", str(tmp_path / "kept")], capture_output=True, check=False)
    file = tmp_path / "kept" / "copied.txt"
    assert copied.path is None
    assert copied.said[-1] == f"No file holds it: {file} could not be written: {reason}."
    assert not [p for p in tmp_path.rglob("*.new")]


def test_a_second_folder_is_tried(tmp_path: Path) -> None:
    (tmp_path / "first").write_text("")
    folders = [tmp_path / "first", tmp_path / "second"]
    here = Surroundings({"PATH": ""}, "Linux")
    copied = copy(COMMAND, here, Processes(), lambda sequence: None, folders)
    assert copied.path == str(tmp_path / "second" / "copied.txt")
    assert len(copied.said) == 1


# --- the app, by keys ------------------------------------------------------------------------


async def copied_with(app: DoctorApp, pilot: Pilot[int], *keys: str) -> str:
    """The text of the file that the copy page names, once it is there."""
    await pilot.press(*keys)
    assert await shows(app, pilot, "Copy: ")
    await app.workers.wait_for_complete()
    assert await shows(app, pilot, "in this file too")
    path = str(app.screen.query_one("#file", Line).render())
    return Path(path).read_text().rstrip("\n")


async def test_from_the_first_screen_to_a_copied_finding_at_60x20(tmp_path: Path) -> None:
    async with running(scenes.hyphen(), (60, 20)) as (app, pilot):
        kept = await copied_with(app, pilot, "enter", "y")
        assert app.state.report is not None
        finding = app.state.report.findings[0]
        assert kept == "\n".join(plain_finding(finding)).strip("\n")
        shown = text(app)
        assert "Sent to your terminal with OSC 52; not every terminal" in shown
        assert "copied to" not in shown.lower()
        lines = [line.rstrip() for line in shown.splitlines()]
        assert lines.index(f"ERROR {finding.id}") > 3  # at the left edge, alone on its line
        assert "? Help" in lines[-1]
        assert "q Quit" in lines[-1]
        await pilot.press("escape")
        await pilot.pause()
        assert "Evidence" in text(app)


async def test_a_long_text_scrolls_and_the_rest_stays(tmp_path: Path) -> None:
    async with running(scenes.hyphen(), (60, 20)) as (app, pilot):
        await copied_with(app, pilot, "enter", "y")
        first = text(app).splitlines()
        await pilot.press("end")
        await pilot.pause()
        last = text(app).splitlines()
    head = next(n for n, line in enumerate(first) if line.endswith(".txt"))
    assert last[: head + 1] == first[: head + 1]
    assert last[head + 2 :] != first[head + 2 :]


@pytest.mark.parametrize(
    ("keys", "begins", "holds"),
    [
        (("k", "enter"), "", "Source: "),
        (("3",), f"{scenes.HOME}/miniforge3/bin/conda", "reports       __"),
        (("3", "down", "down"), f"{scenes.HOME}/.local/bin/micromamba", "$ "),
        (("g", "enter"), f"{scenes.HOME}/miniforge3/bin/conda create -n test", ""),
    ],
)
async def test_every_page_hands_out_what_it_shows(
    keys: tuple[str, ...], begins: str, holds: str
) -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press(*keys)
        await pilot.pause()
        kept = await copied_with(app, pilot, "y")
    assert kept.startswith(begins)
    assert holds in kept


async def test_a_paste_block_of_a_bundle_is_handed_out_whole() -> None:
    async with running(scenes.hyphen()) as (app, pilot):
        await pilot.press("b")
        assert await shows(app, pilot, "summary.md")
        await pilot.press("down")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        kept = await copied_with(app, pilot, "y")
        assert "Copy: summary.md" in text(app)
    assert kept.startswith("> Privacy: ")
    assert kept.endswith("</details>")


async def test_only_the_beginning_of_a_very_long_text_is_laid_out() -> None:
    row = "one line of a long text, with https://me:secret@host in it\n"
    async with running(scenes.bare(), (60, 20)) as (app, pilot):
        app.post_message(CopyText("a long text", row * 5000))
        kept = await copied_with(app, pilot)
        shown = " ".join(text(app).split())
    assert kept.count("***@host") == 5000
    assert "secret" not in kept
    assert "Too long for the terminal's clipboard" in shown
    assert "Below are the first " in shown
    assert "*** stands in it for a secret." in shown


class Around(Replayed):
    """The machine of the 2024 bug, with more variables around it and its own runtime folder."""

    around: Mapping[str, str] = {}

    def env(self, **more: str) -> dict[str, str]:
        """As the app meets it."""
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700, exist_ok=True)
        return super().env(XDG_RUNTIME_DIR=str(runtime), **self.around, **more)


def machine_with(folder: Path, **around: str) -> Around:
    machine = Around(folder)
    machine.around = around
    machine.micromamba("1.5.8", later="2.8.1")
    machine.conda()
    return machine


def test_a_real_terminal_and_a_program_are_given_the_command(tmp_path: Path) -> None:
    """In a container the terminal alone is: its display is hardly that of the user."""
    machine = machine_with(tmp_path, DISPLAY=":0")
    taking(machine.bin / "xclip")
    app = Terminal(machine, (60, 20))
    app._child.logfile_read = raw = io.BytesIO()
    to_the_first_guide(app)
    app.press("y")
    shown = app.until("Sent to your terminal with OSC 52", "run/envdoctor/copied.txt")
    command = (tmp_path / "run" / "envdoctor" / "copied.txt").read_text().rstrip("\n")
    assert command.startswith(f"{machine.root}/bin/conda create -n test")
    assert decoded(raw.getvalue()) == [command]
    contained = container(LiveHost()) is not None
    assert ("Handed to xclip, which took it." in shown) is not contained
    assert took(machine.bin / "xclip") == (None if contained else command.encode())
    assert app.quit() == 0
    assert machine.changes == []


def test_leaving_does_not_wait_for_a_program_that_hangs(tmp_path: Path) -> None:
    machine = machine_with(tmp_path, TMUX=f"{tmp_path}/s,1,0")
    replay.hangs(machine.bin / "tmux")
    started = machine.bin / "started"
    os.mkfifo(started)
    app = Terminal(machine, (80, 24))
    app.until("cannot install CPU-specific packages", "Guide")
    app.press("\r")
    app.until("What to do, safest first")
    app.press("y")
    assert started.read_text() == "started\n"
    before = time.monotonic()
    assert app.quit() == 0
    assert time.monotonic() - before < LIMIT
    assert replay.left_running(tmp_path) == []


def test_in_tmux_as_it_is_by_default_the_paste_key_pastes(
    tmux: Callable[[str, str], Tmux], tmp_path: Path
) -> None:
    server = tmux("external", "off")
    env = machine_with(tmp_path / "machine").env(PYTHONPATH=str(ROOT))
    words = [f"{name}={value}" for name, value in env.items()]
    server.run("new-window", "env", *words, sys.executable, "-m", "doctor")

    def until(wanted: str) -> str:
        deadline = time.monotonic() + 60
        while wanted not in (shown := server.run("capture-pane", "-p")):
            assert time.monotonic() < deadline, shown
        return shown

    until("= reported")
    until("ERROR    micromamba")
    server.run("send-keys", "Enter")
    until("What to do, safest first")
    server.run("send-keys", "y")
    assert "through tmux with OSC 52" in until("Handed to tmux, which took it.")
    assert server.buffer == server.reached()
    assert server.buffer.startswith("ERROR mamba-hyphen-archspec:micromamba\nWhat: ")
