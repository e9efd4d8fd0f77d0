"""The pages of known problems as lines of text."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from doctor.model import Page

HEADINGS = {
    "clients": "Clients", "cpu": "CPU", "overrides": "Overrides", "environments": "Environments",
    "project files": "Project files", "recipes": "Recipes", "system": "System",
    "envdoctor": "envdoctor itself", "logs": "Seen in logs only",
}  # fmt: skip


def heading(group: str) -> str:
    """A group's name as the heading of its problems."""
    return HEADINGS.get(group, group)


def columns(pages: Iterable[Page]) -> Iterator[str]:
    """Every problem in a line under the heading of its group; pages come group by group."""
    rows = tuple(pages)
    width = max((len(page.id) for page in rows), default=0)
    for number, (group, members) in enumerate(groupby(rows, key=lambda page: page.group)):
        if number:
            yield ""
        yield heading(group)
        yield from (f"  {page.id:{width}}  {page.symptom}" for page in members)


def plain(pages: Iterable[Page]) -> Iterator[str]:
    """The same, one fact per line."""
    for number, (group, members) in enumerate(groupby(pages, key=lambda page: page.group)):
        if number:
            yield ""
        yield f"{heading(group)}:"
        yield from (f"{page.id}: {page.symptom}" for page in members)


def whole(pages: Iterable[Page]) -> Iterator[str]:
    """All that each page says, one fact per line."""
    for number, page in enumerate(pages):
        if number:
            yield ""
        yield f"{page.id}:"
        yield f"Group: {heading(page.group)}"
        yield f"Symptom: {page.symptom}"
        yield f"Cause: {page.cause}"
        yield f"Detected: {page.detected}"
        yield from (f"Remedy: {remedy}" for remedy in page.remedies)
        yield from (f"Source: {source}" for source in page.sources)
