"""Copy: a text alone, to be selected, and what else was done to get it out."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from doctor.clean import pasteable
from doctor.model import Copied
from doctor.tui.widgets import Line, Room

MAX_SHOWN = 200_000
"""Characters that are laid out; more of them no one selects on a screen."""

MARGIN = 4096
"""Characters that are looked at besides: half of a secret would not be known for one."""

SELECT = "Or select it below; to drag, hold Shift (Mac: Option)."
IN_FILE = "It is in this file too, which you alone can read:"
WHOLE_IN_FILE = "It is in this file too, without the breaks of long lines:"
BROKEN = "Lines too long for this screen are broken below."


class CommandScreen(Room):
    """Nothing else stands on the lines of the text, so that the terminal can select it."""

    MAIN = "#alone"

    def __init__(self, title: str, text: str) -> None:
        """Shows `text`; `tell` says later what became of it."""
        super().__init__()
        self.TITLE_WORDS = f"Copy: {title}"
        self._whole = text
        self._shown = pasteable(text[: MAX_SHOWN + MARGIN])[:MAX_SHOWN]
        self._copied: Copied | None = None

    def to_read(self) -> VerticalScroll:
        """What is searched."""
        return self.query_one("#alone", VerticalScroll)

    def body(self) -> ComposeResult:
        """Sentences, the file, the text."""
        yield Line(id="said")
        yield Line(id="file")
        with VerticalScroll(id="alone"):
            yield Line(self._shown)

    def on_mount(self) -> None:
        """The text is what keys scroll."""
        self.query_one("#alone").focus()
        self._say()

    def on_resize(self) -> None:
        """A narrower screen breaks more lines."""
        super().on_resize()
        if self.is_mounted:
            self._say()

    def tell(self, text: str, copied: Copied) -> None:
        """What was done with this text; of another one it says nothing."""
        if text == self._whole:
            self._copied = copied
            self._say()

    def _say(self) -> None:
        copied = self._copied
        path = "" if copied is None else copied.path or ""
        said = ["Handing it over..."] if copied is None else [*copied.said]
        said.append(SELECT)
        if len(self._whole) > MAX_SHOWN:
            said.append(f"Below are the first {len(self._shown):,} characters of it.")
        broken = any(len(line) > self.app.size.width for line in self._shown.split("\n"))
        if path:
            said.append(WHOLE_IN_FILE if broken else IN_FILE)
        elif broken:
            said.append(BROKEN)
        self.query_one("#said", Line).say("\n".join(said))
        self.query_one("#file", Line).say(path)
