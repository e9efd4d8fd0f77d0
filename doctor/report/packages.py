"""Package files: what each asks of the CPU, and which client would take it here."""

from collections.abc import Iterator
from typing import Any

from doctor.fit import fit
from doctor.model import PackageFile, Report
from doctor.report.text import table
from doctor.report.words import MARKS

WORDS = {True: "takes it", False: "refuses", None: "unknown"}


def lines(report: Report, packages: tuple[PackageFile, ...]) -> Iterator[str]:
    """One fact per line, for each package file."""
    for package in packages:
        yield from _about(package)
        for client in report.clients:
            found = fit(client, package)
            basis = found.basis.value if found.basis else "no basis"
            yield f"{client.title}: {WORDS[found.takes]}, {basis}; {'; '.join(found.because)}"
        yield ""


def columns(report: Report, packages: tuple[PackageFile, ...]) -> Iterator[str]:
    """The same with clients in a table."""
    for package in packages:
        yield from _about(package)
        yield ""
        rows = []
        for client in report.clients:
            found = fit(client, package)
            mark = MARKS[found.basis] if found.basis else "?"
            rows.append((client.title, f"{WORDS[found.takes]} {mark}", found.because[0]))
            rows += [("", "", sentence) for sentence in found.because[1:]]
        yield from table(rows)
        yield "* proven by its solver  = by what it reports  ~ predicted by rule  ? unknown"
        yield ""


def _about(package: PackageFile) -> Iterator[str]:
    record = package.record
    if record is None:
        yield f"Package file: {package.path}"
        yield f"Trouble: {package.trouble}"
        return
    yield f"Package: {record.title} ({record.subdir or 'unknown subdir'})"
    yield f"File: {package.path}"
    yield f"Asks of the CPU: {'; '.join(package.asks) or 'nothing that clients can see'}"
    system = [d for d in record.depends if d.startswith("__") and not d.startswith("__archspec")]
    if system:
        yield f"Asks of the system: {'; '.join(system)}"
    if record.track_features:
        yield f"Comes after builds without tracked features: {record.track_features}"
    for kind, texts in package.run_exports.items():
        yield f"Hands on ({kind}): {'; '.join(texts)}"
    for name, value in package.variant.items():
        yield f"Built with: {name}={value}"
    for name, found in package.recipe.items():
        for line in found:
            yield f"Recipe, {name}: {line}"


def document(report: Report, packages: tuple[PackageFile, ...]) -> list[dict[str, Any]]:
    """Rows of `packages` in `explain --json`."""
    return [_row(report, package) for package in packages]


def _row(report: Report, package: PackageFile) -> dict[str, Any]:
    record = package.record
    clients = []
    for client in report.clients:
        found = fit(client, package)
        clients.append(
            {
                "client": client.id,
                "takes": found.takes,
                "basis": found.basis.value if found.basis else None,
                "because": list(found.because),
            }
        )
    return {
        "path": package.path,
        "name": record.name if record else None,
        "version": record.version if record else None,
        "build": record.build if record else None,
        "subdir": record.subdir if record else None,
        "asks": list(package.asks),
        "depends": list(record.depends) if record else None,
        "run_exports": {kind: list(texts) for kind, texts in package.run_exports.items()},
        "variant": package.variant,
        "recipe": {name: list(found) for name, found in package.recipe.items()},
        "trouble": package.trouble,
        "clients": clients,
    }
