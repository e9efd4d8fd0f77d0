"""Every text of a recording: read, and replaced by what it is without names and secrets."""

import json
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from doctor.host.recorded import Recording
from doctor.redact.hiding import Hider

_PATTERN = re.compile(r"[\w*.?-]{1,40}")


def texts(value: object) -> Iterator[str]:
    """All texts in some JSON, keys among them, and each key with its text as an assignment.

    Of a text that ends with JSON, what that says: nothing in it is escaped then.
    """
    if isinstance(value, str):
        yield from _inner(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(key)
            yield from texts(inner)
            if isinstance(key, str) and isinstance(inner, str):
                yield f"{key}={inner}"  # a name often says that its value is a secret
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def _inner(text: str) -> Iterator[str]:
    parts = _with_json(text)
    if parts is None:
        yield text
        return
    try:
        found = list(texts(parts[1]))
    except RecursionError:
        found = [text]
    yield from (parts[0], *found)


def hidden(recording: Recording, hider: Hider) -> Recording:
    """The recording with stand-ins in every text and every key."""
    folders = recording.folders
    rest = _converted(replace(recording, folders={}), lambda text: _hidden(text, hider))
    return replace(rest, folders={
        _listing(key, hider): _names(key, names, hider) for key, names in folders.items()
    })  # fmt: skip


def _hidden(text: str, hider: Hider) -> str:
    """A text with stand-ins; in JSON, in each of its texts, so that it stays JSON."""
    parts = _with_json(text)
    if parts is None:
        return hider.hide(text)
    try:
        shown = walked(parts[1], hider.hide)
    except RecursionError:
        return hider.hide(text)
    end = "\n" if text.endswith("\n") else ""
    return f"{hider.hide(parts[0])}{json.dumps(shown, ensure_ascii=False)}{end}"


def _with_json(text: str) -> tuple[str, dict[str, Any]] | None:
    """The JSON that a text's last line ends with, and what is before it."""
    body = text.removesuffix("\n")
    start = body.find("{", body.rfind("\n") + 1)
    if start < 0 or not body.endswith("}"):
        return None
    try:
        document = json.loads(body[start:])
    except (ValueError, RecursionError):
        return None
    return (body[:start], document) if isinstance(document, dict) else None


def plain(recording: Recording) -> Recording:
    """The recording with nothing in it that UTF-8 cannot hold: names of files may."""
    return _converted(recording, lambda text: text.encode("utf-8", "replace").decode())


def _listing(key: str, hider: Hider) -> str:
    """A folder is hidden; what was asked of it is of ours, if it looks so."""
    folder, *patterns = key.split("\n")
    asked = (p if _PATTERN.fullmatch(p) else hider.hide(p) for p in patterns)
    return "\n".join((hider.hide(folder), *asked))


def _names(key: str, names: tuple[str, ...] | None, hider: Hider) -> tuple[str, ...] | None:
    """Names as they are when they stand behind their folder: only so it is known what they are."""
    if names is None:
        return None
    folder = key.partition("\n")[0]
    separator = "\\" if "\\" in folder else "/"
    before = f"{hider.hide(folder)}{separator}"
    found = []
    for name in names:
        path = hider.hide(f"{folder}{separator}{name}")
        found.append(path.removeprefix(before) if path.startswith(before) else hider.hide(name))
    return tuple(found)


def _converted(recording: Recording, change: Callable[[str], str]) -> Recording:
    found = walked(recording, change)
    assert isinstance(found, Recording)
    return found


def walked(value: object, change: Callable[[str], str]) -> object:
    """Changes every text; names of fields and kinds (severities) are ours and stay."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Struct):
        fields = value.__struct_fields__
        return replace(value, **{name: walked(getattr(value, name), change) for name in fields})
    if isinstance(value, dict):
        return {walked(key, change): walked(inner, change) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(walked(inner, change) for inner in value)
    return value
