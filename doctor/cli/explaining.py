"""`envdoctor explain`: requirements and package files -> which client installs them, why not."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctor.cli.output import Exit, UsageError, is_plain, out, out_json, safe
from doctor.cli.sources import host_of, limit_of, live_host, machine_of

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import PackageFile, Report


def explain(arguments: argparse.Namespace) -> int:
    """Tries every requirement with every client; nothing outside scratch changes."""
    from doctor import fit, packages
    from doctor.explain import explain as try_all
    from doctor.report import matrix
    from doctor.report import packages as about

    words = tuple(dict.fromkeys(word.strip() for word in arguments.requirements))
    named = (word for word in words if not packages.is_package(word))
    wanted = tuple(dict.fromkeys(_requirement(word) for word in named))
    host = host_of(arguments)
    reference = host if host.live else live_host()
    try:
        files = tuple(_read(reference, word) for word in words if packages.is_package(word))
        asked = tuple(text for file in files for text in fit.requirements(file))
        report = _report(arguments, host)
        other = arguments.cpuinfo is not None
        every = tuple(dict.fromkeys((*wanted, *asked)))
        report = try_all(host, reference, report, every, _limit(arguments), by_rule=other)
    finally:
        host.close()
        reference.close()
    if arguments.json:
        rows = {
            "explain": matrix.document(report, wanted),
            "packages": about.document(report, files),
        }
        out_json(rows)
    else:
        out(_lines(report, wanted, files, is_plain(arguments)))
    return _status(report, host.live)


def _requirement(word: str) -> str:
    """A requirement as it will be tried: the reproduction channel stands for every other."""
    from doctor.requirements import NotARequirement, parse

    try:
        if word.startswith("-") or len(word) > 200:
            raise NotARequirement("no requirement looks like that")
        found = parse(word)
    except NotARequirement as error:
        example = "'_x86_64-microarch-level>=3'"
        raise UsageError(f"{word!r} is not a requirement such as {example}: {error}") from None
    if found.channel is not None:
        note = f"{found.plain} is tried against the reproduction channel, not {found.channel}"
        sys.stderr.write(f"envdoctor: {safe(note)}\n")
    return found.plain


def _status(report: "Report", live: bool) -> int:
    """Incomplete where a client that was run did not answer, unless that was to be expected."""
    from doctor.model import Basis

    able = (c for c in report.clients if not (c.prediction and c.prediction.failure))
    tried = (attempt for client in able for attempt in client.attempts)
    hung = [a for a in tried if a.basis is Basis.PROVEN and a.trouble and a.transcript]
    return Exit.INCOMPLETE if live and hung else Exit.OK


def _limit(arguments: argparse.Namespace) -> float:
    """Seconds that each client has for all requirements."""
    from doctor.explain import LIMIT

    return float(getattr(arguments, "limit", LIMIT))


def _read(host: "Host", path: str) -> "PackageFile":
    """A package file of this machine; one that cannot be trusted is one clear line."""
    from doctor import packages

    found = packages.read(host, path)
    if found.record is None or found.trouble:
        raise UsageError(f"{path} {found.trouble}")
    return found


def _report(arguments: argparse.Namespace, host: "Host") -> "Report":
    """Clients with their answers; with `--cpuinfo` their predictions for that CPU instead."""
    from doctor import __version__, examine
    from doctor.model import Report

    if arguments.cpuinfo is None:
        return examine.examine(host, limit=limit_of(arguments))
    machine = machine_of(arguments, host)
    clients = examine.expected(host, machine)
    return Report(__version__, examine.now(host), machine, clients, source=examine.source(host))


def _lines(
    report: "Report", wanted: tuple[str, ...], files: tuple["PackageFile", ...], plain: bool
) -> Iterator[str]:
    from doctor.report import matrix
    from doctor.report import packages as about

    if files:
        yield from (about.lines if plain else about.columns)(report, files)
    if wanted:
        yield from (matrix.plain if plain else matrix.columns)(report, wanted)
