"""What was done to get a text out of the app."""

from msgspec import Struct


class Copied(Struct, frozen=True):
    """A text that was handed over, what was tried in sentences, and the file that holds it.

    None of the sentences says that it is in a clipboard: no terminal and no program tells.
    `path` is `None` where no file could be written, which a sentence says too.
    """

    text: str
    said: tuple[str, ...]
    path: str | None = None
