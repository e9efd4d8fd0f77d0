"""`envdoctor triage`: an error log from a file or a pipe -> the problem that it shows."""

import argparse
import sys

from doctor.cli.output import Exit, UsageError, out, out_json
from doctor.cli.sources import examine_host

MAX_LOG = 8 * 2**20
"""Largest log that is read, in bytes."""


def triage(arguments: argparse.Namespace) -> int:
    """Names the scenarios in a log and looks whether this machine has them."""
    from doctor import triage as logs
    from doctor.report import document, text

    log = read_log(arguments.file)
    found = logs.clues(log)
    named = logs.findings(found, examine_host(arguments)) if found else ()
    near = None if found else logs.nearest(log)
    if arguments.json:
        rows = [document.of_finding(finding) for finding in named]
        out_json({"recognised": bool(found), "nearest": near, "findings": rows})
    elif found:
        lines = [line for finding in named for line in text.plain_finding(finding)]
        out(lines[1:])
    else:
        out([logs.nothing_known(near)])
    return Exit.FINDINGS if found else Exit.OK


def read_log(path: str) -> str:
    """The text of a log; `-` is standard input."""
    if path == "-":
        data = sys.stdin.buffer.read(MAX_LOG + 1)
        trouble = None if len(data) <= MAX_LOG else f"is larger than {MAX_LOG // 2**20} MiB"
    else:
        from doctor.host.files import read_bytes

        read, trouble = read_bytes(path, MAX_LOG)
        data = read or b""
    if trouble:
        raise UsageError(f"{'standard input' if path == '-' else path or repr(path)} {trouble}")
    return data.decode("utf-8", errors="replace")
