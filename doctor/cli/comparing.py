"""`envdoctor compare`: several machines side by side, from files."""

import argparse
from typing import TYPE_CHECKING

from doctor.cli.output import Exit, UsageError, is_plain, out, out_json

if TYPE_CHECKING:
    from doctor.model import Comparison


def compare(arguments: argparse.Namespace) -> int:
    """Compares bundles, recordings and reports; `--from` names one more."""
    from doctor.compare import NotComparable
    from doctor.compare import compare as compared
    from doctor.report import comparison as report
    from doctor.report.comparison_document import document

    more = [arguments.recording] if hasattr(arguments, "recording") else []
    try:
        comparison = compared([*more, *arguments.files])
    except NotComparable as error:
        raise UsageError(str(error)) from None
    if arguments.json:
        out_json({"compare": document(comparison)})
    elif arguments.markdown:
        out(report.markdown(comparison))
    else:
        plain = is_plain(arguments)
        out(report.plain(comparison) if plain else report.columns(comparison, _width()))
    return status_of(comparison, arguments.fail_on)


def _width() -> int:
    import shutil

    return max(shutil.get_terminal_size((96, 24)).columns, 40)


def status_of(comparison: "Comparison", fail_on: str) -> int:
    """1 where a finding as bad as `fail_on` is on some machines and not on all of them.

    3 where nothing is that bad and of some machine the level is unknown.
    """
    from doctor.model import Severity

    if fail_on == "never":
        return Exit.OK
    worst = {row.severity for row in comparison.differences}
    if Severity.ERROR in worst or (fail_on == "warning" and Severity.WARNING in worst):
        return Exit.FINDINGS
    unknown = any(family.unknown for family in comparison.families)
    return Exit.INCOMPLETE if unknown else Exit.OK
