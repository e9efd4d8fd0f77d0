"""The part of the app that looks as settings and terminal want: colours, ASCII, movement."""

from collections.abc import Callable, Sequence

from textual import constants
from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.screen import Screen

from doctor.settings import Kept, Settings
from doctor.tui import terminal as terminals
from doctor.tui.filters import ASCII, REVERSED
from doctor.tui.leaving import Leaving
from doctor.tui.terminal import Terminal
from doctor.tui.themes import BY_NAME

COLOURLESS = NoColor()


class Looking(Leaving):
    """What the app does to look so; everything else is in `DoctorApp`."""

    settings: Settings = Settings()
    kept: Kept = Kept()
    terminal: Terminal = Terminal()
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

    def look_again(self, settings: Settings) -> None:
        """As other settings want, at once."""
        old, self.settings = self.settings, settings
        self.theme = self._with_theme(terminals.theme(settings, self.terminal))
        self._obey_settings()
        if settings.mouse != old.mouse:
            self._switch_mouse(settings.mouse)

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
