"""What somebody can read on a screen of the app: all of it, also what has to be scrolled to."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from doctor.tui.app import DoctorApp
from doctor.tui.keys import Keys
from doctor.tui.lists import Choices
from doctor.tui.rows import Rows
from doctor.tui.widgets import plain

REORDER = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def shown(app: DoctorApp) -> list[str]:
    """The lines of the terminal."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def whole(screen: Screen[Any]) -> str:
    """Every text of a screen as it is drawn over its whole height, without any blank.

    Where a line wraps is of no consequence then; where a letter was cut away it is.
    """
    return squeezed("".join(line for widget in texts(screen) for line in drawn(widget)))


def squeezed(text: str) -> str:
    """Without blanks."""
    return "".join(text.split())


def missing(screen: Screen[Any], *wanted: str) -> list[str]:
    """Those of some texts that cannot be read whole on a screen."""
    there = whole(screen)
    return [text for text in wanted if squeezed(plain(text).plain) not in there]


def texts(screen: Screen[Any]) -> Iterator[Widget]:
    """The texts and lists that are there, whether or not one has to scroll to them."""
    for widget in screen.query("Line, Choices"):
        if widget.size and all(node.display for node in widget.ancestors_with_self):
            yield widget


def drawn(widget: Widget) -> list[str]:
    """The lines of a text or list, from its first to its last."""
    if isinstance(widget, Choices):
        lines = range(widget.virtual_size.height)
        return [widget._get_line(widget.get_visual_style("option-list--option"), y).text
                for y in lines]  # fmt: skip
    strips = widget.render_lines(Region(0, 0, *widget.size))
    return [strip.text for strip in strips]


def cut_off(screen: Screen[Any]) -> list[str]:
    """Texts of which a part is drawn nowhere: beyond an edge that cannot be scrolled to."""
    found = []
    for widget in texts(screen):
        if not isinstance(widget, Static):
            continue
        height = widget.visual.get_height({}, widget.content_size.width)
        if height > widget.content_size.height:
            found.append(f"{widget!r} has {height} lines in {widget.content_size}")
        parent = widget.parent
        if isinstance(parent, Widget) and widget.virtual_region.right > parent.container_size.width:
            found.append(f"{widget!r} is wider than what it is in")
        if not any(isinstance(node, VerticalScroll) for node in widget.ancestors):
            keys = screen.query_one(Keys)
            if widget.region.bottom > keys.region.y:
                found.append(f"{widget!r} goes on below the screen")
    return [*found, *_too_small(screen)]


def _too_small(screen: Screen[Any]) -> Iterator[str]:
    """Parts that scroll and show less than two lines at a time."""
    for part in screen.query("VerticalScroll, Choices, Rows"):
        there = part.virtual_size.height and all(n.display for n in part.ancestors_with_self)
        if there and part.content_size.height < min(2, part.virtual_size.height):
            yield f"{part!r} shows {part.content_size.height} lines"


def unsafe(text: str) -> set[str]:
    """Letters that must not reach a terminal: controls, halves, marks that reorder."""
    return {
        letter
        for letter in text
        if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in REORDER
    } - {"\n"}


def misplaced(table: Rows) -> list[str]:
    """Cells of a table that do not stand in their column."""
    found = []
    starts = [0]
    for column in table.ordered_columns:
        starts.append(starts[-1] + column.get_render_width(table))
    width = starts[-1]
    for row in range(min(table.row_count, 30)):
        strip = table._render_line(row + table.header_height, 0, width, table.rich_style)
        for cell, start, end in zip(table.get_row_at(row), starts, starts[1:], strict=False):
            there = strip.crop(start, end).text
            if end > strip.cell_length:
                break  # it has to be scrolled to
            if there.strip() != cell.plain.strip() or cell_len(there) != end - start:
                found.append(f"{there!r} is not {cell.plain!r}")
    return found
