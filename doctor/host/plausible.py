"""Whether a recording from anywhere can be one of a machine, as far as lengths go.

So that what reads it may take its time over every path and every line.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doctor.host.recording import Recording

MAX_SHORT = 16 * 2**10
"""Most characters of a path, a name, a value of a variable, a line."""

MAX_LONG = 8 * 2**20
"""Most characters of a file's text or of an output: what a live machine answers at most."""

MAX_ROWS = 2000
"""Most programs of one name on PATH, and most lines of one start-up file."""

TOO_LONG = "something in it is longer than any real answer"


def plausible(recording: "Recording") -> bool:
    """Whether nothing in it is longer than a machine could have answered."""
    tables = (*recording.lookups.values(), *(lines.found for lines in recording.lines.values()))
    if any(len(rows) > MAX_ROWS for rows in tables):
        return False
    return all(len(text) <= MAX_SHORT for text in _short(recording)) and all(
        len(text) <= MAX_LONG for text in _long(recording)
    )


def _short(recording: "Recording") -> Iterator[str]:
    """Paths, names, values and lines."""
    facts = recording.facts
    yield from (recording.doctor, recording.made, facts.system, facts.machine, facts.release)
    yield from (facts.version, facts.python, facts.home, facts.cwd)
    for table in (recording.env, recording.files, recording.lines, recording.entries,
                  recording.folders, recording.lookups, recording.installed,
                  recording.channel_copies):  # fmt: skip
        yield from table
    yield from (value for value in recording.env.values() if value)
    for lines in recording.lines.values():
        yield from (line.text for line in lines.found)
    for entries in (recording.entries.values(), *recording.lookups.values()):
        for entry in entries:
            yield from (entry.path, entry.real)
    for names in recording.folders.values():
        yield from names or ()


def _long(recording: "Recording") -> Iterator[str]:
    """Texts of files and outputs."""
    yield from (file.text for file in recording.files.values() if file.text)
    for said in recording.transcripts:
        yield from (said.stdout, said.stderr)
