"""`envdoctor project`: the CPU-pinned lines of a folder or file, against a CPU."""

import argparse
import os
from typing import TYPE_CHECKING

from doctor.cli.output import UsageError, is_plain, out, out_json
from doctor.cli.sources import as_kept, host_of, live_host, machine_of
from doctor.cli.verbs import status_of

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import Project


def project(arguments: argparse.Namespace) -> int:
    """Reads project files and recipes; asks no client and changes nothing."""
    from doctor import __version__, checks, examine
    from doctor.model import Report
    from doctor.report import document
    from doctor.report import projects as rows

    host = host_of(arguments)
    try:
        machine = machine_of(arguments, host)
        report = Report(
            __version__,
            examine.now(host),
            machine,
            examine.expected(host, machine),
            source=examine.source(host),
            project=_given(host, arguments.path),
        )
    finally:
        host.close()
    from msgspec.structs import replace

    report = replace(report, findings=checks.run(report, [c.ID for c in checks.PROJECTS]))
    report = as_kept(arguments, report)
    if arguments.json:
        found = document.of_findings(report)
        out_json({**rows.document(report), "findings": found})
    else:
        out(rows.lines(report) if is_plain(arguments) else rows.columns(report))
    return status_of(report, "error")


def _given(host: "Host", path: str | None) -> "Project":
    """The project at a path, or where the machine that is examined was working.

    A path that a recording does not hold is read here, so that a project can be asked about
    against a machine that was recorded.
    """
    from doctor import projects

    if path is None:
        return projects.examine(host, host.facts().cwd)
    if not path:
        raise UsageError("'' is no path: name a folder or a file")
    found = projects.examine(host, path)
    if not host.live and found.trouble and not found.files:
        found = projects.examine(live_host(), os.path.abspath(path))
    elif host.live:
        found = projects.examine(host, os.path.abspath(path))
    unread = [file.trouble for file in found.files if file.path == path and file.trouble]
    if (found.trouble and not found.files) or unread:
        raise UsageError(f"{path or repr(path)} {found.trouble or unread[0]}")
    return found
