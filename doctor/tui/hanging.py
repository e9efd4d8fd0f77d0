"""Text whose long lines go on where they began: under a value and not under its name."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import set_cell_size
from textual.content import Content, Span
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions

_BEGINNING = re.compile(r" *(?:\d{1,3}\. +(?:\$ )?|[$+-] |[A-Za-z][\w' ]{0,18}?:?  +)?")
"""Blanks, then a number, a sign, or a name with two blanks after it."""


class Part(NamedTuple):
    """What stands on one line of the screen, and where in which line of the text it begins."""

    x: int
    y: int
    content: Content


class Hanging(Content):
    """A text that is laid out so; with `indent` each line goes on under that cell of its own."""

    def __init__(
        self, text: str = "", spans: list[Span] | None = None, indent: int | None = None
    ) -> None:
        """Lays out `text` once it is known how much room there is."""
        super().__init__(text, spans)
        self._indent = indent
        self._laid: tuple[int, list[Part]] = (-1, [])

    def styled_as(self, content: Content) -> "Hanging":
        """The same text with other styles."""
        return Hanging(self.plain, list(content.spans), self._indent)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """One strip per line of the screen."""
        plain = RenderOptions(options.get_style, options.rules)
        parts = self._parts(width) if options.selection is None else self._selected(width, options)
        return [
            strip.apply_offsets(part.x, part.y)
            for part in parts[:height]
            for strip in Content.render_strips(part.content, width, 1, style, plain)
        ]

    def get_height(self, rules: RulesMap, width: int) -> int:
        """The number of lines on the screen."""
        return len(self._parts(width))

    def lines_above(self, number: int, width: int) -> int:
        """How many lines of the screen stand over the `number`-th of the text."""
        return sum(part.y < number for part in self._parts(width))

    def _parts(self, width: int) -> list[Part]:
        if self._laid[0] != width:
            lines = enumerate(self.split(allow_blank=True))
            laid = [part for y, line in lines for part in self._wrapped(line, width, y)]
            self._laid = (width, laid)
        return self._laid[1]

    def _selected(self, width: int, options: RenderOptions) -> list[Part]:
        """With what is selected by the mouse marked."""
        found: list[Part] = []
        for y, line in enumerate(self.split(allow_blank=True)):
            span = options.selection.get_span(y) if options.selection else None
            if span is not None and options.selection_style is not None:
                end = len(line.plain) if span[1] == -1 else span[1]
                line = line.stylize(options.selection_style, span[0], end)
            found += self._wrapped(line, width, y)
        return found

    def _wrapped(self, line: Content, width: int, y: int) -> Iterator[Part]:
        """A line as it wraps; what is blank below its beginning leaves room for some words."""
        line = line.expand_tabs()
        if line.cell_length <= width:
            yield Part(0, y, line)
            return
        length = self._length(line.plain, width)
        head, body = line[:length], line[length:]
        blank = Content(" " * (head.cell_length or 2 * (self._indent is not None)))
        at = 0
        for part in body.wrap(max(width - blank.cell_length, 1)):
            at = max(body.plain.find(part.plain, at), at)
            yield Part(at, y, (blank if at else head) + part)
            at += max(len(part.plain), 1)

    def _length(self, line: str, width: int) -> int:
        """The letters of a line's beginning, none where it takes too much of the room."""
        if self._indent is not None:
            length = len(set_cell_size(line, self._indent))
            return length if self._indent <= width - 12 else 0
        begins = _BEGINNING.match(line)
        return begins.end() if begins and begins.end() <= width // 2 else 0
