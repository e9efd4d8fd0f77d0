"""What a client printed -> an answer, or the reason why there is none."""

import json
import re
import signal
from typing import Any

from doctor.clean import clean, in_words
from doctor.host import Runner
from doctor.model import Answer, Basis, Command, Transcript, VirtualPackage

MARK = "envdoctor "
"""Begins the line that our own probes print, so that a client's chatter cannot be taken for it."""


MAX_PACKAGES = 100
"""Most virtual packages that are believed; real clients print fewer than ten."""


class NoAnswer(ValueError):
    """Output that holds no virtual packages; the message says what it holds instead."""


def ask(host: Runner, command: Command) -> tuple[Answer, dict[str, Any]]:
    """Runs a command and reads its JSON: the answer and the whole document (empty if none)."""
    transcript = host.run(command)
    trouble = trouble_of(transcript)
    document: dict[str, Any] = {}
    packages = None
    if trouble is None:
        try:
            document = read_json(transcript.stdout)
            packages = read_packages(document)
        except NoAnswer as error:
            trouble = str(error)
    words = [in_words(word) for word in transcript.argv if word != "-c"]
    source = f"{' '.join(words)}, {transcript.seconds:.2f} s"
    return Answer(Basis.REPORTED, packages, trouble, source, transcript), document


def trouble_of(transcript: Transcript) -> str | None:
    """Why a transcript cannot be trusted, `None` if the command ended well."""
    status = transcript.exit_status
    if transcript.trouble:
        return transcript.trouble
    if status is None:
        return "was not run"
    if status < 0:
        return f"was ended by {_signal(-status)}"
    if status:
        return f"ended with exit status {status}{_last_words(transcript)}"
    return None


def ask_info(
    host: Runner, path: str, limit: float, key: str, known: str | None = None
) -> tuple[Answer, dict[str, Any], str | None]:
    """Asks `info --json`; the version is `known`, else under `key`, else what `--version` says."""
    answer, document = ask(host, Command((path, "info", "--json"), limit=limit))
    version = known or version_of(document.get(key))
    spent = answer.transcript.seconds if answer.transcript else 0.0
    if version is None and limit - spent > 0.1:
        version, _ = ask_version(host, path, limit - spent)
    return answer, document, version


def ask_version(host: Runner, path: str, limit: float) -> tuple[str | None, Transcript]:
    """The version that `--version` prints, `None` if it prints none, and all that was said."""
    said = host.run(Command((path, "--version"), limit=limit))
    return None if said.trouble else version_in(said.stdout), said


def read_json(stdout: str) -> dict[str, Any]:
    """The JSON object in what a client printed: a probe's marked line, or all from the first brace.

    Raises NoAnswer if there is none.
    """
    if "\x1b" in stdout:
        raise NoAnswer("printed terminal control codes instead of plain JSON")
    marked = [line for line in stdout.splitlines() if line.startswith(MARK)]
    text = marked[-1].removeprefix(MARK) if marked else stdout[max(stdout.find("{"), 0) :]
    if not text.strip():
        raise NoAnswer("printed nothing")
    try:
        document = json.loads(text)
    except RecursionError:
        raise NoAnswer("printed JSON that is nested too deeply") from None
    except ValueError:
        cut = "{" in stdout
        raise NoAnswer(
            "printed JSON that is cut off or damaged" if cut else "printed text that is not JSON"
        ) from None
    if not isinstance(document, dict):
        raise NoAnswer("printed JSON that is not an object")
    return document


def read_packages(document: dict[str, Any]) -> tuple[VirtualPackage, ...]:
    """Virtual packages in any client's JSON, under whichever key it uses.

    An empty list prints as `null` before mamba 2.8.0. Raises NoAnswer if the key is missing.
    """
    if isinstance(document.get("error"), str):
        raise NoAnswer(f"failed: {clean(document['error'])}")
    for key in ("virtual_pkgs", "virtual packages", "virtual_packages"):
        if key in document:
            rows = document[key]
            break
    else:
        raise NoAnswer("printed JSON without virtual packages")
    if rows is None:
        rows = []
    if not isinstance(rows, list):
        raise NoAnswer("printed virtual packages that are not a list")
    if len(rows) > MAX_PACKAGES:
        raise NoAnswer(f"printed more than {MAX_PACKAGES} virtual packages")
    return tuple(_package(row) for row in rows)


def _package(row: object) -> VirtualPackage:
    """`"name=version=build"` (mamba, pixi) or `[name, version, build]` (conda)."""
    parts = row.split("=", 2) if isinstance(row, str) else row
    if not (isinstance(parts, list) and 2 <= len(parts) <= 3):
        raise NoAnswer("printed a virtual package in an unknown shape")
    words = [str(part) for part in parts]
    if any(word != clean(word) for word in words):
        raise NoAnswer("printed control characters in a virtual package")
    if any(len(word) > 256 for word in words):
        raise NoAnswer("printed a virtual package that is longer than any real one")
    return VirtualPackage(words[0], words[1], words[2] if len(words) == 3 else "0")


def version_of(value: object) -> str | None:
    """A version that a client printed in JSON, `None` if it cannot be one."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}(\.\d{1,9})*[\w.+-]{0,40}", value):
        return value
    return None


def target_of(document: dict[str, Any]) -> str | None:
    """The subdir that a client solves for, as it says itself."""
    value = document.get("platform")
    return value if isinstance(value, str) and re.fullmatch(r"[a-z0-9_-]{1,40}", value) else None


def version_in(text: str) -> str | None:
    """The version that `--version` printed: bare, or after the program's name."""
    match = re.search(r"^(?:[\w.-]+:?\s+)?v?(\d+\.\d+[\w.+-]*)\s*$", clean(text), re.MULTILINE)
    return version_of(match[1]) if match else None


def _signal(number: int) -> str:
    try:
        return f"signal {signal.Signals(number).name}"
    except ValueError:
        return f"signal {number}"


def _last_words(transcript: Transcript) -> str:
    """The last line of what a failing client said, shortened."""
    said = clean(transcript.stderr).strip() or clean(transcript.stdout).strip()
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f": {lines[-1][:160]}" if lines else ""
