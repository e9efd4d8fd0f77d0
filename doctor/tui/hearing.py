"""Keys from terminals that do not send UTF-8, such as one letter of Latin-1."""

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver


class Hearing(LinuxDriver):
    """Textual's driver, which one byte that is no UTF-8 would end, with all of the app.

    Textualize/textual v8.2.8, drivers/linux_driver.py, `run_input_thread` decodes strictly.
    """

    def run_input_thread(self) -> None:
        """Goes on after such bytes; each of them is heard as the character that stands for none."""
        while True:
            try:
                super().run_input_thread()
            except UnicodeDecodeError as error:
                self._hear(error.object.decode("utf-8", "replace"))
            else:
                return

    def _hear(self, text: str) -> None:
        for event in XTermParser(self._debug).feed(text):
            self.process_message(event)
