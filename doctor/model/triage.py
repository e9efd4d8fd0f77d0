"""Error logs: the passages in them that name a known problem."""

from msgspec import Struct


class Clue(Struct, frozen=True):
    """One problem that a log shows: the line that says so, and what it says about CPUs.

    `scenario` is the id it belongs to, `None` where the log alone cannot tell which of several;
    `names` are the CPU names that were asked for, `offered` the one that the client had;
    `package` and `build` are those concerned, `culprit` the library or program that crashed, where
    the log names them; `line` counts from 1.
    """

    line: int
    text: str
    scenario: str | None = None
    package: str | None = None
    build: str | None = None
    names: tuple[str, ...] = ()
    offered: str | None = None
    client: str | None = None
    regex: bool = False
    culprit: str | None = None
