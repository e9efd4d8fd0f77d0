"""What clients printed -> what of it may leave: the keys that are read, and errors.

Of an answer in JSON the keys that envdoctor reads; of other text no line that lists settings, as
conda's reports of its own errors do with every variable and address.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from doctor.clean import clean
from doctor.clients import asking
from doctor.model import Attempt, Guide, Transcript

ANSWER_KEYS = frozenset((
    "virtual packages", "virtual_pkgs", "virtual_packages", "libmamba version", "version",
    "micromamba version", "mamba version", "conda_version", "rattler_version", "platform",
    "base environment", "solver", "override_virtual_packages", "error", "exception_name",
    "message", "cpuid", "chosen", "refusal", "solver_problems", "success", "outcomes", "actions",
))  # fmt: skip
"""Keys of a client's answer that are read; channels, proxies and user agents are not."""

LINK_KEYS = ("name", "version", "build", "build_string")

MAX_LINES = 200
MAX_LENGTH = 2000
"""Most lines of an output that is no JSON, from its end, and most characters of each."""

LEFT_OUT = "lists settings of a client: the rest of its output is there"

_SETTING = re.compile(
    r"\s*(?:export )?(?!__)(?:[A-Z_][A-Z0-9_]*|\w{1,20}_proxy)=|"
    r"\s*['\"]?[A-Za-z][\w .()'\"-]{0,40} : |\s*\$ "
)
"""A line of an environment or of `conda info`: what conda adds to a report of its own errors."""

_CPU = re.compile(r"(?i)\s*(?:machdep\.cpu|hw\.)")


def cut(said: Transcript) -> Transcript:
    """A transcript with what may leave, and the reason why it is no answer, where it is none."""
    stdout = _json(said.stdout)
    trouble = said.trouble
    if _wants_json(said.argv):
        trouble = trouble or _no_answer(said)
    if stdout is None:
        hidden = "\x1b" in said.stdout and _wants_json(said.argv)
        stdout = "" if hidden else text(said.stdout)
    return replace(said, stdout=stdout, stderr=text(said.stderr), trouble=trouble)


def cut_guide(guide: Guide) -> Guide:
    """What was tried and done, with what may leave of the outputs."""
    tried = tuple(
        replace(one, before=_answered(one.before), after=_answered(one.after))
        for one in guide.tried
    )
    applied = tuple(
        replace(one, done=tuple(replace(d, output=text(d.output)) for d in one.done))
        for one in guide.applied
    )
    return replace(guide, tried=tried, applied=applied)


def _answered(rows: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(replace(row, attempt=_attempt(row.attempt)) for row in rows)


def _attempt(attempt: Attempt) -> Attempt:
    if attempt.transcript is None:
        return attempt
    return replace(attempt, transcript=cut(attempt.transcript))


def text(said: str) -> str:
    """Lines of an output from its end, but for those that list settings."""
    lines = said.splitlines(keepends=True)
    kept = [line[:MAX_LENGTH] for line in lines[-MAX_LINES:] if not _is_setting(line)]
    return "".join(kept)


def _is_setting(line: str) -> bool:
    return _SETTING.match(line) is not None and _CPU.match(line) is None


def lists_settings(said: Transcript) -> bool:
    """Whether lines were left out for that reason."""
    before = said.stdout if _json(said.stdout) is None else ""
    return any(map(_is_setting, (before + said.stderr).splitlines()))


def _wants_json(argv: tuple[str, ...]) -> bool:
    return "--json" in argv or any(word.startswith("@probe:") and "cpuid" not in word
                                   for word in argv)  # fmt: skip


def _asks(argv: tuple[str, ...]) -> bool:
    last = argv[-1] if argv else ""
    return argv[1:3] == ("info", "--json") or last.endswith("virtual_packages@")


def _no_answer(said: Transcript) -> str | None:
    """Why an answer is none, said now: control characters do not leave with it.

    What a client prints is read before its exit status where it solved, after it where it was
    asked (doctor/clients/attempting.py, asking.py).
    """
    try:
        document = asking.read_json(said.stdout)
        if _asks(said.argv) and asking.trouble_of(said) is None:
            asking.read_packages(document)
    except asking.NoAnswer as error:
        return asking.trouble_of(said) or str(error)
    return None


def _json(stdout: str) -> str | None:
    """The part of an output that is read as JSON, cut down, with the plain lines before it."""
    try:
        document = asking.read_json(stdout)
    except asking.NoAnswer:
        return None
    marked = any(line.startswith(asking.MARK) for line in stdout.splitlines())
    before = [] if marked else stdout[: max(stdout.find("{"), 0)].splitlines(keepends=True)
    if marked:
        before = [
            line for line in stdout.splitlines(keepends=True) if not line.startswith(asking.MARK)
        ]
    start = text("".join(line for line in before if line.strip()))
    start += "\n" if start and not start.endswith("\n") else ""
    mark = f"\n{asking.MARK}" if marked else ""
    return f"{start}{mark}{json.dumps(_cleaned(_kept(document)), ensure_ascii=False)}\n"


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Without control characters, which JSON would write as letters."""
    if isinstance(value, dict):
        return {clean(key): _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return clean(value) if isinstance(value, str) else value


_PARTS: dict[str, Callable[[Any], Any]] = {
    "actions": lambda value: {"LINK": _rows(value.get("LINK"))} if isinstance(value, dict) else {},
    "outcomes": lambda value: [_kept(row) if isinstance(row, dict) else None for row in value]
    if isinstance(value, list) else [],
}  # fmt: skip


def _kept(document: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _PARTS[key](value) if key in _PARTS else value
        for key, value in document.items()
        if key in ANSWER_KEYS
    }


def _rows(rows: object) -> list[dict[str, Any]]:
    found = rows if isinstance(rows, list) else []
    return [
        {key: row[key] for key in LINK_KEYS if key in row} for row in found if isinstance(row, dict)
    ]
