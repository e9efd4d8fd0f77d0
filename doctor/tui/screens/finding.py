"""A finding: consequence, evidence, remedies with the literal command, source."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from doctor.model import Finding
from doctor.muting import NOT_HERE
from doctor.report import text, words
from doctor.tui.messages import CopyText, MuteFinding, OpenPage
from doctor.tui.state import State, is_here
from doctor.tui.widgets import Line, Room


class FindingScreen(Room):
    """Everything that one finding says; commands wrap and are never cut."""

    TITLE_WORDS = "Finding"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "page", "Page", id="page",
                tooltip="All about this kind of problem: cause, signs, remedies, sources"),
        Binding("y", "copy", "Copy", id="copy", tooltip="All of it as plain text, to copy"),
        Binding("u", "mute", "Mute", id="mute",
                tooltip="List it last and count it for nothing on this machine, or again"),
    ]  # fmt: skip

    def guided(self) -> Finding:
        """What `g` leads on to."""
        return self.finding

    def __init__(self, finding: Finding) -> None:
        """Shows `finding`."""
        super().__init__()
        self.finding = finding

    def body(self) -> ComposeResult:
        """The finding in the order in which it is read."""
        finding = self.finding
        with VerticalScroll(id="page"):
            yield Line(id="what", classes="strong")
            yield Line(finding.id, classes="quiet")
            yield Line(finding.consequence, classes="paragraph")
            yield Line("Evidence", classes="heading")
            for evidence in finding.evidence:
                yield Line(f"{evidence.text}\n  from {evidence.source}")
            if finding.remedies:
                yield Line("What to do, safest first", classes="heading")
            for number, remedy in enumerate(finding.remedies, start=1):
                command = f"\n   $ {remedy.command}" if remedy.command else ""
                yield Line(f"{number}. {remedy.text}{command}")
            if finding.link:
                yield Line(f"More: {finding.link}", classes="paragraph")

    def show(self, state: State) -> None:
        """Says too whether it is muted by now."""
        super().show(state)
        finding = self.finding
        said = words.state(finding, state.report)
        if said == words.MUTED:
            said = f"{said} ({finding.severity.value})"
        self.query_one("#what", Line).say(f"{said}  {finding.title}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was found on this machine can be muted."""
        if action == "mute" and self.why_not(action):
            return None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Why it cannot be muted."""
        state = getattr(self.app, "state", State())
        found = any(other.id == self.finding.id for other in state.findings)
        if action != "mute" or (found and is_here(state)):
            return ""
        return NOT_HERE

    def action_mute(self) -> None:
        """Mutes it, or hears it again."""
        self.post_message(MuteFinding(self.finding.id))

    def action_page(self) -> None:
        """The page of the finding's check."""
        self.post_message(OpenPage(self.finding.check))

    def action_copy(self) -> None:
        """The finding as the plain report has it."""
        self.post_message(CopyText("this finding", "\n".join(text.plain_finding(self.finding))))
