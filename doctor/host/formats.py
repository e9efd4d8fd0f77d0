"""Numbers of formats, of recordings and of bundles: what can be read, and what to say of others."""

import msgspec
from msgspec import Struct

_LARGEST = 10**6
"""Numbers above it are shown as such: a file from anywhere may have one of any length."""


class _Numbered(Struct):
    format: int


def number_of(document: bytes) -> int | None:
    """The number of its format that some JSON names; `None` where it is none or names none."""
    try:
        return msgspec.json.decode(document, type=_Numbered, strict=True).format
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def too_new(number: int, newest: int) -> str | None:
    """What to say of a format that this version does not know yet; `None` where it does."""
    if number <= newest:
        return None
    shown = number if number < _LARGEST else f"beyond {_LARGEST}"
    return (
        f"was made by a newer envdoctor (format {shown}, this one reads up to {newest}): "
        "upgrade envdoctor to open it"
    )
