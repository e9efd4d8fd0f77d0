"""How virtual packages are computed: by conda, by libmamba, or by rattler's crates.

Every client uses one of these three (mamba 1 two of them). Each module holds its eras, with
sources, and one pure function from a situation to the packages.
"""

import re

from msgspec import Struct, field

from doctor.model import Cpu, Era, System, VirtualPackage
from doctor.version import at_least


class Situation(Struct, frozen=True):
    """What a client would meet: CPU, operating system, environment variables, target subdir.

    `subdir` is the target if one was asked for; `configured` conda's
    `override_virtual_packages` as its own configuration reads it.
    """

    cpu: Cpu
    system: System
    env: dict[str, str] = field(default_factory=dict)
    subdir: str | None = None
    configured: dict[str, str] = field(default_factory=dict)

    @property
    def native(self) -> str | None:
        """Subdir of the machine itself."""
        return self.system.subdir

    def target(self, *variables: str) -> str | None:
        """Subdir that a client solves for: asked for, else from these variables, else native."""
        named = (self.env.get(name) for name in variables)
        return self.subdir or next((value for value in named if value), None) or self.native

    def may_be_translated(self, target: str) -> bool:
        """Whether a client may run under Rosetta: it solves for osx-64 on an Apple CPU unasked.

        A native client that its condarc makes do so looks the same.
        """
        asked = {"CONDA_SUBDIR", "MAMBA_PLATFORM"} & self.env.keys()
        return target == "osx-64" and self.cpu.vendor == "Apple" and not asked

    def override(self, name: str) -> str | None:
        """Value of `CONDA_OVERRIDE_NAME`, `None` if it is not set."""
        return self.env.get(f"CONDA_OVERRIDE_{name}")


class Computed(Struct, frozen=True):
    """What an implementation comes to: packages, those it cannot know, or how it fails."""

    packages: tuple[VirtualPackage, ...] = ()
    unknown: tuple[str, ...] = ()
    failure: str | None = None
    decided_by: str = ""


class Collector:
    """Gathers packages in the order that clients print them."""

    def __init__(self) -> None:
        """Starts empty."""
        self.packages: list[VirtualPackage] = []
        self.unknown: list[str] = []

    def add(self, name: str, version: str | None, build: str = "0") -> None:
        """Adds `__name`; a version of `None` means that we cannot know it."""
        if version is None:
            self.unknown.append(f"__{name}")
        else:
            self.packages.append(VirtualPackage(f"__{name}", version, build))

    def done(self, decided_by: str = "") -> Computed:
        """What was gathered."""
        return Computed(tuple(self.packages), tuple(self.unknown), decided_by=decided_by)


def era_at(eras: tuple[Era, ...], version: str) -> Era:
    """The era that a version falls into; the first one if it is older than all."""
    return next((era for era in reversed(eras) if at_least(version, era.since)), eras[0])


def kernel(release: str | None) -> str | None:
    """The numeric head of a kernel release: `6.18.44-generic` is `6.18.44`."""
    match = re.match(r"\d+\.\d+(\.\d+)?(\.\d+)?", release or "")
    return match[0] if match else None
