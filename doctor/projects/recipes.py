"""A line of a recipe: what it is below, what it says, and on which conditions."""

import re
from functools import lru_cache

from msgspec import Struct

from doctor.model import PinnedLine
from doctor.projects.conditions import every, names, truth
from doctor.projects.expressions import evaluate

_WHOLE = re.compile(r"\$?\{\{([^{}]*)\}\}")


class Row(Struct, frozen=True):
    """A line that holds something: below which keys, and where its value begins and ends.

    `item` says that it is a bare item of a list; `selector` is `None` in a form without selectors;
    `output` counts the outputs so far.
    """

    number: int
    line: str
    keys: tuple[str, ...]
    start: int
    end: int
    conditions: tuple[str, ...] = ()
    item: bool = False
    selector: str | None = None
    output: int = 0

    @property
    def value(self) -> str:
        """The value without quotes."""
        found = self.line[self.start : self.end]
        if len(found) > 1 and found[0] == found[-1] and found[0] in "\"'":
            return found[1:-1]
        return found

    @property
    def expression(self) -> str:
        """The value without the braces of a jinja expression, where it is nothing else."""
        whole = _WHOLE.fullmatch(self.value)
        return whole[1].strip() if whole else self.value

    @property
    def texts(self) -> tuple[str, ...]:
        """The value, and on which conditions the line counts."""
        return (self.value, *self.conditions)

    def holds(self, subdir: str, level: int) -> bool | None:
        """Whether the line counts on a platform at a level, `None` where it cannot be told."""
        return _hold(self.conditions, subdir, level)

    def replaced(self, value: str) -> str:
        """The line with another value."""
        return self.line[: self.start] + value + self.line[self.end :]

    def pinned(
        self, path: str, rule: str, level: int | None = None, corrected: str | None = None
    ) -> PinnedLine:
        """The line as one that a check judges."""
        return PinnedLine(path, self.number, self.line, rule, None, level, corrected)


@lru_cache(maxsize=4096)
def _hold(conditions: tuple[str, ...], subdir: str, level: int) -> bool | None:
    look = names(subdir, level)
    return every([truth(evaluate(text, look)) for text in conditions])
