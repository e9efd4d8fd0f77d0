"""Environments: the level that each needs against this CPU, and what cached channels offer."""

from doctor.model import Report
from doctor.report import environments as text
from doctor.report import words
from doctor.report.text import plain_finding
from doctor.tui.screens.table import Row, TableRoom
from doctor.tui.state import State

CHANNELS = "cached channels"


class EnvironmentsScreen(TableRoom):
    """Every environment that is known, worst first."""

    ROOM = "environments"
    LEGEND = "needs: the highest level its packages ask for   solved: level when it was made"
    EMPTY = "No environment is known on this machine."

    def columns(self, state: State) -> tuple[str, ...]:
        """What is said of each environment."""
        return ("state", "needs", "solved", "environment")

    def rows(self, state: State) -> list[Row] | None:
        """One row per prefix, then one for what clients keep of channels."""
        report = state.report
        if report is None or report.environments is None:
            return None
        found: list[Row] = [
            (e.path, (text.verdict(report, e)[0], text.level(e.needed), text.level(e.installed),
                      e.path))
            for e in text.ordered(report)
        ]  # fmt: skip
        if report.channels is not None and (_offered(report) or found):
            found.append((CHANNELS, ("", "", "", CHANNELS)))
        return found

    def story(self, state: State, key: str) -> list[str]:
        """What an environment needs, who needs it, and what to do."""
        report = state.report
        assert report is not None
        if key == CHANNELS:
            return _offered(report) or ["No cached channel here offers level packages."]
        environment = next(e for e in report.environments or () if e.path == key)
        lines = list(text.facts(report, environment))
        for finding in text.findings(report, environment):
            lines += plain_finding(finding, words.state(finding, report))
        return lines


def _offered(report: Report) -> list[str]:
    return [line for line in text.caches(report)][1:]
