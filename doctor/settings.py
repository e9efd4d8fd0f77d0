"""What the user chose and kept: one JSON file where the platform keeps settings of programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import fields

from doctor.clean import one_line
from doctor.host import keeping, places
from doctor.host.keeping import NotKept

__all__ = ["Kept", "NotKept", "Settings", "difference", "keep", "place", "read", "standing"]

Theme = Literal["auto", "dark", "light", "high-contrast", "high-contrast-light", "terminal"]
Choice = Literal["auto", "yes", "no"]

MAX_LIMIT = 600.0
"""Most seconds that clients can be given to answer."""

NO_HOME = "This user has no home to keep settings in."
"""Why there is no file of settings."""

Limit = Annotated[float, Meta(gt=0, le=MAX_LIMIT)]
"""Seconds that clients have to answer."""


class Settings(Struct, frozen=True):
    """What can be chosen. `limit` is in seconds, `muted` are ids of findings.

    `auto` is what suits the terminal; each field stands in the file under its own name.
    """

    theme: Theme = "auto"
    limit: Limit = 10.0
    mouse: bool = True
    ascii: Choice = "auto"
    animations: Choice = "auto"
    muted: tuple[Annotated[str, Meta(max_length=1000)], ...] = ()


class Kept(Struct, frozen=True):
    """What a file held when it was read.

    `path` is `None` where no folder for it is known, `data` is `None` where it cannot be read, and
    `trouble` says in a sentence what of it could not be used.
    """

    path: Path | None = None
    settings: Settings = Settings()
    data: bytes | None = b""
    trouble: str = ""


def place() -> Path | None:
    """Where the file is, `None` for a user without a home."""
    folder = places.config()
    return folder / "settings.json" if folder else None


def read(path: Path | None) -> Kept:
    """The settings in a file; what it lacks or says wrongly is as by default. Never raises."""
    if path is None:
        return Kept()
    data, trouble = keeping.read(path)
    if data is None:
        return Kept(path, data=None, trouble=f"{path} {trouble}: settings are as by default.")
    if not data:
        return Kept(path)
    raw = _object(data)
    if raw is None:
        return Kept(
            path, Settings(), data, f"{path} is no JSON object: settings are as by default."
        )
    settings, wrong = _known(raw)
    unknown = [name for name in raw if name not in Settings.__struct_fields__]
    return Kept(path, settings, data, " ".join(_troubles(path, wrong, unknown)))


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _known(raw: dict[str, Any]) -> tuple[Settings, list[str]]:
    """The settings that make sense, and the names of those that do not."""
    good, wrong = {}, []
    for field in fields(Settings):
        if field.name in raw:
            try:
                good[field.name] = msgspec.convert(raw[field.name], field.type)
            except msgspec.ValidationError:
                wrong.append(field.name)
    return Settings(**good), wrong


def _troubles(path: Path, wrong: list[str], unknown: list[str]) -> Iterator[str]:
    if wrong:
        yield f"{path}: what it says of {_listed(wrong)} makes no sense, so the default holds."
    if unknown:
        yield f"{path}: {_listed(unknown)} is not known to this envdoctor and does nothing."


def _listed(names: list[str]) -> str:
    shown = ", ".join(one_line(name)[:30] for name in names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


# --- keeping ---------------------------------------------------------------------------------


def standing(kept: Kept, settings: Settings, key: str) -> str:
    """What of the settings is kept, and in which file; `key` is what keeps them."""
    if kept.trouble or kept.path is None:
        return kept.trouble or NO_HOME
    if kept.settings != settings:
        return f"Not kept yet in {kept.path}: {key} does that."
    return f"The same stands in {kept.path}." if kept.data else f"Nothing is kept in {kept.path}."


def text(kept: Kept, settings: Settings) -> bytes:
    """The file with these settings: those as by default are left out, what is unknown stays."""
    raw = _object(kept.data or b"") or {}
    default = Settings()
    for name in Settings.__struct_fields__:
        raw.pop(name, None)
        value = getattr(settings, name)
        if name == "muted":  # JSON cannot hold an id with a path in it that is no UTF-8
            value = tuple(id for id in value if id == id.encode(errors="replace").decode())
        if value != getattr(default, name):
            raw[name] = value
    if not raw and not kept.data:
        return b""
    return msgspec.json.format(msgspec.json.encode(raw), indent=2) + b"\n"


def difference(kept: Kept, settings: Settings) -> tuple[str, ...]:
    """What keeping would change, as lines of a diff; none where the file says the same already."""
    import difflib

    before = (kept.data or b"").decode("utf-8", "backslashreplace").splitlines()
    after = text(kept, settings).decode().splitlines()
    return tuple(difflib.unified_diff(before, after, "kept", "new", lineterm=""))


def keep(kept: Kept, settings: Settings) -> Kept:
    """Writes what `difference` showed; what is there now. Raises NotKept."""
    if kept.path is None:
        raise NotKept(f"Nothing was written: {NO_HOME[0].lower()}{NO_HOME[1:]}")
    if kept.data is None:
        raise NotKept(f"Nothing was written: {kept.trouble}")
    data = text(kept, settings)
    keeping.keep(kept.path, kept.data, data)
    return read(kept.path)
