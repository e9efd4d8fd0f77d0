"""Machines side by side as JSON: what `compare --json` prints under `compare`."""

from typing import Any

from doctor.model import Comparison, Difference, Family, Group, Lacking
from doctor.report.comparison import sentences

Json = dict[str, Any]


def document(comparison: Comparison) -> Json:
    """What `compare --json` prints under `compare`; kinds count from 1."""
    return {
        "says": " ".join(sentences(comparison)),
        "shared_level": comparison.shared_level,
        "families": [_family(family) for family in comparison.families],
        "machines": [
            {"label": m.label, "made": m.made, "envdoctor": m.doctor, "judged": m.judged,
             "kind": m.kind + 1}
            for m in comparison.machines
        ],
        "kinds": [
            {"kind": number, "machines": list(kind.machines)}
            for number, kind in enumerate(comparison.kinds, start=1)
        ],
        "differences": [_difference(row) for row in comparison.differences],
        "same": comparison.same,
        "unknown_everywhere": comparison.unknown,
        "stand_ins": comparison.stand_ins,
    }  # fmt: skip


def _family(family: Family) -> Json:
    return {
        "family": family.name,
        "machines": family.machines,
        "has_level_packages": family.has_levels if family.name else None,
        "shared_level": family.shared,
        "next_level": family.next,
        "held_back": family.held_back,
        "holding_back": [_lacking(row) for row in family.holding],
        "levels": [{"level": r.level, "machines": list(r.machines)} for r in family.levels],
        "unknown": list(family.unknown),
    }


def _lacking(row: Lacking) -> Json:
    features = None if row.features is None else list(row.features)
    return {"machines": list(row.machines), "lacks": features}


def _difference(row: Difference) -> Json:
    return {
        "section": row.section,
        "subjects": list(row.subjects),
        "field": row.field or None,
        "severity": row.severity.value if row.severity else None,
        "groups": [
            {"value": group.value, "machines": group.machines, "kinds": _kinds(group)}
            for group in row.groups
        ],
    }


def _kinds(group: Group) -> list[int] | None:
    """`null` stands for every kind that no other group names."""
    return None if group.kinds is None else [kind + 1 for kind in group.kinds]
