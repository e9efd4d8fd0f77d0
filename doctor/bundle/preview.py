"""What would be written, before it is: in words, for every front end."""

from collections.abc import Iterator

from doctor.bundle.faithful import LOST
from doctor.bundle.making import Bundle
from doctor.clean import in_words


def preview(made: Bundle) -> Iterator[str]:
    """Every file with its size and what it is of, then what was done to them."""
    yield "Nothing is sent. These files are written into one .zip:"
    for content in made.contents:
        source = " ".join(map(in_words, content.source.split(" ")))
        yield f"  {content.name}: {len(content.data)} bytes, {source}"
    yield from verdict(made)


def verdict(made: Bundle) -> Iterator[str]:
    """What the replay said, what was replaced, by kind and count, what was left out and why."""
    if not made.manifest.redacted:
        yield "NOTHING WAS REPLACED: names, paths and secrets are in it."
    elif any(omission.reason == LOST for omission in made.manifest.omissions):
        yield "Replayed without them: no other findings, but for those that were left out."
    else:
        yield "Replayed without them: the same findings and levels."
    replaced = [f"{kind} {number}" for kind, number in made.manifest.replaced.items()]
    yield f"Replaced by stand-ins: {', '.join(replaced) or 'nothing'}"
    reasons: dict[str, list[str]] = {}
    for omission in made.manifest.omissions:
        reasons.setdefault(omission.reason, []).append(omission.what)
    yield from (f"Left out: {', '.join(some)}: {reason}" for reason, some in reasons.items())
