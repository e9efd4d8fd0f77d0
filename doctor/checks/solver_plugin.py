"""conda's configured solver comes with a plug-in that is not there, or that cannot be loaded."""

import re
from collections.abc import Iterator

from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity, Type
from doctor.remedies import matched_set, use_another_solver

ID = "solver-plugin-outdated-or-broken"
GROUP = "clients"
SYMPTOM = "conda says that its solver was not recognized, or that a plug-in could not be loaded"
CAUSE = (
    "A solver other than classic is a package of its own. CONDA_SOLVER or a condarc can name one "
    "that is not installed, and one whose libraries do not fit is left out when conda starts."
)
DETECTED = (
    "conda says which solver it is configured for, and its base has no record of that plug-in; or "
    "conda complains about the plug-in while it answers."
)
REMEDIES = ("use-another-solver", "matched-set", "advice")
ADVICE = ("Or take the name of the solver away: the variable CONDA_SOLVER, or the condarc's key.",)
SOURCES = (
    "https://github.com/conda/conda-libmamba-solver/issues/540",
    "https://github.com/conda/conda/issues/13041",
    "conda/conda 26.7.1:conda/plugins/manager.py",
)

_NOT_LOADED = re.compile(
    r"(?:Error while loading conda entry point: |Could not load conda plugin `)(conda-\w+-solver)"
    r"`?(?: \(([^\n]{0,200})\))?"
)
_UNKNOWN = re.compile(r"solver backend \((\w{1,40})\)\s+but it was not recognized")


def check(report: Report) -> Iterator[Finding]:
    """One error per conda that cannot use the solver that it is configured for."""
    for client in report.clients:
        named = client.parts.get("solver", "")
        plugin = use_another_solver.PLUGINS.get(named)
        if client.kind != "conda" or plugin is None:
            continue
        evidence = [*_complaints(client, named, plugin), *_absence(client, named, plugin)]
        if evidence:
            yield _finding(report, client, plugin, evidence)


def _absence(client: Client, named: str, plugin: str) -> Iterator[Evidence]:
    """That its base has no such package; nothing where its packages are not known."""
    known = client.parts.keys() - {"solver"}
    if known and plugin not in known:
        yield Evidence(f"solver: {named}, and no record of {plugin}", client.root or client.path)


def _complaints(client: Client, named: str, plugin: str) -> Iterator[Evidence]:
    answers = [answer for answer in (client.reported, *client.attempts) if answer is not None]
    for answer in answers:
        said = answer.transcript
        text = f"{said.stdout}\n{said.stderr}" if said else answer.trouble or ""
        source = " ".join(said.argv[:1]) if said else client.path
        loading = _NOT_LOADED.search(text)
        unknown = _UNKNOWN.search(text)
        if loading and loading[1] == plugin:
            yield Evidence(f"{plugin} could not be loaded: {loading[2] or 'no reason'}", source)
        elif unknown and unknown[1] == named:
            yield Evidence(f"conda does not recognise the solver {named}", source)


def _finding(report: Report, client: Client, plugin: str, evidence: list[Evidence]) -> Finding:
    absent = plugin not in client.parts
    return Finding(
        ID,
        client.id,
        Severity.ERROR,
        f"{client.title} is configured for a solver whose {plugin} "
        + ("is not installed" if absent else "cannot be loaded"),
        "conda create and install refuse to work until another solver is chosen.",
        (client.id,),
        tuple(evidence),
        tuple(_remedies(report, client, plugin)),
        SOURCES[0],
    )


def _remedies(report: Report, client: Client, plugin: str) -> Iterator[Remedy]:
    why = "Use the classic solver for one command: it needs no plug-in."
    yield from use_another_solver.offer(client, "classic", why)
    if plugin == "conda-libmamba-solver":
        yield matched_set.offer(client)
    else:
        yield Remedy(f"Or install {plugin} into base, from the channel that base uses.")
    if "CONDA_SOLVER" in report.machine.settings:
        windows = report.machine.system.os == "win"
        unset = "Remove-Item Env:CONDA_SOLVER" if windows else "unset CONDA_SOLVER"
        yield Remedy(ADVICE[0], (Type(unset),))
    else:
        yield Remedy(ADVICE[0])
