"""`envdoctor explain`: requirements -> which client installs them here, and why not."""

import argparse

from doctor.cli.output import Exit, UsageError, is_plain, out
from doctor.cli.sources import host_of, limit_of, live_host


def explain(arguments: argparse.Namespace) -> int:
    """Tries every requirement with every client; nothing outside scratch changes."""
    from doctor.examine import examine
    from doctor.explain import explain as try_all
    from doctor.report import document, matrix

    wanted = tuple(dict.fromkeys(word.strip() for word in arguments.requirements))
    for word in wanted:
        if not word or word.startswith("-") or len(word) > 200:
            raise UsageError(f"{word!r} is not a requirement such as '_x86_64-microarch-level>=3'")
    host = host_of(arguments)
    reference = host if host.live else live_host()
    try:
        report = try_all(host, reference, examine(host, limit=limit_of(arguments)), wanted)
    finally:
        host.close()
        reference.close()
    if arguments.json:
        out(document.dumps({"explain": matrix.document(report, wanted)}).splitlines())
    elif is_plain(arguments):
        out(matrix.plain(report, wanted))
    else:
        out(matrix.columns(report, wanted))
    return Exit.OK
