"""Names of files and folders -> the files to compare, each with a label of its own."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from doctor.clean import one_line, without_secrets

SUFFIXES = (".zip", ".json")
"""What bundles, recordings and reports in a folder end in."""

_DEEPEST = 4
"""Most parts of a path that a label takes to be unique."""


class NotComparable(ValueError):
    """Why files cannot be compared, in one sentence."""


def named(given: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Label -> path in the order given; no label is one of `taken`.

    A label is the file's name without its ending, with as many folders before it as make it
    unique, else with a number. Raises NotComparable for a folder without a file to compare.
    """
    paths = [path for name in given for path in _inside(name)]
    labels = dict.fromkeys(range(len(paths)), "")
    used = set(taken)
    waiting = list(labels)
    for depth in range(1, _DEEPEST + 1):
        tries = {number: _label(paths[number], depth) for number in waiting}
        counts = Counter(tries.values())
        for number, label in tries.items():
            if counts[label] == 1 and label not in used:
                labels[number] = label
        waiting = [number for number in waiting if not labels[number]]
        used.update(labels.values())
    for number in waiting:
        labels[number] = _numbered(_label(paths[number], 1), used)
        used.add(labels[number])
    return {labels[number]: path for number, path in enumerate(paths)}


def _numbered(label: str, used: set[str]) -> str:
    number = 2
    while f"{label} ({number})" in used:
        number += 1
    return f"{label} ({number})" if label in used else label


def _inside(name: str) -> Iterator[str]:
    """The file itself, or the files of a folder that may be compared, by name."""
    if not os.path.isdir(name):
        yield name
        return
    try:
        found = sorted(entry for entry in os.listdir(name) if _is_comparable(name, entry))
    except OSError as error:
        raise NotComparable(f"{name} cannot be listed: {error.strerror}") from None
    if not found:
        raise NotComparable(f"{name} is a folder without a .zip or .json file in it")
    yield from (os.path.join(name, entry) for entry in found)


def _is_comparable(folder: str, entry: str) -> bool:
    plain = entry.lower().endswith(SUFFIXES) and not entry.startswith(".")
    return plain and os.path.isfile(os.path.join(folder, entry))


def _label(path: str, depth: int) -> str:
    """The last parts of a path as text that is safe to show and to put into JSON."""
    parts = PurePath(path).parts[-depth:] or (repr(path),)
    whole = "/".join(part.rstrip("/\\") for part in parts)
    for suffix in SUFFIXES:
        whole = whole.removesuffix(suffix)
    text = whole.encode("utf-8", "backslashreplace").decode()
    return without_secrets(one_line(text)) or repr(path)
