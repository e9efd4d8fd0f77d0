"""The part of the app that obeys the settings: colours, ASCII, movement, mouse, muted findings."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import constants, on, work
from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.reactive import reactive
from textual.screen import Screen

from doctor.muting import mute
from doctor.settings import Kept, NotKept, Settings
from doctor.tui import terminal as terminals
from doctor.tui.filters import ASCII, REVERSED
from doctor.tui.leaving import Leaving
from doctor.tui.messages import ChangeSettings, KeepSettings, MuteFinding, SettingsKept
from doctor.tui.state import State
from doctor.tui.terminal import Terminal
from doctor.tui.themes import BY_NAME
from doctor.tui.widgets import Room

if TYPE_CHECKING:
    from doctor.model import Report


COLOURLESS = NoColor()


class Looking(Leaving):
    """What the app does for its settings; everything else is in `DoctorApp`."""

    state: reactive[State]
    settings: Settings = Settings()
    kept: Kept = Kept()
    terminal: Terminal = Terminal()
    _judged: "Report | None" = None
    _shown: "Report | None" = None
    drawn_as: LineFilter | None = None

    def look(self, kept: Kept, terminal: Terminal) -> None:
        """Before the first frame: as was kept, on this terminal."""
        self.kept, self.settings, self.terminal = kept, kept.settings, terminal
        theme = self._with_theme(terminals.theme(self.settings, terminal))
        if theme != self.theme:
            self.set_reactive(App.theme, theme)
            self.stylesheet.set_variables(self.get_css_variables())
        self._obey_settings()

    def _load_screen_css(self, screen: Screen[object]) -> None:
        """A new screen has the styles of now; for modes Textual would apply all of them once more.

        Textualize/textual v8.2.8, app.py, `_init_mode`; `push_screen` does not.
        """
        super()._load_screen_css(screen)
        screen._css_update_count = self._css_update_count

    def _with_theme(self, name: str) -> str:
        theme = BY_NAME[name]
        self.register_theme(theme)
        return theme.name

    def _obey_settings(self) -> None:
        """Movement and characters."""
        still = terminals.is_still(self.settings, self.terminal)
        if not self.terminal.animations:
            self.animation_level = "none" if still else constants.TEXTUAL_ANIMATIONS
        self.drawn_as = None
        if terminals.is_ascii(self.settings, self.terminal):
            self.drawn_as = ASCII

    @property
    def is_still(self) -> bool:
        """Whether nothing moves or blinks."""
        return self.animation_level == "none"

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's; no shades of grey where no colours are wanted; at last ASCII.

        Textual decides by its own default theme which of them there are (v8.2.8, app.py).
        """
        own = self.native_ansi_color
        others = (Monochrome, NoColor, *((ANSIToTruecolor,) if own else ()))
        filters = [f for f in super().get_line_filters() if not isinstance(f, others)]
        filters += [REVERSED] if own else []
        filters += [COLOURLESS] if self.no_color or not self.terminal.colours else []
        return [*filters, self.drawn_as] if self.drawn_as is not None else filters

    # --- changed while it runs ---------------------------------------------------------------

    def action_settings(self) -> None:
        """The page of all settings."""
        from doctor.tui.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen(self.kept, self.settings, self.terminal))

    @on(ChangeSettings)
    def _change_settings(self, message: ChangeSettings) -> None:
        """Holds at once, and until the app is left."""
        old, self.settings = self.settings, message.settings
        self.theme = self._with_theme(terminals.theme(self.settings, self.terminal))
        self._obey_settings()
        if self.settings.mouse != old.mouse:
            self._switch_mouse(self.settings.mouse)
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

    def _switch_mouse(self, wanted: bool) -> None:
        """By the driver's own means: Textualize/textual v8.2.8, drivers/linux_driver.py."""
        driver = self._driver
        name = "_enable_mouse_support" if wanted else "_disable_mouse_support"
        switch: Callable[[], None] | None = getattr(driver, name, None)
        if driver is None or switch is None:
            return
        driver._mouse = True  # it does neither without
        switch()
        driver._mouse = wanted

    # --- muted findings ----------------------------------------------------------------------

    @on(MuteFinding)
    def _mute_finding(self, message: MuteFinding) -> None:
        """Mutes a finding, or hears it again."""
        muted = self.settings.muted
        if message.finding in muted:
            muted = tuple(id for id in muted if id != message.finding)
            said = "It counts again until you leave."
        else:
            muted = (*muted, message.finding)
            said = "Muted until you leave: listed last, counted for nothing."
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
        from doctor.settings import keep

        try:
            self.post_message(SettingsKept(keep(kept, settings), "Kept now."))
        except NotKept as error:
            self.post_message(SettingsKept(None, str(error)))

    @on(SettingsKept)
    def _settings_kept(self, message: SettingsKept) -> None:
        self.kept = message.kept or self.kept
        self._tell_settings(message.said)
