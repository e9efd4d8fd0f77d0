"""The catalogue: what is known about each problem, whether or not this machine has it."""

from msgspec import Struct


class Page(Struct, frozen=True):
    """All about one known problem, in words.

    `id` is that of its check, or of its scenario where only a log shows it; `symptom` is what users
    say, `detected` how it is told, `remedies` are sentences in order of safety, `sources` addresses
    or files as `REPOSITORY TAG:PATH`.
    """

    id: str
    group: str
    symptom: str
    cause: str
    detected: str
    remedies: tuple[str, ...]
    sources: tuple[str, ...]
