"""What is under way, as far as a screen has to know it."""

from msgspec import Struct


class Waiting(Struct, frozen=True):
    """An answer that is waited for: since when on the monotonic clock, at most how long, whose.

    Both in seconds; `who` is empty where everybody is asked at once.
    """

    since: float
    limit: float
    who: str = ""
