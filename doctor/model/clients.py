"""Clients, their virtual packages, and what is known of them on each basis."""

from enum import StrEnum

from msgspec import Struct, field

from doctor.model.crossing import Transcript


class Basis(StrEnum):
    """How far a statement can be trusted."""

    PREDICTED = "predicted"
    REPORTED = "reported"
    PROVEN = "proven"


class VirtualPackage(Struct, frozen=True, order=True):
    """A virtual package as clients print it: `__name=version=build`."""

    name: str
    version: str
    build: str

    def __str__(self) -> str:
        """Spelt as every client prints it."""
        return f"{self.name}={self.version}={self.build}"


class Era(Struct, frozen=True):
    """A range of a client's versions with one behaviour, from `since` on, with its source.

    `override` is `honoured` or `ignored`; `empty` says what an empty override means; `fixed_in`
    names the first versions that do better, `fault` what is wrong here.
    """

    since: str
    says: str
    source: str
    override: str = "honoured"
    empty: str = "absent"
    fault: str | None = None
    fixed_in: tuple[str, ...] = ()


class Prediction(Struct, frozen=True):
    """What a version would report and accept, by rule.

    `unknown` names virtual packages that this version may report with a value we cannot know;
    `failure` says that the client would fail instead, and how; `ignores_case` that its solver
    compares build strings without regard to case; `solves_with` is the `__archspec` of its solver
    where that is not what it reports (pixi's workspaces).
    """

    kind: str
    version: str
    packages: tuple[VirtualPackage, ...]
    era: Era
    unknown: tuple[str, ...] = ()
    failure: str | None = None
    accepts: dict[str, bool] = field(default_factory=dict)
    matches_regex_builds: bool = False
    ignores_case: bool = False
    solver: str = ""
    assumes: tuple[str, ...] = ()
    decided_by: str = ""
    solves_with: VirtualPackage | None = None

    @property
    def archspec(self) -> str | None:
        """The build string of `__archspec`, `None` where there is no such package."""
        return build_of(self.packages)


class Answer(Struct, frozen=True):
    """What was learnt of a client's virtual packages on one basis, and where that is written."""

    basis: Basis
    virtual_packages: tuple[VirtualPackage, ...] | None
    trouble: str | None = None
    source: str | None = None
    transcript: Transcript | None = None

    @property
    def archspec(self) -> str | None:
        """The build string of `__archspec`, `None` where there is no such package."""
        return build_of(self.virtual_packages or ())


class Attempt(Struct, frozen=True):
    """What a solver did with a requirement, in a dry run against the reproduction channel.

    `way` is the solver; `chosen` the builds it would install (name, version, build), `refusal` its
    own words where it will not; both `None` where it could not be tried, and `trouble` says why.
    `override` is the CONDA_OVERRIDE_ARCHSPEC that was set for this attempt alone, empty where it
    was taken away, `None` where everything was left as it is.
    """

    requirement: str
    way: str
    basis: Basis
    chosen: tuple[tuple[str, str, str], ...] | None = None
    refusal: str | None = None
    trouble: str | None = None
    transcript: Transcript | None = None
    override: str | None = None

    @property
    def installs(self) -> bool | None:
        """Whether the requirement can be installed, `None` where that is unknown."""
        if self.chosen is not None:
            return True
        return False if self.refusal is not None else None


class Client(Struct, frozen=True):
    """One installation of a program that solves conda environments.

    `found_by` says how it was found, `shadowed_by` which earlier one on PATH hides it; `ours`
    marks the solver that envdoctor brings itself; `archspec_json` is the path of the name table
    that this root's archspec reads; `target` the subdir that it solves for, as it says itself;
    `trouble` why it cannot be asked; `real` is the path with its links resolved, `installed_in`
    the environment that it is a package of, where it has no root of its own.
    """

    id: str
    kind: str
    path: str
    version: str | None = None
    root: str | None = None
    parts: dict[str, str] = field(default_factory=dict)
    found_by: str = ""
    on_path: bool = False
    shadowed_by: str | None = None
    ours: bool = False
    python: str | None = None
    archspec_json: str | None = None
    configured: dict[str, str] = field(default_factory=dict)
    target: str | None = None
    trouble: str | None = None
    prediction: Prediction | None = None
    answers: tuple[Answer, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    real: str | None = None
    installed_in: str | None = None

    @property
    def reported(self) -> Answer | None:
        """The answer that the client itself gave, if it was asked."""
        return next((a for a in self.answers if a.basis is Basis.REPORTED), None)

    @property
    def title(self) -> str:
        """Kind and version in words."""
        return f"{self.kind} {self.version or '(version unknown)'}"


def build_of(packages: tuple[VirtualPackage, ...], name: str = "__archspec") -> str | None:
    """Build string of the named virtual package, `None` where it is absent."""
    return next((package.build for package in packages if package.name == name), None)
