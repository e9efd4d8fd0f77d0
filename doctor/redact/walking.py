"""Every text of a recording: read, and replaced by what it is without names and secrets."""

from collections.abc import Callable, Iterator
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from doctor.host.recorded import Recording
from doctor.redact.hiding import Hider


def texts(value: object) -> Iterator[str]:
    """All texts in some JSON, keys among them, and each key with its text as an assignment."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(key)
            yield from texts(inner)
            if isinstance(key, str) and isinstance(inner, str):
                yield f"{key}={inner}"  # a name often says that its value is a secret
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def hidden(recording: Recording, hider: Hider) -> Recording:
    """The recording with stand-ins in every text and every key."""
    folders = recording.folders
    rest = _converted(replace(recording, folders={}), hider.hide)
    return replace(rest, folders={
        _listing(key, hider): _names(key, names, hider) for key, names in folders.items()
    })  # fmt: skip


def plain(recording: Recording) -> Recording:
    """The recording with nothing in it that UTF-8 cannot hold: names of files may."""
    return _converted(recording, lambda text: text.encode("utf-8", "replace").decode())


def _listing(key: str, hider: Hider) -> str:
    """A folder is hidden; what was asked of it is of ours."""
    folder, newline, patterns = key.partition("\n")
    return f"{hider.hide(folder)}{newline}{patterns}"


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
    if isinstance(value, tuple):
        return tuple(walked(inner, change) for inner in value)
    return value
