"""Computed virtual packages -> a prediction, with the requirements that it can install."""

from doctor import levels
from doctor.model import Era, Prediction, VirtualPackage
from doctor.virtual import Computed


def prediction(
    kind: str,
    version: str,
    computed: Computed,
    era: Era,
    *,
    subdir: str | None,
    builds: int,
    regex: bool,
    solver: str,
    solves_with: VirtualPackage | None = None,
    ignore_case: bool = False,
    assumes: tuple[str, ...] = (),
) -> Prediction:
    """Puts a prediction together.

    `solves_with` is the `__archspec` of the solver where it is not the reported one (pixi);
    `ignore_case` says that the solver compares build strings without regard to case.
    """
    family = levels.family_of(subdir) or "x86_64"
    own = next((p for p in computed.packages if p.name == "__archspec"), None)
    archspec = None if computed.failure else solves_with or own
    found = levels.installable(archspec, family, regex, builds, ignore_case)
    return Prediction(
        kind,
        version,
        computed.packages,
        era,
        unknown=computed.unknown,
        failure=computed.failure,
        accepts=levels.accepts(found, family),
        matches_regex_builds=regex,
        ignores_case=ignore_case,
        solver=solver,
        assumes=assumes,
        decided_by=computed.decided_by,
        solves_with=solves_with,
    )
