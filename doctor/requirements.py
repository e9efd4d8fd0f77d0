"""The text of a requirement -> name, version and build, as py-rattler reads it."""

import fnmatch
import re

from msgspec import Struct

from doctor.levels import GENERATIONS, NEWEST

LEVEL_PACKAGE = re.compile(r"_(x86_64|ppc64le)-microarch-level")
"""Name of a level package, and its family."""


class NotARequirement(ValueError):
    """Text that no client would take as a requirement; the message says why, in one line."""


class Requirement(Struct, frozen=True):
    """One requirement; what it does not restrict is `None`."""

    text: str
    name: str
    version: str | None = None
    build: str | None = None
    channel: str | None = None

    @property
    def family(self) -> str | None:
        """`x86_64` or `ppc64le` if it asks for a level package, else `None`."""
        matched = LEVEL_PACKAGE.fullmatch(self.name)
        return matched[1] if matched else None

    @property
    def plain(self) -> str:
        """The requirement without its channel: what another channel can be asked for."""
        if self.channel is None:
            return self.text
        return " ".join(filter(None, (self.name, self.version or (self.build and "*"), self.build)))

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of which it takes a level package, by version and by the build it names."""
        family = self.family
        if family is None:
            return ()
        fitting = [level for level in NEWEST.names(family) if self.takes(str(level))]
        named = [level for level in fitting if _builds(self.build, level, family)]
        return tuple(named or fitting)

    @property
    def lowest(self) -> int | None:
        """The lowest level that will do, `None` where there is none."""
        return min(self.levels, default=None)

    @property
    def least(self) -> int | None:
        """The same, else the lowest version that would do: `>=5` asks for 5, which no CPU has."""
        beyond = (level for level in range(1, BEYOND) if self.takes(str(level)))
        return None if self.family is None else self.lowest or next(beyond, None)

    def takes(self, version: str) -> bool:
        """Whether a version fits."""
        if self.version is None:
            return True
        from rattler import Version, VersionSpec

        return VersionSpec(self.version).matches(Version(version))


BEYOND = 100
"""No level will be called so."""


def _builds(pattern: str | None, level: int, family: str) -> bool:
    """Whether some published build of a level fits a build string, a glob or an expression."""
    if pattern is None:
        return True
    names = (*NEWEST.names(family)[level], f"level{level}")
    builds = [f"{g.number}_{name}" for g in GENERATIONS for name in names]
    if pattern.startswith("^"):
        return any(_fits(pattern, build) for build in builds)
    return any(fnmatch.fnmatchcase(build, pattern.lower()) for build in builds)


def _fits(expression: str, build: str) -> bool:
    """Short expressions only: a long one could be made to take for ever."""
    try:
        return len(expression) < 500 and re.search(expression, build) is not None
    except re.error:
        return False


def parse(text: str) -> Requirement:
    """Reads a requirement as conda-like clients spell it, whatever the spelling.

    Raises NotARequirement.
    """
    from rattler import MatchSpec

    words = text.strip()
    if not words or len(words) > 1000:
        raise NotARequirement("is empty" if not words else "is longer than any real requirement")
    if words.startswith("-"):
        raise NotARequirement("begins with a hyphen: clients would take it for an option")
    try:
        spec = MatchSpec(words)
        name = spec.name.normalized if spec.name is not None else ""
        channel = spec.channel.name if spec.channel is not None else None
    except Exception as error:  # noqa: BLE001 - py-rattler raises types of its own
        raise NotARequirement(str(error).splitlines()[0]) from None
    if not name:
        raise NotARequirement("names no package")
    return Requirement(words, name, spec.version or None, spec.build or None, channel)


def parsed(text: str) -> Requirement | None:
    """The same, `None` where it is no requirement."""
    try:
        return parse(text)
    except NotARequirement:
        return None
