"""Lists whose cursor is a mark as well as a colour."""

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList

from doctor.tui.searching import matches

CURSOR = ">"
"""Where keys act."""

RESTING = "-"
"""Where they will act once the list has the focus again."""


class Choices(OptionList):
    """A list of which the chosen line begins with a mark: `>` with the focus, `-` without.

    Lines begin with one blank of padding (app.tcss), which the mark takes.
    """

    def render_line(self, y: int) -> Strip:
        """The line, with the mark where it is the first of the chosen option."""
        strip = super().render_line(y)
        number = self.scroll_offset.y + y
        if not 0 <= number < len(self._lines):
            return strip
        chosen, line = self._lines[number]
        return marked(strip, self.has_focus) if (chosen, line) == (self.highlighted, 0) else strip

    @property
    def chosen(self) -> str | None:
        """The id of the chosen option, `None` where there is none."""
        place = self.highlighted
        return None if place is None else self.get_option_at_index(place).id

    def find_next(self, wanted: str, again: bool) -> str:
        """Goes to the next option that holds some words; says which of how many it is."""
        found = [
            place
            for place, option in enumerate(self.options)
            if not option.disabled and matches(wanted, str(option.prompt))
        ]
        if not found:
            return "nothing has that in it"
        here = self.highlighted if self.highlighted is not None else -1
        after = [place for place in found if place > here or (place == here and not again)]
        self.highlighted = (after or found)[0]
        return f"{found.index(self.highlighted) + 1} of {len(found)}"


def marked(strip: Strip, focus: bool) -> Strip:
    """A line of which the first cell, a blank, is the mark."""
    if strip.cell_length < 2:
        return strip
    first = strip.crop(0, 1)
    if first.text != " ":
        return strip
    mark = Segment(CURSOR if focus else RESTING, next(iter(first)).style)
    return Strip.join((Strip([mark], 1), strip.crop(1)))
