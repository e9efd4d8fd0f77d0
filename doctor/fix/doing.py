"""One remedy being carried out for a front end: its end, and how it is stopped."""

from pathlib import Path

from msgspec.structs import replace

from doctor.fix import journal
from doctor.fix.applying import Say, apply
from doctor.host.changing import Changer
from doctor.model import Applied, Finding, Remedy


class Doing:
    """Applies one remedy and writes it into the log of changes."""

    def __init__(self, place: Path | None = None) -> None:
        """`place` is where the log and copies of edited files are kept."""
        self._place = place or journal.folder()
        self._changer = Changer(self._place / "kept")
        self._stopping = False

    def apply(self, finding: Finding, remedy: Remedy, say: Say) -> Applied:
        """Carries it out to its end; never raises for what a step does."""
        try:
            applied = apply(self._changer, finding, remedy, say)
        finally:
            self._changer.close()
        trouble = journal.write(self._place, applied)
        return replace(applied, state=f"{applied.state} {trouble}") if trouble else applied

    def stop(self) -> None:
        """Asks the command to stop and put back what it did; a second time ends it at once."""
        self.end() if self._stopping else self._changer.interrupt()
        self._stopping = True

    def end(self) -> None:
        """Ends the command at once."""
        self._changer.close()
