"""Keys from terminals that do not send UTF-8, and pasted text of any kind."""

import codecs
import os
import selectors
from collections.abc import Iterator

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from doctor.clean import clean

START, END = "\x1b[200~", "\x1b[201~"
"""What terminals put around pasted text."""

PATIENCE = 0.1
"""Seconds until it is looked whether an Escape was a key, and whether the app has left."""


class Heard(XTermParser):
    """Textual's parser, to which pasted text is text, whatever is in it.

    Textualize/textual v8.2.8, _xterm_parser.py, takes up to 32 characters after an Escape inside a
    paste for keys: colours in a log would move its words, and Ctrl-C in it would leave the app.
    """

    def __init__(self, debug: bool = False) -> None:
        """Nothing was pasted yet."""
        super().__init__(debug)
        self._pasted: list[str] | None = None
        self._tail = ""

    def feed(self, data: str) -> Iterator[Message]:
        """Keys, and what is pasted once all of it is there."""
        while data:
            text, data = self._outside(data) if self._pasted is None else self._inside(data)
            if text:  # without any, Textual's parser would end
                yield from super().feed(text)

    def _outside(self, data: str) -> tuple[str, str]:
        """What is typed, to the mark where a paste begins, and what is left."""
        end = self._end_of(START, data)
        if end is None:
            return data, ""
        self._pasted = []
        return data[:end], data[end:]

    def _inside(self, data: str) -> tuple[str, str]:
        """All that was pasted, without what acts on a terminal, once it ended; what is left."""
        assert self._pasted is not None
        end = self._end_of(END, data)
        if end is None:
            self._pasted.append(data)
            return "", ""
        whole = "".join((*self._pasted, data[:end])).removesuffix(END)
        self._pasted = None
        lines = whole.replace("\r\n", "\n").replace("\r", "\n")
        return clean(lines) + END, data[end:]

    def _end_of(self, mark: str, data: str) -> int | None:
        """Where in what is new a mark ends, `None` if not in it; it may have begun before."""
        whole = self._tail + data
        place = whole.find(mark)
        self._tail = "" if place >= 0 else whole[-len(mark) + 1 :]
        return place + len(mark) - (len(whole) - len(data)) if place >= 0 else None


class Hearing(LinuxDriver):
    """Textual's driver, which one byte that is no UTF-8 would end, with all of the app.

    Textualize/textual v8.2.8, drivers/linux_driver.py, `run_input_thread` decodes strictly.
    """

    def run_input_thread(self) -> None:
        """Each such byte is heard as the character that stands for none."""
        parser = Heard(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(PATIENCE)
                text = decode(os.read(self.fileno, 4096)) if ready else ""
                for event in parser.feed(text) if text else parser.tick():
                    self.process_message(event)
            if selector.select(PATIENCE):  # answers of the terminal are not for the shell
                os.read(self.fileno, 4096)
