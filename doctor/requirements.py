"""The text of a requirement -> name, version and build, as py-rattler reads it."""

import re

from msgspec import Struct

from doctor.levels import PPC64LE_NAMES, X86_NAMES

LEVEL_PACKAGE = re.compile(r"_(x86_64|ppc64le)-microarch-level")
"""Name of a level package, and its family."""


class NotARequirement(ValueError):
    """Text that no client would take as a requirement; the message says why, in one line."""


class Requirement(Struct, frozen=True):
    """One requirement; `version` and `build` are `None` where it does not restrict them."""

    text: str
    name: str
    version: str | None = None
    build: str | None = None

    @property
    def family(self) -> str | None:
        """`x86_64` or `ppc64le` if it asks for a level package, else `None`."""
        matched = LEVEL_PACKAGE.fullmatch(self.name)
        return matched[1] if matched else None

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of which it takes the level package, by version."""
        table = {"x86_64": X86_NAMES, "ppc64le": PPC64LE_NAMES}.get(self.family or "", {})
        return tuple(level for level in table if self.takes(str(level)))

    @property
    def lowest(self) -> int | None:
        """The lowest level that will do, `None` where it asks for no level package."""
        return min(self.levels, default=None)

    def takes(self, version: str) -> bool:
        """Whether a version fits."""
        if self.version is None:
            return True
        from rattler import Version, VersionSpec

        return VersionSpec(self.version).matches(Version(version))


def parse(text: str) -> Requirement:
    """Reads a requirement as conda-like clients spell it, whatever the spelling.

    Raises NotARequirement.
    """
    from rattler import MatchSpec

    words = text.strip()
    if not words or len(words) > 1000:
        raise NotARequirement("is empty" if not words else "is longer than any real requirement")
    try:
        spec = MatchSpec(words)
        name = spec.name.normalized if spec.name is not None else ""
    except Exception as error:  # noqa: BLE001 - py-rattler raises types of its own
        raise NotARequirement(str(error).splitlines()[0]) from None
    if not name:
        raise NotARequirement("names no package")
    return Requirement(words, name, spec.version or None, spec.build or None)


def parsed(text: str) -> Requirement | None:
    """The same, `None` where it is no requirement."""
    try:
        return parse(text)
    except NotARequirement:
        return None
