"""The part of the app that gets a text out of it: a page to select from, and the clipboard."""

from textual import on, work

from doctor.session import Session
from doctor.tui.choosing import Choosing
from doctor.tui.messages import CopyText, TextCopied


class Copying(Choosing):
    """What the app does to copy; everything else is in `DoctorApp`."""

    _session: Session

    @on(CopyText)
    def _show_to_copy(self, message: CopyText) -> None:
        """The page is there at once, whatever becomes of the rest."""
        from doctor.tui.screens.command import CommandScreen

        self.push_screen(CommandScreen(message.title, message.text))
        self._hand_over(self._session, message.text)

    @work(thread=True, exit_on_error=False, group="copy")
    def _hand_over(self, session: Session, text: str) -> None:
        """Programs may take their time."""
        self.post_message(TextCopied(text, session.copy(text, self._write_to_terminal)))

    def _write_to_terminal(self, sequence: str) -> None:
        """Between two frames, from any thread (Textualize/textual v8.2.8, app.py,
        `copy_to_clipboard`, and drivers/_writer_thread.py).
        """
        if self._driver is not None:
            self._driver.write(sequence)

    @on(TextCopied)
    def _handed_over(self, message: TextCopied) -> None:
        from doctor.tui.screens.command import CommandScreen

        for screen in self.screen_stack:
            if isinstance(screen, CommandScreen):
                screen.tell(message.text, message.copied)
