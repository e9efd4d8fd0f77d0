"""Project: the lines of the working directory's files that are tied to a CPU."""

from doctor.model import Finding, PinnedLine, Report
from doctor.report import projects as text
from doctor.report import words
from doctor.report.text import plain_finding
from doctor.tui.screens.table import Row, TableRoom
from doctor.tui.state import State


class ProjectScreen(TableRoom):
    """Each CPU-pinned line, worst first, with the line to put instead."""

    ROOM = "project"
    LEGEND = "- the line as it stands   + the line to put instead"

    def columns(self, state: State) -> tuple[str, ...]:
        """What is said of each line."""
        return ("state", "where", "what")

    def rows(self, state: State) -> list[Row] | None:
        """One row per line."""
        if state.report is None:
            return None
        rows = text.ordered(state.report)
        return [(str(number), _cells(state.report, *row)) for number, row in enumerate(rows)]

    def story(self, state: State, key: str) -> list[str]:
        """The line, the corrected one, and what the check says."""
        report = state.report
        assert report is not None
        line, found = text.ordered(report)[int(key)]
        lines = [f"- {line.text.strip()}"]
        if line.corrected is not None:
            lines.append(f"+ {line.corrected.strip() or '(nothing: delete the line)'}")
        if found is None:
            return [*lines, "", "It is fine here."]
        return [*lines, *plain_finding(found, words.state(found, report))]

    def tell(self, state: State) -> None:
        """Says what was examined where there is no line to tell of."""
        if state.report is not None:
            report = state.report
            self.EMPTY = "\n".join(
                (text.headline(report), *text.troubles(report), "", *text.where(report))
            )
        super().tell(state)


def _cells(report: Report, line: PinnedLine, found: Finding | None) -> tuple[str, ...]:
    place = f"{line.path}:{line.line}"
    if found is None:
        return "ok", place, line.text.strip()
    return words.state(found, report), place, text.title(line, found)
