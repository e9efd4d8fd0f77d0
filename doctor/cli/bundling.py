"""`envdoctor bundle` and `envdoctor open`: a diagnostic bundle, shown before it is written."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from doctor.clean import clean
from doctor.cli.output import Exit, UsageError, out, safe
from doctor.cli.sources import host_of, limit_of

if TYPE_CHECKING:
    from doctor.bundle.making import Bundle
    from doctor.bundle.members import Content
    from doctor.host.recorded import Recording
    from doctor.model import Omission, Report

WORD = "unredacted"
"""What has to be typed before names and secrets leave."""


def bundle(arguments: argparse.Namespace) -> int:
    """Examines, redacts, replays, shows every file, and writes after a yes."""
    from doctor.bundle.making import Unfaithful, make
    from doctor.host.identity import identity

    hidden = not arguments.no_redact
    target = _target(arguments, hidden)
    _refuse_early(arguments, target, hidden)
    recording, report, before = recorded(arguments)
    without = tuple(arguments.without)
    try:
        made = make(recording, report, identity(), arguments.hide, without, hidden, before)
    except Unfaithful as error:
        raise UsageError(f"nothing was written: {error}") from None
    if arguments.show is not None:
        if not hidden and not _typed_word("print everything"):
            return _nothing()
        _show(arguments, made)
        return Exit.OK
    if not _agreed(arguments, made, target, hidden):
        return _nothing()
    _write(arguments, made, target)
    return Exit.OK


def _nothing() -> int:
    _say("Nothing was written.")
    return Exit.FINDINGS


def recorded(
    arguments: argparse.Namespace,
) -> "tuple[Recording, Report, tuple[Omission, ...]]":
    """Everything that crossed, what was judged from it, and what was left out of it before."""
    from doctor.examine import examine, with_caches
    from doctor.host.recorded import RecordedHost, RecordingHost

    host = host_of(arguments)
    if isinstance(host, RecordedHost):
        return host.recording, with_caches(host, examine(host)), host.omissions
    recording = RecordingHost(host)
    try:
        report = with_caches(recording, examine(recording, limit=limit_of(arguments)))
        return recording.recording(), report, ()
    finally:
        recording.close()


def _target(arguments: argparse.Namespace, hidden: bool) -> Path:
    """Where it goes; a file with names in it is called so."""
    from datetime import datetime

    name = arguments.output
    if name is None:
        name = f"envdoctor-{datetime.now():%Y%m%d-%H%M%S}.zip"
    path = Path(name)
    if path.suffix != ".zip":
        raise UsageError(f"{name!r} must end in .zip: that is what issue forms take")
    if not hidden and not path.stem.endswith("-UNREDACTED"):
        path = path.with_name(f"{path.stem}-UNREDACTED.zip")
    return path


def _refuse_early(arguments: argparse.Namespace, target: Path, hidden: bool) -> None:
    """What can be known before clients are asked."""
    asks = not hidden or (arguments.show is None and not arguments.yes)
    if asks and not sys.stdin.isatty():
        instead = "" if not hidden else ": add --yes, or --show to read it"
        why = "" if hidden else ", and --no-redact needs a word that somebody types"
        raise UsageError(f"nobody can be asked without a terminal{why}{instead}")
    if arguments.show is not None:
        return
    if os.path.lexists(target) and not arguments.over:
        raise UsageError(f"{target} is there already: choose another name, or add --over")
    if not target.parent.is_dir():
        raise UsageError(f"{target} was not written: there is no folder {target.parent}")


# --- show ------------------------------------------------------------------------------------


def _show(arguments: argparse.Namespace, made: "Bundle") -> None:
    """The text of every file, or of one, letter by letter but for control characters."""
    name = arguments.show
    wanted = [content for content in made.contents if name in ("", content.name)]
    if not wanted:
        raise UsageError(f"{name!r} is no file of this bundle")
    if arguments.json:
        files = [{**_row(c), "text": c.data.decode("utf-8", "replace")} for c in wanted]
        _document({"files": files})
        return
    for content in wanted:
        lines = content.data.decode("utf-8", "replace").split("\n")
        shown = [f"==> {content.name} <==", *lines[: -1 if not lines[-1] else None]]
        sys.stdout.write("".join(f"{clean(line)}\n" for line in shown))


def _row(content: "Content") -> dict[str, object]:
    return {"name": content.name, "bytes": len(content.data), "source": content.source}


def _document(content: dict[str, object]) -> None:
    """One JSON document of what was redacted: nothing more is hidden in it."""
    sys.stdout.write(json.dumps({"schema": 1, **content}, ensure_ascii=True) + "\n")


# --- agreement -------------------------------------------------------------------------------


def _agreed(arguments: argparse.Namespace, made: "Bundle", target: Path, hidden: bool) -> bool:
    from doctor.bundle.preview import preview

    _say(*preview(made))
    if not hidden:
        return _typed_word(f"write {target} with everything in it")
    if arguments.yes:
        return True
    _say("Not yet? --show prints every letter, --hide WORD and --without FILE leave more out.")
    return _typed(f"Write {target}? [y/N] ") in ("y", "yes")


def _typed_word(to_do: str) -> bool:
    return _typed(f"Type {WORD} to {to_do}: ") == WORD


def _typed(question: str) -> str:
    sys.stderr.write(safe(question))
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower()


def _write(arguments: argparse.Namespace, made: "Bundle", target: Path) -> None:
    from doctor.bundle.making import zipped
    from doctor.bundle.writing import NotWritten, write

    data = zipped(made)
    try:
        write(target, data, arguments.over)
    except NotWritten as error:
        raise UsageError(str(error)) from None
    if arguments.json:
        _document(
            {
                "bundle": str(target),
                "bytes": len(data),
                "redacted": made.manifest.redacted,
                "replaced": made.manifest.replaced,
                "files": [_row(content) for content in made.contents],
                "omissions": [
                    {"what": o.what, "reason": o.reason} for o in made.manifest.omissions
                ],
            }
        )
    else:
        out([f"Written: {target}, {len(data)} bytes. Nothing was sent."])


def _say(*lines: str) -> None:
    """Lines on standard error; on a terminal no word is cut where it ends."""
    for line in lines:
        sys.stderr.write("".join(f"{part}\n" for part in _folded(safe(line))))


def _folded(line: str) -> list[str]:
    import textwrap

    try:
        width = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):  # no terminal
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(
        line, max(width, 20), initial_indent="", subsequent_indent=f"{indent}    ",
        break_long_words=False, break_on_hyphens=False, replace_whitespace=False,
    ) or [line]  # fmt: skip


def open_bundle(arguments: argparse.Namespace) -> int:
    """The app on a bundle, line by line where plain was asked for; or the plain report."""
    from doctor.cli.verbs import app

    if getattr(arguments, "recording", None) is not None:
        raise UsageError("open takes one file: leave --from out")
    arguments.recording = arguments.file
    return app(arguments)
