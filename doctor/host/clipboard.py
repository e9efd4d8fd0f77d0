"""A text out of the app: to the terminal, to a program that holds a clipboard, into a file.

No terminal says whether it took a text, so nothing here claims that it was copied.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from doctor.clean import clean, pasteable, without_secrets
from doctor.host import places
from doctor.host.files import write_private
from doctor.host.osc52 import MAX_SENT, multiplexer, sequence
from doctor.host.processes import Processes
from doctor.host.streams import Outcome
from doctor.model import Copied

LIMIT = 3.0
"""Seconds that a program has to take a text."""

MAX_REASON = 100
"""Characters of what a program says about its failure."""

FILE = "copied.txt"


class Surroundings(Struct, frozen=True):
    """What decides where a text can go: variables, `system` as `uname` says, a container or not."""

    environ: dict[str, str]
    system: str
    contained: bool = False

    @property
    def remote(self) -> bool:
        """Whether a clipboard of this machine is hardly the one that the user pastes from."""
        names = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
        return self.contained or any(self.environ.get(name) for name in names)


class Program(Struct, frozen=True):
    """A program that takes a text on its input; `note` is what to do once it has it."""

    argv: tuple[str, ...]
    encoding: str = "utf-8"
    env: dict[str, str] = {}
    note: str = ""


# --- programs --------------------------------------------------------------------------------


def own_of_tmux(environ: Mapping[str, str]) -> Program | None:
    """tmux itself, which hands its buffer on to its terminal also where it drops sequences.

    `-w` came with 3.2, as did TERM_PROGRAM (tmux/tmux 3.2, cmd-load-buffer.c and environ.c).
    """
    if not environ.get("TMUX"):
        return None
    flags = ("-w",) if environ.get("TERM_PROGRAM") == "tmux" else ()
    return Program(("tmux", "load-buffer", *flags, "-"), note="Its prefix and ] paste it.")


def local(here: Surroundings) -> Iterator[Program]:
    """Programs that hold the clipboard of this machine, the likeliest first; none where it is
    remote.

    `clip.exe` reads UTF-16 without a mark, and UTF-8 as another code page (microsoft/WSL#11047,
    alexfrmn/murmur#187); `pbcopy` reads what LC_CTYPE says (sindresorhus/clipboardy#15).
    """
    environ = here.environ
    if here.remote:
        return
    if here.system == "Darwin":
        yield Program(("pbcopy",), env={"LC_ALL": "", "LC_CTYPE": "UTF-8"})
    if here.system == "Windows":
        yield Program(("clip",), "utf-16-le")
    if environ.get("TERMUX_VERSION"):
        yield Program(("termux-clipboard-set",))
    if environ.get("WSL_DISTRO_NAME") or environ.get("WSL_INTEROP"):
        yield Program(("clip.exe",), "utf-16-le")
    if environ.get("WAYLAND_DISPLAY"):
        yield Program(("wl-copy", "--type", "text/plain"))
    if environ.get("DISPLAY"):
        yield Program(("xclip", "-selection", "clipboard"))
        yield Program(("xsel", "-b", "-i"))


def _handed(text: str, here: Surroundings, processes: Processes) -> Iterator[str]:
    """What programs did with a text: tmux, and the first of this machine that takes it."""
    tmux = own_of_tmux(here.environ)
    for program in (tmux,) if tmux else ():
        yield from _hand(text, program, here, processes)[0]
    for program in local(here):
        said, took = _hand(text, program, here, processes)
        yield from said
        if took:
            return


def _hand(
    text: str, program: Program, here: Surroundings, processes: Processes
) -> tuple[tuple[str, ...], bool]:
    """What one program did, in a sentence, and whether it took the text; one that is not there
    needs no sentence.
    """
    name, *rest = program.argv
    path = shutil.which(name, path=here.environ.get("PATH", ""))
    if path is None:
        return (), False
    env = {**here.environ, **program.env}
    outcome = processes.hand((path, *rest), env, text.encode(program.encoding), LIMIT)
    if outcome.status == 0 and outcome.trouble is None:
        return (f"Handed to {name}, which took it. {program.note}".rstrip(),), True
    return (_failure(name, outcome),), False


def _failure(name: str, outcome: Outcome) -> str:
    lines = clean(outcome.streams[1].decode("utf-8", errors="replace")).split("\n")
    reason = next((line.strip() for line in lines if line.strip()), "")[:MAX_REASON].rstrip(".")
    if outcome.status and outcome.status > 0:
        return f"{name} failed: {reason or f'exit status {outcome.status}'}."
    return f"{name} {outcome.trouble or f'was ended by signal {-(outcome.status or 0)}'}."


# --- all of it -------------------------------------------------------------------------------


def folders_for(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Folders for the file, best first: one that is emptied at logout, else the cache."""
    runtime = environ.get("XDG_RUNTIME_DIR")
    own = places.runtime() if runtime and _is_ours(runtime) else None
    return tuple(folder for folder in (own, places.cache()) if folder is not None)


def _is_ours(folder: str) -> bool:
    """After `su` the variable may name the folder of another user."""
    try:
        return os.stat(folder).st_uid == os.geteuid()
    except (OSError, ValueError, AttributeError):
        return False


def copy(
    text: str,
    here: Surroundings,
    processes: Processes,
    write: Callable[[str], None],
    folders: Iterable[Path] | None = None,
) -> Copied:
    """Sends a text to the terminal with `write`, hands it to programs, and writes the file.

    Takes up to `LIMIT` seconds for each program. Never raises for what the machine lacks.
    """
    shown = pasteable(text)
    if not shown.strip():
        return Copied(shown, ("There is nothing to copy.",))
    said = [_send(shown, here.environ, write)]
    path, trouble = _keep(shown, folders_for(here.environ) if folders is None else folders)
    said += [*_handed(shown, here, processes), *trouble, *_replaced(text, shown)]
    return Copied(shown, tuple(said), path)


def _send(text: str, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    sent = sequence(text, environ)
    if sent is None:
        size = f"{len(text.encode()):,} bytes, the limit is {MAX_SENT:,}"
        return f"Too long for the terminal's clipboard ({size})."
    write(sent)
    around = multiplexer(environ)
    through = f" through {around}" if around else ""
    return f"Sent to your terminal{through} with OSC 52; not every terminal takes it."


def _keep(text: str, folders: Iterable[Path]) -> tuple[str | None, tuple[str, ...]]:
    """The path of the file that holds the text now, or why there is none."""
    trouble = "no folder is known for it"
    for folder in folders:
        reason = write_private(folder / FILE, f"{text}\n".encode())
        if reason is None:
            return str(folder / FILE), ()
        trouble = f"{folder / FILE} {reason}"
    return None, (f"No file holds it: {trouble}.",)


def _replaced(text: str, shown: str) -> Iterator[str]:
    """What is not as it was."""
    plain = clean(text)
    if without_secrets(plain) != plain:
        yield "*** stands in it for a secret."
    if "\ufffd" in shown:
        yield "\ufffd stands in it for bytes that are no UTF-8."
