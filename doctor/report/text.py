"""Reports as text: plain (one fact per line, for pipes and screen readers) and in columns."""

from collections.abc import Iterable, Iterator, Sequence

from doctor.columns import padded, width
from doctor.model import Client, Finding, Machine, Prediction, Report
from doctor.report import words


def plain(report: Report) -> Iterator[str]:
    """A whole report, headings with a colon and one fact per line."""
    yield from _plain_head(report)
    for finding in report.counted:
        yield from plain_finding(finding)
    if report.muted:
        yield from ("", "Muted:")
    for finding in report.findings[len(report.counted) :]:
        yield from plain_finding(finding, words.MUTED)
    yield ""
    yield from plain_machine(report.machine)
    yield ""
    yield from plain_clients(report.clients)


def plain_overview(report: Report) -> Iterator[str]:
    """What the whole comes to: a line for each finding, by number, for the CPU, for each client."""
    yield from _plain_head(report)
    yield from numbered(report.findings, report)
    yield ""
    yield f"CPU: {words.cpu_line(report.machine)}"
    yield ""
    yield f"Clients: {len(report.clients)}"
    for client in report.clients:
        build, mark = words.archspec(client)
        own = " (envdoctor's own solver)" if client.ours else ""
        said = build if mark == "?" else f"{build} {words.BASES[mark]}"
        yield f"{client.title}{own}: {said}, CPU packages: {words.packages_word(client)}"


def _plain_head(report: Report) -> Iterator[str]:
    yield "Overview:"
    yield words.headline(report)
    live = report.source == "this machine"
    yield f"Examined: {report.source}" + (f", {report.made}" if live else "")
    yield ""
    yield f"Findings: {words.counts(report)}"


def numbered(findings: Iterable[Finding], report: Report) -> Iterator[str]:
    """Findings by number, one line each."""
    listed = tuple(findings)
    titled = zip(listed, words.titles(listed, report.clients), strict=True)
    for number, (found, title) in enumerate(titled, 1):
        yield f"{number}. {words.state(found, report)}: {title}"


def plain_finding(finding: Finding, state: str = "") -> Iterator[str]:
    """One finding, everything it says; `state` stands in the place of its severity."""
    yield ""
    yield f"{state or finding.severity.value.upper()} {finding.id}"
    yield f"What: {finding.title}"
    yield f"Consequence: {finding.consequence}"
    for evidence in finding.evidence:
        yield f"Evidence: {evidence.text} ({evidence.source})"
    for remedy in finding.remedies:
        yield f"Remedy: {remedy.text}"
        if remedy.command:
            yield f"Command: {remedy.command}"
    if finding.link:
        yield f"More: {finding.link}"


def plain_machine(machine: Machine) -> Iterator[str]:
    """The machine, one fact per line."""
    cpu, described = machine.cpu, machine.microarchitecture
    yield "Machine:"
    yield f"CPU: {cpu.brand or 'unknown'}"
    yield f"Vendor: {cpu.vendor or 'unknown'}"
    yield f"Level: {described.level or 'unknown'}"
    yield f"Microarchitecture by archspec {described.release}: {described.name or 'unknown'}"
    if machine.trouble:
        yield f"Trouble: {machine.trouble}"
    if len(machine.groups) > 1:
        yield f"Level that all processors share: {machine.shared_level or 'unknown'}"
    for row in described.levels:
        total = len(row.have) + len(row.lacks)
        yield f"Features of {row.level}: {len(row.have)} of {total}: {' '.join(row.have)}"
        if row.lacks:
            yield f"Missing for {row.level}: {' '.join(row.lacks)}"
    for near in described.nearest:
        yield f"Missing for the name {near.name}: {' '.join(near.missing)}"
    for witness in machine.witnesses:
        yield f"Second opinion, {witness.name}: {witness.level or witness.trouble or 'unknown'}"
    yield from _plain_system(machine)


def _plain_system(machine: Machine) -> Iterator[str]:
    system = machine.system
    for sentence in system.hides:
        yield f"Hidden: {sentence}"
    yield f"System: {system.distribution or system.os or 'unknown'}"
    yield f"Kernel: {system.kernel or 'unknown'}"
    yield f"C library: {system.libc or 'unknown'} {system.libc_version or ''}".rstrip()
    kind = system.virtualization or "no sign of one"
    yield f"Virtual machine: {'of an unknown kind' if kind == 'virtual machine' else kind}"
    yield f"Container: {system.container or 'no sign of one'}"
    yield f"conda subdir: {system.subdir or 'unknown'}"
    for name, value in machine.settings.items():
        yield f"Variable: {name}={value}"


def plain_clients(clients: Iterable[Client]) -> Iterator[str]:
    """All clients, one fact per line."""
    rows = tuple(clients)
    yield f"Clients: {len(rows)}"
    for client in rows:
        yield ""
        own = " (envdoctor's own solver)" if client.ours else ""
        yield f"{client.title}{own}"
        yield f"Id: {client.id}"
        yield f"Path: {client.path}, {_found(client)}"
        if client.parts:
            parts = ", ".join(f"{name} {version}" for name, version in sorted(client.parts.items()))
            yield f"Parts: {parts}"
        yield from _plain_answers(client)


def _plain_answers(client: Client) -> Iterator[str]:
    prediction = client.prediction
    if prediction is None:
        yield "Would report: unknown, its version is unknown"
    else:
        said = prediction.failure or _spelt(prediction)
        yield f"Would report: {said}"
        yield f"By rule: {prediction.era.says} ({prediction.era.source})"
    answer = client.reported
    if answer is None:
        yield "Reports: not asked"
    elif answer.virtual_packages is None:
        yield f"Reports: unknown, {answer.trouble}"
    else:
        said = " ".join(str(package) for package in answer.virtual_packages)
        yield f"Reports: {said or 'no virtual packages'}"
        yield f"Asked with: {answer.source}"
    yield f"As predicted: {words.as_predicted(client)}"
    yield f"CPU packages: {words.packages_word(client)}"


def _spelt(prediction: Prediction) -> str:
    known = " ".join(str(package) for package in prediction.packages)
    unknown = " ".join(f"{name}=unknown" for name in prediction.unknown)
    return " ".join(filter(None, (known, unknown))) or "no virtual packages"


def _found(client: Client) -> str:
    if client.shadowed_by:
        return f"{client.found_by}, shadowed by {client.shadowed_by}"
    return client.found_by


# --- in columns ------------------------------------------------------------------------------


def columns(report: Report) -> Iterator[str]:
    """The summary for a terminal: one sentence, worst first, one line each."""
    yield words.headline(report)
    yield ""
    for finding in report.findings:
        yield f"{words.state(finding, report):8} {finding.id}"
        yield f"         {finding.title}"
        command = next((r.command for r in finding.remedies if r.command), None)
        if command:
            yield f"         {command}"
    if report.findings:
        yield ""
    yield f"CPU      {words.cpu_line(report.machine)}"
    yield ""
    yield from client_table(report.clients)


def client_table(clients: Iterable[Client]) -> Iterator[str]:
    """One row per client: what it reports, whether as predicted, what it installs."""
    yield from table(client_rows(clients))
    yield words.LEGEND


def client_rows(clients: Iterable[Client], asked: str = "") -> list[tuple[str, ...]]:
    """The cells of that table.

    `asked`, such as `asking... 3 of 10 s`, stands in the last two places while a client owes its
    answer; there is room for it, so that no column moves.
    """
    verb, _, since = asked.partition(" ")
    head = ("Client", "__archspec", "", "As predicted".ljust(len(verb)), "CPU packages")
    rows: list[tuple[str, ...]] = [head]
    for client in clients:
        build, mark = words.archspec(client)
        title = client.title + (" (envdoctor's)" if client.ours else "")
        told = (words.as_predicted(client), words.packages_word(client))
        if asked and client.reported is None:
            told = (verb, since)
        rows.append((title, build, mark, *told))
    return rows


def machine_columns(machine: Machine) -> Iterator[str]:
    """The machine in columns: have, missing, why."""
    described = machine.microarchitecture
    yield words.cpu_line(machine)
    yield ""
    rows = []
    for row in described.levels:
        total = len(row.have) + len(row.lacks)
        said = " ".join(row.have) if not row.lacks else f"lacks {' '.join(row.lacks)}"
        rows.append((row.level, f"{len(row.have)} of {total}", said))
    yield from table(rows)
    if described.nearest:
        yield ""
        yield from table(
            [(f"no {n.name}", f"lacks {' '.join(n.missing)}") for n in described.nearest]
        )
    yield ""
    for witness in machine.witnesses:
        yield f"{witness.name}: {witness.level or witness.trouble or 'unknown'}"
    yield from machine.system.hides


def prediction_table(predictions: Iterable[Prediction]) -> Iterator[str]:
    """What versions would report, and which requirements they accept."""
    rows = [("Version", "__archspec", "override", "accepts")]
    for prediction in predictions:
        accepted = " ".join(name for name, yes in prediction.accepts.items() if yes)
        said = "fails" if prediction.failure else prediction.archspec or "none"
        if "__archspec" in prediction.unknown:
            said = "unknown"
        title = f"{prediction.kind} {prediction.version}"
        rows.append((title, said, prediction.era.override, accepted or "nothing"))
    yield from table(rows)


def plain_predictions(predictions: Iterable[Prediction]) -> Iterator[str]:
    """The same, one fact per line."""
    for prediction in predictions:
        yield f"{prediction.kind} {prediction.version}:"
        yield f"Would report: {prediction.failure or _spelt(prediction)}"
        yield f"Override: {prediction.era.override}"
        accepted = " ".join(name for name, yes in prediction.accepts.items() if yes)
        yield f"Accepts: {accepted or 'nothing'}"
        for assumed in prediction.assumes:
            yield f"Assumed: {assumed}"
        yield f"By rule: {prediction.era.says} ({prediction.era.source})"
        yield ""


def table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows with aligned columns, two blanks between them."""
    widths = _widths(rows)
    for row in rows:
        yield "  ".join(padded(cell, n) for cell, n in zip(row, widths, strict=True)).rstrip()


def last_column(rows: Sequence[tuple[str, ...]]) -> int:
    """The cell of a line at which the last column of such a table begins."""
    return sum(n + 2 for n in _widths(rows)[:-1])


def _widths(rows: Sequence[tuple[str, ...]]) -> list[int]:
    return [max(map(width, column)) for column in zip(*rows, strict=True)]
