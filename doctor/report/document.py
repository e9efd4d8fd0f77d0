"""Reports as JSON: the shapes that scripts rely on, under `"schema": 1`."""

import json
from typing import Any

import msgspec

from doctor import __version__
from doctor.clean import without_secrets
from doctor.model import (
    Answer,
    Answered,
    Applied,
    Client,
    Finding,
    Machine,
    Prediction,
    Remedy,
    Report,
    Tried,
)

SCHEMA = 1

Json = dict[str, Any]


def dumps(content: Json) -> str:
    """One document with the schema first; control characters come out escaped, secrets hidden."""
    whole = {"schema": SCHEMA, "envdoctor": __version__, **content}
    return json.dumps(_hidden(whole), indent=2)


def _hidden(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """The same without secrets in any text, names of keys included."""
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {_hidden(key): _hidden(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(inner) for inner in value]
    return value


def of_report(report: Report) -> Json:
    """All of a report; `environments` is null where they were not examined."""
    from doctor.report import environments

    rows = None if report.environments is None else environments.document(report)["environments"]
    return {
        "made": report.made,
        "source": report.source,
        "machine": of_machine(report.machine),
        "clients": [of_client(client) for client in report.clients],
        "findings": of_findings(report),
        "environments": rows,
    }


def of_machine(machine: Machine) -> Json:
    """`machine`; unknown is null."""
    cpu, described, system = machine.cpu, machine.microarchitecture, machine.system
    return {
        "cpu": {
            "architecture": cpu.architecture,
            "vendor": cpu.vendor,
            "brand": cpu.brand,
            "family": cpu.family,
            "model": cpu.model,
            "features": None if cpu.features is None else sorted(cpu.features),
            "kinds_of_processors": len(machine.groups) or None,
        },
        "microarchitecture": {
            "name": described.name,
            "level": described.level,
            "shared_level": machine.shared_level,
            "missing": {level: list(names) for level, names in described.missing.items()},
            "nearest": {near.name: list(near.missing) for near in described.nearest},
            "levels": {
                row.level: {"have": list(row.have), "lacks": list(row.lacks)}
                for row in described.levels
            },
            "archspec": described.release,
        },
        "system": msgspec.to_builtins(system),
        "witnesses": [
            {"name": w.name, "level": w.level, "source": w.source, "trouble": w.trouble}
            for w in machine.witnesses
        ],
        "settings": machine.settings,
        "trouble": machine.trouble,
    }


def of_client(client: Client) -> Json:
    """One row of `clients`; `cpu_packages` says which level packages it installs here."""
    from doctor.report import words

    answers = [_of_answer(answer) for answer in client.answers]
    prediction = client.prediction
    if prediction is not None:
        answers.insert(0, _of_prediction(prediction))
    return {
        "id": client.id,
        "kind": client.kind,
        "version": client.version,
        "path": client.path,
        "root": client.root,
        "parts": client.parts,
        "found_by": client.found_by,
        "shadowed_by": client.shadowed_by,
        "envdoctors_own": client.ours,
        "honours_override": None if prediction is None else prediction.era.override == "honoured",
        "matches_regex_builds": None if prediction is None else prediction.matches_regex_builds,
        "cpu_packages": words.packages_word(client),
        "answers": answers,
    }


def _of_answer(answer: Answer) -> Json:
    packages = answer.virtual_packages
    return {
        "basis": answer.basis.value,
        "virtual_packages": None if packages is None else [str(package) for package in packages],
        "trouble": answer.trouble,
        "source": answer.source,
    }


def _of_prediction(prediction: Prediction) -> Json:
    failed = prediction.failure is not None
    return {
        "basis": "predicted",
        "virtual_packages": None if failed else [str(package) for package in prediction.packages],
        "unknown": list(prediction.unknown),
        "trouble": prediction.failure,
        "source": prediction.era.source,
    }


def of_prediction(prediction: Prediction) -> Json:
    """One row of `predict`."""
    failed = prediction.failure is not None
    return {
        "kind": prediction.kind,
        "version": prediction.version,
        "virtual_packages": [] if failed else [str(package) for package in prediction.packages],
        "archspec": None if failed else prediction.archspec,
        "honours_override": prediction.era.override == "honoured",
        "matches_regex_builds": prediction.matches_regex_builds,
        "accepts": prediction.accepts,
        "solver": prediction.solver,
        "failure": prediction.failure,
        "unknown": list(prediction.unknown),
        "decided_by": prediction.decided_by,
        "assumes": list(prediction.assumes),
        "says": prediction.era.says,
        "source": prediction.era.source,
    }


def of_findings(report: Report) -> list[Json]:
    """`findings`, each with whether the user muted it: those stand last and count for nothing."""
    muted = report.muted
    return [{**of_finding(found), "muted": found.id in muted} for found in report.findings]


def of_finding(finding: Finding) -> Json:
    """One row of `findings`."""
    return {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity.value,
        "title": finding.title,
        "consequence": finding.consequence,
        "clients": list(finding.clients),
        "evidence": [{"text": e.text, "source": e.source} for e in finding.evidence],
        "remedies": [of_remedy(name, r) for name, r in finding.options.items()],
        "link": finding.link,
    }


def of_remedy(name: str, remedy: Remedy) -> Json:
    """One way out of a finding; `applicable` says whether envdoctor can carry it out."""
    return {
        "name": name,
        "text": remedy.text,
        "command": remedy.command,
        "steps": [msgspec.to_builtins(step) for step in remedy.steps],
        "cost": remedy.cost.value,
        "changes": remedy.changes,
        "needs_network": remedy.network,
        "undo": remedy.undo,
        "verify": remedy.verify,
        "applicable": remedy.applicable,
        "by_hand": remedy.by_hand,
        "blocked": remedy.blocked,
    }


def of_tried(name: str, tried: Tried) -> Json:
    """What a trial came to, before and after, each with what the solver took or said."""
    return {
        "name": name,
        "works": tried.works,
        "basis": tried.basis.value,
        "unsafe": tried.unsafe,
        "before": [_of_answered(answered) for answered in tried.before],
        "after": [_of_answered(answered) for answered in tried.after],
    }


def _of_answered(answered: Answered) -> Json:
    attempt = answered.attempt
    return {
        "client": answered.probe.client,
        "title": answered.title,
        "requirement": attempt.requirement,
        "override": attempt.override,
        "solver": attempt.way,
        "basis": attempt.basis.value,
        "installs": attempt.installs,
        "chosen": None if attempt.chosen is None else [list(row) for row in attempt.chosen],
        "refusal": attempt.refusal,
        "trouble": attempt.trouble,
    }


def of_applied(applied: Applied) -> Json:
    """What was carried out, step by step, and the state that it left."""
    return {
        "remedy": applied.remedy,
        "made": applied.made,
        "ok": applied.ok,
        "state": applied.state,
        "undone": applied.undone,
        "steps": [
            {"step": str(d.step), "ok": d.ok, "ended": d.ended, "seconds": d.seconds,
             "output": d.output, "kept": d.kept}
            for d in applied.done
        ],
    }  # fmt: skip
