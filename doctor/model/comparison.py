"""What differs between machines, what all of them share, and who holds the others back."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from doctor.model.findings import Severity


class Compared(Struct, frozen=True):
    """One machine among those compared; `kind` is the place of its kind in `Comparison.kinds`.

    `judged` says whose rules its findings are by: `now` where its recording was judged again,
    `then` where its report was taken as it was written.
    """

    label: str
    made: str
    doctor: str
    judged: str
    kind: int


class Kind(Struct, frozen=True):
    """Machines that are alike in everything that is compared."""

    machines: tuple[str, ...]


class Group(Struct, frozen=True):
    """Machines that have the same value; `value` of `None` is unknown.

    `kinds` are places in `Comparison.kinds`, `None` for all that no other group of the difference
    names (said so where there are very many of them); `machines` is how many machines that are.
    """

    value: str | None
    machines: int
    kinds: tuple[int, ...] | None


class Difference(Struct, frozen=True):
    """One fact that is not known to be the same everywhere; the largest group comes first.

    `section` is `cpu`, `system`, `setting`, `client`, `environment` or `finding`; `subjects` are
    the clients, environments, variables or findings that differ in the same way; `severity` is the
    worst that a finding has somewhere. Machines without that client are in no group of it.
    """

    section: str
    subjects: tuple[str, ...]
    field: str
    groups: tuple[Group, ...]
    severity: Severity | None = None

    @property
    def title(self) -> str:
        """What differs, in words."""
        return " ".join(filter(None, (", ".join(self.subjects), self.field)))


class Reach(Struct, frozen=True):
    """The machines that have exactly one level."""

    level: str
    machines: tuple[str, ...]


class Lacking(Struct, frozen=True):
    """Machines that hold others back, and the features that they lack for the next level.

    `features` is `None` where that is unknown.
    """

    machines: tuple[str, ...]
    features: tuple[str, ...] | None


class Family(Struct, frozen=True):
    """The machines of one CPU family; `name` is archspec's, `None` where it is unknown.

    `levels` go from the lowest up; `unknown` are machines whose level is not known, which count
    neither as having `shared` nor as having less; `has_levels` is false where no level packages
    exist. `next` is the level above `shared` that some have, and `holding` who lacks what for it.
    """

    name: str | None
    machines: int
    has_levels: bool
    levels: tuple[Reach, ...] = ()
    unknown: tuple[str, ...] = ()
    next: str | None = None
    holding: tuple[Lacking, ...] = ()

    @property
    def shared(self) -> str | None:
        """The highest level that all of them have whose level is known."""
        return self.levels[0].level if self.levels else None

    @property
    def held_back(self) -> int:
        """How many have a higher level than that."""
        return sum(len(reach.machines) for reach in self.levels[1:])


class Comparison(Struct, frozen=True):
    """Several machines side by side: what differs, and of the rest only how much it is.

    `same` counts facts that all share, `unknown` those that are unknown everywhere; `stand_ins`
    says that some names are a bundle's stand-ins, which need not mean the same in another bundle.
    """

    machines: tuple[Compared, ...]
    kinds: tuple[Kind, ...]
    families: tuple[Family, ...]
    differences: tuple[Difference, ...]
    same: int
    unknown: int
    stand_ins: bool = False

    @property
    def shared_level(self) -> str | None:
        """The highest level that every machine has: `None` if any is unknown or of another kind."""
        if len(self.families) != 1 or self.families[0].unknown:
            return None
        return self.families[0].shared

    def members(self, group: Group, difference: Difference) -> Iterator[str]:
        """The labels of a group's machines, one after the other: there may be very many."""
        kinds: Iterable[int] | None = group.kinds
        if kinds is None:
            named = {k for other in difference.groups for k in other.kinds or ()}
            kinds = (k for k in range(len(self.kinds)) if k not in named)
        return (label for kind in kinds for label in self.kinds[kind].machines)
