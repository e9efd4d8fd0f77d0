"""`envdoctor bundle` and `envdoctor open`: a diagnostic bundle, shown before it is written."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from doctor.cli.output import Exit, UsageError, out, out_json, safe
from doctor.cli.sources import host_of, limit_of

if TYPE_CHECKING:
    from doctor.bundle.making import Bundle
    from doctor.host.recorded import Recording
    from doctor.model import Report

WORD = "unredacted"
"""What has to be typed before names and secrets leave."""


def bundle(arguments: argparse.Namespace) -> int:
    """Examines, redacts, replays, shows every file, and writes after a yes."""
    from doctor.bundle.making import Unfaithful, make
    from doctor.host.identity import identity

    hidden = not arguments.no_redact
    target = _target(arguments, hidden)
    if target.exists() and not arguments.over:
        raise UsageError(f"{target} is there already: choose another name, or add --over")
    recording, report = recorded(arguments)
    without = tuple(arguments.without)
    try:
        made = make(recording, report, identity(), arguments.hide, without, hidden)
    except Unfaithful as error:
        raise UsageError(f"nothing was written: {error}") from None
    _check_names(without, made)
    if arguments.show is not None:
        out(_texts(made, arguments.show))
        return Exit.OK
    if not _agreed(arguments, made, target, hidden):
        _say("Nothing was written.")
        return Exit.FINDINGS
    _write(arguments, made, target)
    return Exit.OK


def recorded(arguments: argparse.Namespace) -> "tuple[Recording, Report]":
    """Everything that crossed, and what was judged from it."""
    from doctor.examine import examine, with_caches
    from doctor.host.recorded import RecordedHost, RecordingHost

    host = host_of(arguments)
    if isinstance(host, RecordedHost):
        return host.recording, with_caches(host, examine(host))
    recording = RecordingHost(host)
    try:
        report = with_caches(recording, examine(recording, limit=limit_of(arguments)))
        return recording.recording(), report
    finally:
        recording.close()


def _target(arguments: argparse.Namespace, hidden: bool) -> Path:
    """Where it goes; a file with names in it is called so."""
    from datetime import datetime

    name = arguments.output or f"envdoctor-{datetime.now():%Y%m%d-%H%M%S}.zip"
    path = Path(name)
    if path.suffix != ".zip":
        raise UsageError(f"{name!r} must end in .zip: that is what issue forms take")
    if not hidden and "UNREDACTED" not in path.name:
        path = path.with_name(f"{path.stem}-UNREDACTED.zip")
    return path


def _check_names(without: tuple[str, ...], made: "Bundle") -> None:
    """Every name that was given left something out."""
    unticked = [o for o in made.manifest.omissions if o.reason == "was unticked"]
    if len(unticked) < len(set(without)):
        raise UsageError(f"--without {' '.join(without)}: a name is no file under files/ here")


# --- preview ---------------------------------------------------------------------------------


def preview(made: "Bundle") -> Iterator[str]:
    """Every file with its size and what it is of, what was replaced, what was left out."""
    yield "Nothing is sent. These files are written into one .zip:"
    for content in made.contents:
        yield f"  {content.name}: {len(content.data)} bytes, {content.source}"
    replaced = [f"{kind} {number}" for kind, number in made.manifest.replaced.items()]
    yield f"Replaced: {', '.join(replaced) or 'nothing'}"
    for omission in made.manifest.omissions:
        yield f"Left out: {omission.what}: {omission.reason}"
    if made.manifest.redacted:
        yield "Replay after replacing: same findings."
    else:
        yield "NOTHING WAS REPLACED: names, paths and secrets are in it."


def _texts(made: "Bundle", name: str) -> Iterator[str]:
    """The text of every file, or of one, byte for byte but for control characters."""
    wanted = [c for c in made.contents if name in ("", c.name)]
    if not wanted:
        raise UsageError(f"{name!r} is no file of this bundle")
    for content in wanted:
        yield f"==> {content.name} <=="
        yield from content.data.decode("utf-8", "replace").splitlines()


# --- agreement -------------------------------------------------------------------------------


def _agreed(arguments: argparse.Namespace, made: "Bundle", target: Path, hidden: bool) -> bool:
    _say(*preview(made))
    if not hidden:
        return _typed(f"Type {WORD} to write {target} with everything in it: ") == WORD
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked without a terminal: add --yes, or --show to read it")
    return _typed(f"Write {target}? [y/N] ") in ("y", "yes")


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
        out_json({"bundle": str(target), "bytes": len(data), "replaced": made.manifest.replaced})
    else:
        out([f"Written: {target}, {len(data)} bytes. Nothing was sent."])


def _say(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(f"{safe(line)}\n")


def open_bundle(arguments: argparse.Namespace) -> int:
    """The app, or the plain report, on a bundle."""
    from doctor.cli.verbs import app

    arguments.recording = arguments.file
    return app(arguments)
