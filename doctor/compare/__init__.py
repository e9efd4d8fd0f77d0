"""Bundles, recordings and reports side by side: what differs, and what all machines share.

`files` finds and names them, `reading` judges a recording or takes the report that was stored,
`facts` picks out what is compared, `folding` folds machines that are alike.
"""

import shlex
from collections.abc import Iterable, Iterator

from doctor.compare.files import NotComparable, named
from doctor.compare.folding import Fold
from doctor.compare.reading import FEW, own, read
from doctor.model import Comparison, Report

__all__ = ["NotComparable", "compare", "words_of"]

_NOTHING = "nothing was compared: leave out what is no good, or get it again"
_TOLD = 4
"""How many unreadable files are told one by one."""


def compare(given: Iterable[str], shown: Report | None = None, name: str = "") -> Comparison:
    """Compares files with one another and with the machine that is shown, called `name`.

    A folder stands for the bundles and reports in it. Raises NotComparable with one sentence.
    """
    files = named(given, () if shown is None else (name,))
    fold = Fold()
    if shown is not None:
        fold.add(name, own(shown))
    elif len(files) < 2:
        raise NotComparable("there is nothing to compare: two files are needed, or a folder")
    troubles = []
    for label, path in files.items():
        try:
            fold.add(label, read(path, stored=len(files) > FEW))
        except NotComparable as error:
            troubles.append(f"{path or repr(path)} {error}")
    if troubles:
        raise NotComparable("; ".join((*_told(troubles), _NOTHING)))
    return fold.folded()


def _told(troubles: list[str]) -> Iterator[str]:
    yield from troubles[:_TOLD]
    if len(troubles) > _TOLD:
        yield f"and {len(troubles) - _TOLD} more files cannot be compared"


def words_of(line: str) -> tuple[str, ...]:
    """File names as they are typed on one line: quotes hold blanks together."""
    try:
        return tuple(shlex.split(line, posix="\\" not in line))
    except ValueError:  # a quote that is not closed
        return tuple(line.split())
