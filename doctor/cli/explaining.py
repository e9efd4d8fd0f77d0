"""`envdoctor explain`: requirements and package files -> which client installs them, why not."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from doctor.cli.output import Exit, UsageError, is_plain, out
from doctor.cli.sources import host_of, limit_of, live_host, machine_of

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import PackageFile, Report


def explain(arguments: argparse.Namespace) -> int:
    """Tries every requirement with every client; nothing outside scratch changes."""
    from doctor import fit, packages
    from doctor.explain import explain as try_all
    from doctor.report import document, matrix
    from doctor.report import packages as about

    words = tuple(dict.fromkeys(word.strip() for word in arguments.requirements))
    wanted = tuple(word for word in words if not packages.is_package(word))
    _check(wanted)
    host = host_of(arguments)
    reference = host if host.live else live_host()
    try:
        files = tuple(_read(reference, word) for word in words if packages.is_package(word))
        asked = tuple(text for file in files for text in fit.requirements(file))
        report = _report(arguments, host)
        other = arguments.cpuinfo is not None
        every = tuple(dict.fromkeys((*wanted, *asked)))
        report = try_all(host, reference, report, every, by_rule=other)
    finally:
        host.close()
        reference.close()
    if arguments.json:
        rows = {
            "explain": matrix.document(report, wanted),
            "packages": about.document(report, files),
        }
        out(document.dumps(rows).splitlines())
    else:
        out(_lines(report, wanted, files, is_plain(arguments)))
    return Exit.OK


def _check(words: tuple[str, ...]) -> None:
    from doctor.requirements import NotARequirement, parse

    for word in words:
        try:
            if word.startswith("-") or len(word) > 200:
                raise NotARequirement("no requirement looks like that")
            parse(word)
        except NotARequirement as error:
            example = "'_x86_64-microarch-level>=3'"
            raise UsageError(f"{word!r} is not a requirement such as {example}: {error}") from None


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
