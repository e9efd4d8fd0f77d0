"""Environments: what level was installed, what level is needed, and who needs it."""

from msgspec import Struct

from doctor.model.crossing import File
from doctor.model.records import Record


class Need(Struct, frozen=True):
    """A package of an environment that asks for a level; `level` is the lowest that will do.

    `requirement` is its dependency, verbatim; `level` is `None` where the text was not understood;
    `family` says whose levels (`x86_64`, `ppc64le`).
    """

    package: str
    requirement: str
    level: int | None
    family: str = "x86_64"

    @property
    def name(self) -> str:
        """The package's name alone."""
        return self.package.partition(" ")[0]


class Environment(Struct, frozen=True):
    """One prefix, as far as CPUs are concerned.

    `known_by` says how it was found; `family` whose levels it speaks of (`x86_64`, `ppc64le`);
    `metapackage` is the installed level package; `flags` are installed build packages that leave
    compiler flags in the environment; `written_by` the clients that changed it, first to last;
    `users` are installed packages of which newer builds ask for a level, `gpu` those that ask for
    `__cuda`; `subdir` is what its own condarc says.
    """

    path: str
    known_by: str
    count: int | None = None
    family: str = "x86_64"
    metapackage: Record | None = None
    needs: tuple[Need, ...] = ()
    flags: tuple[Record, ...] = ()
    written_by: tuple[str, ...] = ()
    users: tuple[Record, ...] = ()
    gpu: tuple[Record, ...] = ()
    subdir: str | None = None
    unreadable: tuple[File, ...] = ()
    trouble: str | None = None

    @property
    def installed(self) -> int | None:
        """Level that it was solved for: the version of the installed level package."""
        version = self.metapackage.version if self.metapackage else ""
        return int(version) if version.isdecimal() and len(version) < 4 else None

    @property
    def needed(self) -> int | None:
        """Highest level that its packages ask for, `None` where none asks."""
        own = (n.level for n in self.needs if n.family == self.family and n.level is not None)
        return max(own, default=None)
