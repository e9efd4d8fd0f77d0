"""One module per check: `ID`, `SYMPTOM`, `CAUSE`, and `check`, a pure function to findings.

A check sees a report only: no host, no files. Words about a finding live in the check itself.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from doctor.checks import (
    archspec_missing_in_base,
    client_did_not_answer,
    clients_differ,
    conda_too_old,
    cpu_unknown_to_feedstock,
    cpu_unreadable,
    empty_override,
    foreign_subdir,
    hyphenated_archspec,
    level_disagreement,
    level_one_only,
    mamba1_info,
    override_ignored,
    override_left_set,
    override_misspelt,
    processors_differ,
    reported_differs,
    several_roots,
    vm_masks_features,
)
from doctor.model import Finding, Report, Severity


class Check(Protocol):
    """What a check's module offers."""

    ID: str
    SYMPTOM: str
    CAUSE: str

    def check(self, report: Report) -> Iterator[Finding]:
        """Findings in this report, none if all is well."""


CHECKS: tuple[Check, ...] = (
    hyphenated_archspec,
    cpu_unknown_to_feedstock,
    override_left_set,
    override_misspelt,
    empty_override,
    override_ignored,
    level_one_only,
    archspec_missing_in_base,
    conda_too_old,
    level_disagreement,
    several_roots,
    reported_differs,
    foreign_subdir,
    clients_differ,
    mamba1_info,
    processors_differ,
    vm_masks_features,
    client_did_not_answer,
    cpu_unreadable,
)

ORDER = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.NOTE, Severity.OK)


def run(report: Report, selected: Iterable[str] | None = None) -> tuple[Finding, ...]:
    """Findings of all checks, or of those selected by id, worst first."""
    wanted = None if selected is None else set(selected)
    found: list[Finding] = []
    for check in CHECKS:
        if wanted is None or check.ID in wanted:
            found.extend(_guarded(check, report))
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))


def _guarded(check: Check, report: Report) -> list[Finding]:
    """A check that breaks is itself a finding: what it looks for was not examined."""
    try:
        return list(check.check(report))
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
        return [
            Finding(
                check.ID,
                "envdoctor",
                Severity.UNKNOWN,
                f"The check {check.ID} broke: {type(error).__name__}: {error}",
                "What it looks for was not examined. Please report this to envdoctor.",
            )
        ]
