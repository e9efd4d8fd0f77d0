"""A recording -> the same without anybody's names and secrets, and what was replaced, by kind.

First the fields that may leave at all, then stand-ins for what they still hold: the same one for
the same thing everywhere, so that relations survive. The map from one to the other stays here.
"""

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec
from msgspec import Struct

from doctor.host.identity import Identity
from doctor.host.recorded import Recording
from doctor.model import Omission
from doctor.redact.fields import reduced
from doctor.redact.introducing import hider_for
from doctor.redact.walking import hidden, plain
from doctor.redact.words import HIDDEN

__all__ = ["Redacted", "counted", "redact", "unredacted"]


class Redacted(Struct, frozen=True):
    """A recording that may leave, how much was replaced by kind, and what was left out.

    `hide` gives the stand-ins of any other text, `leaks` says whether one holds a secret still.
    """

    recording: Recording
    replaced: dict[str, int]
    omissions: tuple[Omission, ...]
    hide: Callable[[str], str]
    leaks: Callable[[str], bool]


def redact(
    recording: Recording,
    identity: Identity,
    words: Iterable[str] = (),
) -> Redacted:
    """Hides names and secrets; `words` are more to hide.

    Equal recordings come out equal, in whichever order their parts were noted.
    """
    ordered = _in_order(recording)
    small = reduced(ordered)
    hider = hider_for(ordered, identity, words)
    whole = hidden(small.recording, hider)
    omissions = sorted({(hider.hide(o.what), o.reason) for o in small.omissions})
    shown = tuple(Omission(what, reason) for what, reason in omissions)
    return Redacted(
        whole, counted([msgspec.json.encode(whole).decode()]), shown, hider.hide, hider.leaks
    )


def unredacted(recording: Recording) -> Redacted:
    """Everything as it was recorded, for who typed the word that this needs."""
    return Redacted(plain(_in_order(recording)), {}, (), lambda text: text, lambda text: False)


def _in_order(recording: Recording) -> Recording:
    """The recording with its names sorted: threads note them in any order."""
    return msgspec.convert(msgspec.to_builtins(recording, order="deterministic"), Recording)


def counted(some: Iterable[str]) -> dict[str, int]:
    """How often each kind of stand-in stands in some texts."""
    found: Counter[str] = Counter()
    for text in some:
        found.update(kind for kind, _ in HIDDEN.findall(text))
    return dict(sorted(found.items()))
