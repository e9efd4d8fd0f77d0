"""The lines of a file that hold one of some words: the rest of it never crosses the host."""

from collections.abc import Iterator

from doctor.host import MAX_FILE
from doctor.host.files import read_bytes
from doctor.model import Line, Lines

MAX_LINES = 200
"""Most lines of one file that are kept."""

MAX_LENGTH = 500
"""Most characters of one line that are kept."""


def lines(path: str, words: tuple[str, ...]) -> Lines:
    """Lines with one of `words`, in the file's order."""
    data, trouble = read_bytes(path, MAX_FILE)
    if data is None:
        return Lines(path, trouble=trouble)
    found = []
    for line in _lines(path, data.decode("utf-8", errors="replace")):
        if any(word in line.text for word in words):
            found.append(line)
        if len(found) == MAX_LINES:
            break
    return Lines(path, tuple(found))


def _lines(path: str, text: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), start=1):
        yield Line(path, number, line.rstrip("\r")[:MAX_LENGTH])
