"""The line at the head of a screen: all rooms, of which a click opens one, or what page it is."""

from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.widgets import Static

ROOMS = ("overview", "machine", "clients", "packages", "environments", "project")
"""In the order of their digits."""

NAME = "envdoctor"


class Place(NamedTuple):
    """A room on the line: from which cell to which."""

    start: int
    end: int
    room: str


class Title(Static):
    """As much of the names as fits; the digits always."""

    ALLOW_SELECT = False
    _said = ""
    _places: tuple[Place, ...] = ()

    def say(self, room: str, words: str, columns: int) -> None:
        """Marks the room, or says the words of a page, on that many columns."""
        self._places = places(room, columns) if room else ()
        said = whole(room, self._places) if room else f"{NAME}  {words}"
        if said != self._said:
            self._said = said
            self.update(Content(said))

    async def on_mouse_down(self, event: events.MouseDown) -> None:
        """Opens the room under the pointer."""
        x = event.x - self.styles.padding.left
        found = next((place.room for place in self._places if place.start <= x < place.end), None)
        if found is not None:
            await self.app.run_action(f"switch_mode('{found}')")


def places(room: str, columns: int) -> tuple[Place, ...]:
    """Where each room stands, with its name where all names fit, else the one that is shown."""
    laid = _laid([_word(name, room, True) for name in ROOMS])
    if laid[-1].end > columns:
        laid = _laid([_word(name, room, name == room) for name in ROOMS])
    return laid


def whole(room: str, laid: tuple[Place, ...]) -> str:
    """The line."""
    named = (_word(p.room, room, p.end - p.start > 1) for p in laid)
    return f"{NAME} {' '.join(named)}"


def _word(name: str, room: str, named: bool) -> str:
    said = f"{ROOMS.index(name) + 1} {name.title()}" if named else f"{ROOMS.index(name) + 1}"
    return f"[{said}]" if name == room else said


def _laid(words: list[str]) -> tuple[Place, ...]:
    found: list[Place] = []
    start = len(NAME) + 1
    for name, word in zip(ROOMS, words, strict=True):
        found.append(Place(start, start + len(word), name))
        start += len(word) + 1
    return tuple(found)
