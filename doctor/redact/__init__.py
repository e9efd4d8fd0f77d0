"""A recording -> the same without anybody's names and secrets, and what was replaced, by kind.

First the fields that may leave at all, then stand-ins for what they still hold: the same one for
the same thing everywhere, so that relations survive. The map from one to the other stays here.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from doctor import checks
from doctor.host.identity import Identity
from doctor.host.recorded import Recording
from doctor.redact.fields import Omission, reduced
from doctor.redact.hiding import Hider

__all__ = ["Omission", "Redacted", "redact", "unredacted"]


class Redacted(Struct, frozen=True):
    """A recording that may leave, how much was replaced by kind, and what was left out."""

    recording: Recording
    replaced: dict[str, int]
    omissions: tuple[Omission, ...]
    hide: Callable[[str], str]


def redact(
    recording: Recording,
    identity: Identity,
    words: Iterable[str] = (),
    without: frozenset[str] = frozenset(),
) -> Redacted:
    """Hides names and secrets; `words` are more to hide, `without` files to leave out."""
    small = reduced(recording, without)
    hider = Hider(_packages(recording))
    for text in _texts(msgspec.to_builtins(recording)):
        hider.learn(text)
    _introduce(hider, recording, identity)
    for word in words:
        hider.hide_given(word)
    hidden = _walk(msgspec.to_builtins(small.recording), hider.hide)
    omissions = tuple(Omission(hider.hide(o.what), o.reason) for o in small.omissions)
    counts = dict(sorted(hider.replaced.items()))
    whole = msgspec.convert(hidden, Recording)
    return Redacted(whole, counts, omissions, hider.hide)


def unredacted(recording: Recording) -> Redacted:
    """Everything as it was recorded, for who typed the word that this needs."""
    return Redacted(recording, {}, (), lambda text: text)


def _introduce(hider: Hider, recording: Recording, identity: Identity) -> None:
    """Tells the hider who and what has to be hidden."""
    facts = recording.facts
    for path in (identity.home, facts.home):
        hider.hide_path("user", path)
    for user in identity.users:
        hider.hide_path("user", f"/{user}")
        hider.hide_word("user", user)
    for host in identity.hosts:
        hider.hide_word("host", host)
    for path in (facts.cwd, *recording.installed, *_listed(recording)):
        hider.hide_path("folder", path)
    for name in ("CONDA_DEFAULT_ENV", "APPTAINER_NAME", "SINGULARITY_NAME"):
        hider.hide_word("env", recording.env.get(name) or "")


def _listed(recording: Recording) -> Iterator[str]:
    """Paths in variables, and of environments that were looked at."""
    for name, value in recording.env.items():
        if value and not name.startswith(("CONDA_OVERRIDE_", "CONDA_DEFAULT")):
            yield from (part for part in value.replace(";", ":").split(":") if "/" in part)
    for guide in recording.guides:
        yield from (word for word in guide.finding.subject.split("#") if word.startswith("/"))


def _packages(recording: Recording) -> Iterator[str]:
    """Names that must stay readable, also where somebody is called so."""
    for installed in recording.installed.values():
        yield from (record.name for record in installed.records)
    for copy in recording.channel_copies.values():
        yield from copy.users
    yield from ("numpy", "scipy", "archspec", "graph-tool", "faiss", "pytorch", "zlib", "vm")
    yield from (recording.facts.system, recording.facts.machine)
    for check in checks.CHECKS:
        yield from (check.ID, *check.ID.split("-"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(key)
            yield from _texts(inner)
            if isinstance(key, str) and isinstance(inner, str):
                yield f"{key}={inner}"
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _walk(value: Any, hide: Callable[[str], str]) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {_walk(key, hide): _walk(inner, hide) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(inner, hide) for inner in value]
    return value
