"""The part of the app that opens pages: findings, known problems, words, help, the palette."""

from textual import on
from textual.reactive import reactive

from doctor.model import Page
from doctor.tui.copying import Copying
from doctor.tui.messages import OpenFinding, OpenPage
from doctor.tui.state import State


class Opening(Copying):
    """What the app does to show a page over a room."""

    state: reactive[State]

    @on(OpenFinding)
    def _open_finding(self, message: OpenFinding) -> None:
        from doctor.tui.screens.finding import FindingScreen

        shown = self.screen
        if not isinstance(shown, FindingScreen) or shown.finding != message.finding:
            self.push_screen(FindingScreen(message.finding))  # once, if Enter came twice

    @on(OpenPage)
    def _open_page(self, message: OpenPage) -> None:
        from doctor.tui.screens.page import PageScreen

        page = next((p for p in self.pages() if p.id == message.problem), None)
        if page is None:
            self.notify(f"There is no page about {message.problem}.", markup=False)
        else:
            self.push_screen(PageScreen(page))

    async def action_switch_mode(self, mode: str) -> None:
        """A room; the key of the one that a page stands over closes what is over it."""
        if mode != self.current_mode:
            await super().action_switch_mode(mode)
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_catalogue(self) -> None:
        """All known problems: they need no report."""
        from doctor.tui.screens.catalogue import CatalogueScreen

        self.push_screen(CatalogueScreen(self.pages()))

    def action_help(self) -> None:
        """Keys of the room that is shown."""
        from doctor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            known = getattr(self.screen, "every_binding", self.screen.active_bindings)
            self.push_screen(HelpScreen(known, self))

    def action_words(self) -> None:
        """What the words of these screens mean."""
        from doctor.tui.screens.words import WordsScreen

        if not isinstance(self.screen, WordsScreen):
            self.push_screen(WordsScreen(self.state.machine))

    def action_palette(self) -> None:
        """Everything that there is, to be found by its letters."""
        from doctor.tui.commands import commands
        from doctor.tui.screens.palette import PaletteScreen

        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen(commands(self)))

    def action_verb(self, verb: str) -> None:
        """What to type in a shell, for a verb that has no room."""
        from doctor.tui.commands import IN_A_SHELL
        from doctor.tui.screens.text import TextScreen

        command, said = IN_A_SHELL[verb]
        self.push_screen(TextScreen(f"In a shell: {said}", command))

    def pages(self) -> tuple[Page, ...]:
        """The pages of all known problems."""
        return self._session.pages()

    def go_to_client(self, client: str) -> None:
        """The room of clients, with the cursor on one."""
        from doctor.tui.screens.clients import ClientsScreen

        self.switch_mode("clients")
        if isinstance(self.screen, ClientsScreen):
            self.call_after_refresh(self.screen.go_to, client)
