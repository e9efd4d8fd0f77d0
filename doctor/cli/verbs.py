"""The verbs, one small function each; the terminal app is loaded in the one that needs it."""

import argparse
import sys
from typing import TYPE_CHECKING

from doctor.cli.output import Exit, UsageError, is_plain, nearest, out, out_json, safe
from doctor.cli.sources import (
    as_kept,
    examine_host,
    host_of,
    kept_of,
    limit_of,
    live_host,
    read_cpu,
    read_machine,
)

if TYPE_CHECKING:
    from doctor.model import Client, Report


def app(arguments: argparse.Namespace) -> int:
    """The terminal app, or line by line where plain was asked for; without a terminal the report.

    A conversation needs a terminal at both ends, the app one to read and one to draw on.
    """
    plain = is_plain(arguments)
    seen = sys.stdout if plain else sys.stderr
    if not (sys.stdin.isatty() and seen.isatty()):  # plain where standard output is none
        defaults = {
            "checks": [],
            "list": False,
            "fail_on": "error",
            "json": False,
            "markdown": False,
        }
        return check(argparse.Namespace(**{**defaults, **vars(arguments)}))
    from doctor.session import Session

    host, kept = host_of(arguments), kept_of(arguments, say=False)  # both say it
    session = Session(host, limit_of(arguments), host if host.live else live_host())
    if plain:
        from doctor.linear.conversation import run as converse

        return converse(session, limit_of(arguments), kept)
    from doctor.tui.app import DoctorApp
    from doctor.tui.running import run
    from doctor.tui.terminal import here

    mouse = kept.settings.mouse and not getattr(arguments, "no_mouse", False)
    return run(DoctorApp(session, limit_of(arguments), kept, here()), mouse)


def check(arguments: argparse.Namespace) -> int:
    """`envdoctor check`."""
    if arguments.list:
        from doctor.cli.listing import listed

        return listed(arguments)
    from doctor import checks

    known = [entry.ID for entry in checks.CHECKS]
    for name in arguments.checks:
        if name not in known:
            raise UsageError(f"there is no check {name!r}{nearest(name, known)}; --list lists them")
    report = examine_host(arguments)
    if arguments.checks:
        from msgspec.structs import replace

        report = replace(report, findings=checks.run(report, arguments.checks))
    report = as_kept(arguments, report)
    _print_report(arguments, report)
    return status_of(report, arguments.fail_on)


def _print_report(arguments: argparse.Namespace, report: "Report") -> None:
    from doctor.report import document, markdown, text

    if arguments.json:
        out_json(document.of_report(report))
    elif arguments.markdown:
        out(markdown.markdown(report))
    else:
        out(text.plain(report) if is_plain(arguments) else text.columns(report))


def status_of(report: "Report", fail_on: str) -> int:
    """Exit status by the worst finding that is not muted."""
    from doctor.model import Severity

    found = {finding.severity for finding in report.counted}
    if fail_on == "never":
        return Exit.OK
    if Severity.ERROR in found or (fail_on == "warning" and Severity.WARNING in found):
        return Exit.FINDINGS
    return Exit.INCOMPLETE if Severity.UNKNOWN in found else Exit.OK


def machine(arguments: argparse.Namespace) -> int:
    """`envdoctor machine`."""
    from doctor.report import document, text

    read = read_machine(arguments)
    if arguments.json:
        out_json({"machine": document.of_machine(read)})
    else:
        out(text.plain_machine(read) if is_plain(arguments) else text.machine_columns(read))
    return Exit.OK if read.microarchitecture.name else Exit.INCOMPLETE


def level(arguments: argparse.Namespace) -> int:
    """`envdoctor level`: the level that all processors share, or `unknown`."""
    from doctor.processors import processors, shared_level

    if arguments.cpuinfo is not None:
        groups = read_cpu(arguments.cpuinfo)
    else:
        groups, trouble = processors(host_of(arguments))
        if trouble:
            sys.stderr.write(f"envdoctor: {safe(trouble)}\n")
    found = shared_level(groups)
    out([found or "unknown"])
    return Exit.OK if found else Exit.INCOMPLETE


def clients(arguments: argparse.Namespace) -> int:
    """`envdoctor clients`."""
    from doctor.report import document, text

    report = examine_host(arguments)
    if arguments.json:
        out_json({"clients": [document.of_client(c) for c in report.clients]})
    elif is_plain(arguments):
        out(text.plain_clients(report.clients))
    else:
        out(text.client_table(report.clients))
    silent = [c for c in report.clients if _silent(c)]
    return Exit.INCOMPLETE if silent else Exit.OK


def _silent(client: "Client") -> bool:
    answer = client.reported
    expected = client.prediction is not None and client.prediction.failure is not None
    return (answer is None or answer.virtual_packages is None) and not expected
