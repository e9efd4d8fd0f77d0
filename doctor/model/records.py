"""Packages as they are described in a prefix, in a channel's copy, or in a package file."""

from msgspec import Struct

from doctor.model.crossing import File


class Record(Struct, frozen=True):
    """The fields of a package's metadata that bear on CPUs and clients; all else is left out.

    `depends` and `constrains` are verbatim; `channel` as the client wrote it; `file` is the name
    of the record or of the package file.
    """

    name: str
    version: str
    build: str
    build_number: int = 0
    channel: str | None = None
    subdir: str | None = None
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    track_features: str = ""
    file: str = ""

    @property
    def title(self) -> str:
        """Name, version and build in words."""
        return f"{self.name} {self.version} {self.build}"


class Installed(Struct, frozen=True):
    """What a prefix's `conda-meta` says of CPUs.

    `count` is the number of records, `None` where the folder could not be read; `records` are
    those named or depending on one of the words that were asked for; `unreadable` are records
    that could not be read, each with its reason; `programs` are the clients that its history
    names, first to last (`conda`, `mamba`, `micromamba`, `pixi`).
    """

    path: str
    count: int | None = None
    records: tuple[Record, ...] = ()
    unreadable: tuple[File, ...] = ()
    programs: tuple[str, ...] = ()
    trouble: str | None = None


class ChannelCopy(Struct, frozen=True):
    """What a client's cached copy of a channel offers.

    `modified` is when the copy was made, in seconds since 1970; `url` where it came from, without
    credentials; `levels` are the level packages in it, `users` the names of packages of which some
    build asks for one.
    """

    path: str
    modified: float | None = None
    url: str | None = None
    levels: tuple[Record, ...] = ()
    users: tuple[str, ...] = ()
    trouble: str | None = None


class PackageCache(Struct, frozen=True):
    """A folder of downloaded packages, and the level packages in it."""

    path: str
    packages: tuple[str, ...] = ()
