"""Package files: what a `.conda` or `.tar.bz2` says of itself."""

from msgspec import Struct, field

from doctor.model.records import Record


class PackageFile(Struct, frozen=True):
    """The metadata of one package file, or why it cannot be trusted.

    `run_exports` maps a kind (`strong`, `weak`, `noarch` ...) to requirements; `recipe` maps a
    file of its recipe to the lines that name a CPU or a level, each as `NUMBER: text`; `variant`
    holds the variant keys that chose the level; `trouble` is one line.
    """

    path: str
    record: Record | None = None
    run_exports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    recipe: dict[str, tuple[str, ...]] = field(default_factory=dict)
    variant: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def asks(self) -> tuple[str, ...]:
        """What it asks of a CPU: dependencies on level packages and on `__archspec`."""
        depends = self.record.depends if self.record else ()
        return tuple(d for d in depends if "-microarch-level" in d or d.startswith("__archspec"))
