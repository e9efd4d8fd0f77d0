"""The part of the app that shows a bundle before it is written, and writes it."""

from typing import TYPE_CHECKING

from textual import on, work
from textual.reactive import reactive

from doctor.model import Report
from doctor.session import Session
from doctor.tui.comparing import Comparing
from doctor.tui.messages import Bundled, MakeBundle, WriteBundle, WrittenBundle
from doctor.tui.state import State

if TYPE_CHECKING:
    from doctor.bundle.making import Bundle


class Bundling(Comparing):
    """What the app does for its bundle page."""

    state: reactive[State] = reactive(State, init=False)
    _session: Session
    _making = False
    _wanted: MakeBundle | None = None

    def action_bundle(self) -> None:
        """The page of everything that would be written."""
        from doctor.tui.screens.bundle import BundleScreen

        if self.state.report is not None and not isinstance(self.screen, BundleScreen):
            self.push_screen(BundleScreen())

    @on(MakeBundle)
    def _make(self, message: MakeBundle) -> None:
        """While one is put together only the newest wish waits."""
        self._wanted = message
        self._make_next()

    def _make_next(self) -> None:
        report = self.state.report
        if report is not None and self._wanted is not None and not self._making:
            wanted, self._wanted, self._making = self._wanted, None, True
            self._put_together(report, wanted)

    @work(thread=True, exit_on_error=False, group="bundle")
    def _put_together(self, report: Report, wanted: MakeBundle) -> None:
        guides = tuple(self.state.guides.values())
        made: Bundle | str = "it could not be put together"
        try:
            made = self._session.bundle(report, guides, wanted.words, wanted.without)
        finally:
            self.post_message(Bundled(made, wanted))

    @on(Bundled)
    def _made(self, message: Bundled) -> None:
        from doctor.tui.screens.bundle import BundleScreen

        self._making = False
        for screen in self.screen_stack:
            if isinstance(screen, BundleScreen):
                screen.tell(message.bundle, message.wanted)
        self._make_next()

    @on(WriteBundle)
    def _write(self, message: WriteBundle) -> None:
        self._write_down(message)

    @work(thread=True, exit_on_error=False, group="bundle")
    def _write_down(self, message: WriteBundle) -> None:
        said, done = self._session.write(message.bundle, message.path, message.over)
        self.post_message(WrittenBundle(message.bundle, message.path, said, done))

    @on(WrittenBundle)
    def _written(self, message: WrittenBundle) -> None:
        """Said on its page; where that is gone, or shows another one by now, beside any page."""
        from doctor.tui.screens.bundle import BundleScreen

        pages = [screen for screen in self.screen_stack if isinstance(screen, BundleScreen)]
        for page in pages:
            if page.shows(message.bundle):
                page.written(message)
                return
        self.notify(message.said, markup=False)
