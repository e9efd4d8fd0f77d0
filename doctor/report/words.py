"""Sentences about a whole report and single cells of its tables."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from doctor.columns import shortened
from doctor.microarch import X86_LEVELS
from doctor.model import Basis, Client, Finding, Machine, Report, Severity, Waiting
from doctor.reach import differences, levels_of, shown

MARKS = {Basis.PROVEN: "*", Basis.REPORTED: "=", Basis.PREDICTED: "~"}
LEGEND = "= reported  ~ predicted  ? unknown"

BASES = {"=": "reported", "~": "predicted"}
"""What the marks of `archspec` stand for."""
MUTED = "MUTED"
"""Stands in the place of the severity of a finding that the user muted."""


def headline(report: Report) -> str:
    """One sentence that says what is wrong, or that all is well."""
    worst = next(iter(report.counted), None)
    level = report.machine.microarchitecture.level
    if worst is not None and worst.severity is Severity.ERROR:
        return _wrong(report, worst)
    if level is None:
        return "The CPU could not be examined: nothing is known about what runs here."
    if not [client for client in report.clients if not client.ours]:
        return f"No conda client was found on this machine, whose CPU has level {level}."
    if worst is not None and worst.severity is Severity.UNKNOWN:
        return f"Nothing wrong was found, but not everything answered. {worst.title}."
    if worst is not None and worst.severity is Severity.WARNING:
        return f"Level packages can be installed. Worth a look: {worst.title}."
    return _well(report, level)


def _wrong(report: Report, worst: Finding) -> str:
    broken = [c for c in report.clients if c.id in worst.clients]
    able = [c for c in report.clients if _able(c) and c.id not in worst.clients]
    if len(broken) == 1 and not broken[0].ours and not levels_of(broken[0]):
        named = {c.id: c.title for c in (broken[0], *able[:1])}
        if len(set(named.values())) < len(named):  # the same version twice
            named = {c.id: f"{c.title} ({c.path})" for c in (broken[0], *able[:1])}
        said = f"{named[broken[0].id]} cannot install CPU-specific packages on this machine."
        return said + (f" {named[able[0].id]} can." if able else "")
    return worst.title if worst.title.endswith("?") else f"{worst.title}."


def _well(report: Report, level: str) -> str:
    reach = {packages_word(c) for c in report.clients if not c.ours and c.kind != "pixi"}
    if len(reach) > 1:
        return f"Clients differ in what they install on this CPU of level {level}."
    if reach == {f"up to level {number_of(level)}"}:
        installed = [c for c in report.clients if not c.ours]
        if len(installed) == 1:
            return f"{installed[0].title} installs CPU packages up to level {level}. Nothing to do."
        return f"Every client agrees and installs CPU packages up to level {level}. Nothing to do."
    return f"This CPU has level {level}. Nothing wrong was found."


def _able(client: Client) -> bool:
    return not client.ours and client.kind != "pixi" and bool(levels_of(client))


def number_of(level: str) -> int:
    """1 to 4 for x86-64 levels, else 0."""
    return X86_LEVELS.index(level) + 1 if level in X86_LEVELS else 0


def archspec(client: Client) -> tuple[str, str]:
    """What a table shows of `__archspec`: the build and the mark of its basis."""
    answer = client.reported
    if answer is not None and answer.virtual_packages is not None:
        return answer.archspec or "none", MARKS[Basis.REPORTED]
    prediction = client.prediction
    if prediction is None or "__archspec" in prediction.unknown:
        return "unknown", "?"
    if prediction.failure:
        return "fails", MARKS[Basis.PREDICTED]
    return prediction.archspec or "none", MARKS[Basis.PREDICTED]


def as_predicted(client: Client) -> str:
    """Whether a client reports what its version's rule says, all virtual packages compared."""
    answer, prediction = client.reported, client.prediction
    if answer is None:
        return "asking..."
    if prediction is None:
        return "unknown"
    if answer.virtual_packages is None:
        return "yes, it fails" if prediction.failure else "unknown"
    if "__archspec" in prediction.unknown:
        return "unknown"
    names = [name for name, _, _ in differences(client)]
    return f"no: {names[0]}" if names else "yes"


def packages_word(client: Client) -> str:
    """Which level packages a client installs here, in two or three words."""
    if client.kind == "pixi" and client.prediction:
        return "level 1, unless declared"
    answer = client.reported
    known = answer is not None and answer.virtual_packages is not None
    if not known and client.prediction is None:
        return "unknown"
    package = shown(client)
    if package is not None and package.build in ("aarch64", "arm64"):
        return "none exist for it"
    levels = levels_of(client)
    return f"up to level {max(levels)}" if levels else "refused"


def cpu_line(machine: Machine) -> str:
    """CPU, level and name in one line."""
    cpu, described = machine.cpu, machine.microarchitecture
    kind = shortened(cpu.brand or cpu.vendor or "unknown CPU", 80)
    if machine.system.virtualization:
        virtualization = machine.system.virtualization
        article = "" if virtualization.startswith("virtual") else "virtual machine, "
        kind = f"{kind}, {article}{virtualization}"
    return (
        f"{kind}: level {described.level or 'unknown'}, archspec says {described.name or 'nothing'}"
    )


def state(finding: Finding, report: Report | None) -> str:
    """What stands before a finding: how much it matters, or that the user muted it."""
    if report is not None and finding.id in report.muted:
        return MUTED
    return finding.severity.value.upper()


def titles(findings: Sequence[Finding], clients: Iterable[Client]) -> list[str]:
    """What stands in a list for each; where several say the same, whom or what it is about too."""
    known = Counter(finding.title for finding in findings)
    paths = {client.id: client.path for client in clients}
    return [
        f.title if known[f.title] == 1 else f"{f.title} ({paths.get(f.subject, f.subject)})"
        for f in findings
    ]


def listed(
    findings: Sequence[Finding], clients: Iterable[Client], report: Report | None
) -> tuple[str, ...]:
    """A line of a list for each: its state in a column, then its title."""
    titled = zip(findings, titles(findings, clients), strict=True)
    return tuple(f"{state(found, report):8} {title}" for found, title in titled)


def counts(report: Report) -> str:
    """Number of findings by severity, worst first, then of those that were muted."""
    words = []
    for severity in (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.NOTE):
        number = sum(finding.severity is severity for finding in report.counted)
        if number:
            plural = "s" if number > 1 and severity is not Severity.UNKNOWN else ""
            words.append(f"{number} {severity.value}{plural}")
    if report.muted:
        words.append(f"{len(report.muted)} muted")
    return ", ".join(words) or "no findings"


# --- while it is waited ----------------------------------------------------------------------


def elapsed(waiting: Waiting | None, now: float) -> str:
    """`3 of 10 s`, seconds of the limit; empty in the first second, and where nothing began."""
    seconds = int(now - waiting.since + 0.2) if waiting is not None else 0  # a timer's own delay
    if waiting is None or seconds < 1:
        return ""
    return f"{min(seconds, int(waiting.limit))} of {waiting.limit:g} s"


def waiting(verb: str, work: Waiting | None, now: float) -> str:
    """`asking... 3 of 10 s`; in the first second `asking...`."""
    return f"{verb}... {elapsed(work, now)}".rstrip()


def asked_again(clients: Iterable[Client], kept: Collection[str]) -> str:
    """Which clients were asked again, and which answer as before; none that cannot be run."""
    rows = [client for client in clients if client.trouble is None]
    again = _titles([client for client in rows if client.id not in kept])
    before = _titles([client for client in rows if client.id in kept])
    said = f"Asked again: {again or 'none'}."
    return f"{said} As before: {before}." if before else said


def _titles(clients: list[Client]) -> str:
    titles = [client.title for client in clients]
    own = (f"{c.title} (envdoctor's)" if c.ours else c.title for c in clients)
    return ", ".join(
        name if titles.count(client.title) == 1 else f"{name} ({client.path})"
        for name, client in zip(own, clients, strict=True)
    )
