"""One remedy being carried out for a front end: its end, and how it is stopped."""

from pathlib import Path

from msgspec.structs import replace

from doctor.fix import journal
from doctor.fix.applying import Say, apply, now
from doctor.host import places
from doctor.host.changing import Changer
from doctor.model import Applied, Finding, Remedy

NO_PLACE = (
    "Nothing was changed: this user has no home to keep copies and a log of changes in. Set HOME, "
    "or run it yourself."
)


class Doing:
    """Applies one remedy and writes it into the log of changes."""

    def __init__(self, place: Path | None = None) -> None:
        """`place` is where the log and copies of edited files are kept, the user's by default."""
        self._place = place or places.state()
        self._changer = Changer(self._place / "kept") if self._place else None
        self._stopping = False

    def apply(self, finding: Finding, remedy: Remedy, say: Say) -> Applied:
        """Carries it out to its end; never raises for what a step does."""
        if self._place is None or self._changer is None:
            return Applied(finding.id, remedy.text, now(), False, NO_PLACE)
        try:
            applied = apply(self._changer, finding, remedy, say)
        finally:
            self._changer.close()
        trouble = journal.write(self._place, applied)
        return replace(applied, state=f"{applied.state} {trouble}") if trouble else applied

    def stop(self) -> None:
        """Asks the command to stop and put back what it did; a second time ends it at once."""
        if self._stopping:
            self.end()
        elif self._changer is not None:
            self._changer.interrupt()
        self._stopping = True

    def end(self) -> None:
        """Ends the command at once."""
        if self._changer is not None:
            self._changer.close()
