"""The part of the app for its settings: chosen on a page, kept after a yes; muted findings."""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import on, work
from textual.reactive import reactive

from doctor.muting import COUNTS, MUTED, mute, toggled
from doctor.settings import Kept, NotKept, Settings
from doctor.tui.looking import Looking
from doctor.tui.messages import ChangeSettings, KeepSettings, MuteFinding, SettingsKept
from doctor.tui.state import State
from doctor.tui.widgets import Room

if TYPE_CHECKING:
    from doctor.model import Report


class Choosing(Looking):
    """What the app does for its settings; everything else is in `DoctorApp`."""

    state: reactive[State]
    _judged: "Report | None" = None
    _shown: "Report | None" = None

    def action_settings(self) -> None:
        """The page of all settings."""
        from doctor.tui.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(self.kept, self.settings, self.terminal))

    @on(ChangeSettings)
    def _change_settings(self, message: ChangeSettings) -> None:
        """Holds at once, and until the app is left."""
        old = self.settings
        self.look_again(message.settings)
        if self.settings.limit != old.limit:
            self.limited(self.settings.limit)
        if self.settings.muted != old.muted:
            self.state = self.with_muted(self.state)
        for screen in self.screen_stack:
            if isinstance(screen, Room):
                screen.draw_again()
        self._tell_settings("")

    def _tell_settings(self, said: str) -> None:
        from doctor.tui.screens.settings import SettingsScreen

        for screen in self.screen_stack:
            if isinstance(screen, SettingsScreen):
                screen.tell(self.kept, self.settings, said)

    def limited(self, seconds: float) -> None:
        """Clients have so long to answer from the next examination on."""

    # --- muted findings ----------------------------------------------------------------------

    @on(MuteFinding)
    def _mute_finding(self, message: MuteFinding) -> None:
        """Mutes a finding, or hears it again."""
        muted = toggled(self.settings.muted, message.finding)
        said = MUTED if message.finding in muted else COUNTS
        self._change_settings(ChangeSettings(replace(self.settings, muted=muted)))
        keeps = "" if muted == self.kept.settings.muted else " F9, then w, keeps that."
        self.notify(said + keeps, markup=False)

    def with_muted(self, state: State) -> State:
        """The state with muted findings told apart; the report as it was judged is remembered."""
        if state.report is None:
            return state
        if state.report is not self._shown:
            self._judged = state.report
        assert self._judged is not None
        self._shown = mute(self._judged, self.settings.muted)
        return replace(state, report=self._shown, findings=self._shown.findings)

    # --- kept --------------------------------------------------------------------------------

    @on(KeepSettings)
    def _ask_to_keep(self) -> None:
        """Shows the file and what would change in it, and asks."""
        from doctor import settings
        from doctor.tui.screens.keep import KeepScreen

        if isinstance(self.screen, KeepScreen):  # the key came twice
            return
        reason = self._why_not_kept()
        changes = () if reason else settings.difference(self.kept, self.settings)
        if not changes:
            self._tell_settings(reason or "There is nothing to keep: the file says the same.")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._write_settings(self.kept, self.settings)
            else:
                self._tell_settings("Nothing was written.")

        self.push_screen(KeepScreen(str(self.kept.path), changes), answered)

    def _why_not_kept(self) -> str:
        if self.kept.path is None:
            return "Nothing can be kept."
        return "It is not written over." if self.kept.data is None else ""

    @work(thread=True, exit_on_error=False, group="settings")
    def _write_settings(self, kept: Kept, settings: Settings) -> None:
        """A home may be on a slow disk."""
        from doctor.settings import keep, read

        try:
            self.post_message(SettingsKept(keep(kept, settings), "Kept now."))
        except NotKept as error:  # the next question is about what stands there now
            self.post_message(SettingsKept(read(kept.path), str(error)))

    @on(SettingsKept)
    def _settings_kept(self, message: SettingsKept) -> None:
        self.kept = message.kept
        self._tell_settings(message.said)
