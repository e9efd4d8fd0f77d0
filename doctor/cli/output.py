"""Exit status, errors in one line, and standard output, which carries the result only."""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit status that scripts rely on."""

    OK = 0
    """Nothing at or above `--fail-on`."""
    FINDINGS = 1
    """Findings at or above `--fail-on`."""
    USAGE = 2
    """Wrong arguments, or a file that cannot be read."""
    INCOMPLETE = 3
    """A client hung or crashed, and nothing worse was found."""
    INTERRUPTED = 130
    """Ctrl-C."""


class UsageError(Exception):
    """What the user can mend: one sentence."""


def complain(message: str, as_json: bool) -> None:
    """One line on standard error; with `--json` a document on standard output as well."""
    line = safe(" ".join(message.split()))
    if as_json:
        with suppress(OSError):  # the line below and the exit status say it still
            sys.stdout.write(json.dumps({"schema": 1, "error": line}) + "\n")
    with suppress(OSError):
        sys.stderr.write(f"envdoctor: {line}\n")


def is_plain(arguments: argparse.Namespace) -> bool:
    """Whether to print one fact per line: asked for, or no terminal that could show more."""
    return (
        getattr(arguments, "plain", False)
        or not sys.stdout.isatty()
        or os.environ.get("TERM") == "dumb"
        or bool(os.environ.get("ACCESSIBLE"))
    )


def nearest(word: str, known: list[str]) -> str:
    """`, did you mean ...?` where some known word is close, else nothing."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def safe(text: str) -> str:
    """Text without control characters and secrets, loaded late because few verbs need it."""
    from doctor.clean import clean, without_secrets

    return without_secrets(clean(text))


def out(lines: Iterable[str]) -> None:
    """Prints lines without control characters and secrets: what we show may come from anywhere."""
    from doctor.clean import shown

    for line in lines:
        sys.stdout.write(shown(line) + "\n")


def out_json(content: dict[str, Any]) -> None:
    """Prints one JSON document with the schema first, without secrets."""
    from doctor.report import document

    sys.stdout.write(document.dumps(content) + "\n")
