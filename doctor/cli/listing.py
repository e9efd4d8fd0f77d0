"""`envdoctor check --list`: the known problems, and whole pages of those that are named."""

import argparse

from doctor.cli.output import Exit, UsageError, is_plain, nearest, out, out_json


def listed(arguments: argparse.Namespace) -> int:
    """All known problems by group; with names the whole page of each, in that order."""
    from doctor.catalogue import LOGS, pages
    from doctor.report import catalogue

    known = {page.id: page for page in pages()}
    for name in arguments.checks:
        if name not in known:
            near = nearest(name, list(known))
            raise UsageError(f"there is no problem {name!r}{near}; --list alone lists them")
    chosen = [known[name] for name in arguments.checks or known]
    if arguments.json:
        from msgspec import to_builtins

        checks = [to_builtins(page) for page in chosen if page.group != LOGS]
        logs = [to_builtins(page) for page in chosen if page.group == LOGS]
        out_json({"checks": checks, "logs": logs})
    elif arguments.checks:
        out(catalogue.whole(chosen))
    else:
        out(catalogue.plain(chosen) if is_plain(arguments) else catalogue.columns(chosen))
    return Exit.OK
