"""`envdoctor envs`: the environments of this machine, or given ones, against a CPU."""

import argparse
import os
from typing import TYPE_CHECKING

from doctor.cli.output import UsageError, is_plain, out, out_json
from doctor.cli.sources import as_kept, host_of, live_host, machine_of
from doctor.cli.verbs import status_of

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import Environment, Report


def envs(arguments: argparse.Namespace) -> int:
    """Reads environments and cached channels; asks no client."""
    from doctor import checks
    from doctor.report import document
    from doctor.report import environments as rows

    report = _report(arguments)
    from msgspec.structs import replace

    report = replace(report, findings=checks.run(report, [c.ID for c in checks.ENVIRONMENTS]))
    report = as_kept(arguments, report)
    if arguments.json:
        found = document.of_findings(report)
        content = {**rows.document(report), "findings": found}
        out_json(content)
    else:
        out(rows.plain(report) if is_plain(arguments) else rows.columns(report))
    return status_of(report, "error")


def _report(arguments: argparse.Namespace) -> "Report":
    from doctor import __version__, environments, examine
    from doctor.model import Report

    host = host_of(arguments)
    try:
        machine = machine_of(arguments, host)
        clients = examine.expected(host, machine)
        if arguments.prefixes:
            given = (_given(host, prefix) for prefix in arguments.prefixes)
            read = tuple({environment.path: environment for environment in given}.values())
        else:
            known = environments.places(host, examine.roots(host, clients))
            read = environments.read(host, known)
        made, source = examine.now(host), examine.source(host)
        report = Report(__version__, made, machine, clients, (), source, read)
        return examine.with_caches(host, report)
    finally:
        host.close()


def _given(host: "Host", prefix: str) -> "Environment":
    """A prefix that was named: as the recording has it, else as it is on this machine.

    So a login node can be asked whether its environments run on a compute node that was recorded.
    """
    from doctor import environments
    from doctor.host.recorded import RecordedHost

    if not prefix:
        raise UsageError("'' is no environment: name its folder")
    place = prefix.rstrip("/") or prefix
    if not isinstance(host, RecordedHost) or place not in host.recording.installed:
        place = os.path.abspath(prefix)
        host = live_host()
    found = environments.one(host, place, "given")
    if found.count is None:
        raise UsageError(f"{prefix or repr(prefix)} is no environment: {found.trouble}")
    return found
