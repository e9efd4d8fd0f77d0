"""The line of keys at the foot of a screen."""

from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from doctor.columns import width

GAP = 2
"""Blanks between two keys."""


class Shown(NamedTuple):
    """A key on the line: from which cell to which, what it is, and whether it does something."""

    start: int
    end: int
    key: str
    display: str
    said: str
    enabled: bool
    tooltip: str


class Keys(Widget):
    """As many keys as fit whole; a click presses one. One line that is painted anew when they
    change, where Textual's Footer makes all of its widgets again at each change of the focus.
    """

    ALLOW_SELECT = False
    _shown: tuple[Shown, ...] = ()

    def on_mount(self) -> None:
        """Listens to the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """Listens no more."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[object]) -> None:
        """Once the focus is where it goes: what a key does can depend on it."""
        if self.is_attached and screen is self.screen:
            self.call_after_refresh(self._renew)

    def on_resize(self) -> None:
        """More or fewer fit."""
        self._renew()

    def _renew(self) -> None:
        shown = self._fitting() if self.is_attached else ()
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def _fitting(self) -> tuple[Shown, ...]:
        """The first of each action, in the order of the screen, until one does not fit."""
        found: dict[str, Shown] = {}
        start = 0
        for _, binding, enabled, tooltip in self.screen.active_bindings.values():
            if not binding.show or binding.action in found:
                continue
            display = self.app.get_key_display(binding)
            end = start + width(f"{display} {binding.description}")
            if end > self.size.width:
                break
            found[binding.action] = Shown(start, end, binding.key, display, binding.description,
                                          enabled, tooltip or binding.tooltip)  # fmt: skip
            start = end + GAP
        return tuple(found.values())

    def render(self) -> Content:
        """Key, blank, word."""
        parts: list[Content | str | tuple[str, str]] = []
        for key in self._shown:
            dim = "" if key.enabled else " dim"
            parts += [(key.display, f"bold $footer-key-foreground{dim}"), " ",
                      (key.said, f"$footer-description-foreground{dim}"), " " * GAP]  # fmt: skip
        return Content.assemble(*parts[:-1])

    def _at(self, x: int) -> Shown | None:
        return next((key for key in self._shown if key.start <= x < key.end), None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Presses the key under the pointer; a grey one says why it does nothing."""
        key = self._at(event.x)
        if key is not None:
            self.app.simulate_key(key.key)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Says what the key under the pointer does."""
        key = self._at(event.x)
        self.tooltip = key.tooltip if key is not None else None
