"""One examination running beside the app: its events, and its end.

Knows nothing of Textual. What the first frame needs is read at once, by the app's own thread;
everything else is loaded and run in a thread that starts after that frame.
"""

import queue
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from doctor import machine
from doctor.host import Host
from doctor.model import Client, Copied, Finding, Page, Remedy, Report

if TYPE_CHECKING:
    from doctor.again import Left
    from doctor.bundle.making import Bundle
    from doctor.examine import Event
    from doctor.fix.doing import Doing
    from doctor.fix.trial import Tell
    from doctor.host.processes import Processes
    from doctor.host.recorded import Recording
    from doctor.model import Comparison, Guide, Tried

_PATH = re.compile(r"((?:[A-Za-z]:)?[/\\][^\s'\":;,]*)[/\\]")
"""The folder of a path in a text."""


class Work:
    """One piece of work with the hosts that it asks; stopping it ends its children at once."""

    def __init__(self, host: Host, reference: Host) -> None:
        """Nothing of it has begun."""
        self.host = host.part()
        self.reference = reference.part()

    def stop(self) -> None:
        """What was not answered by now says that it was stopped; everything else goes on."""
        self.host.stop()
        self.reference.stop()


class Session:
    """Examines a host in a thread of its own; a closed session ends at once."""

    def __init__(
        self,
        host: Host,
        limit: float,
        reference: Host | None = None,
        before: "Left | None" = None,
    ) -> None:
        """Looks at the processor; `start` does the rest.

        `reference` is the live machine, for a host that is a recording; `before` is what an
        earlier session left: what did not change since is not asked again.
        """
        from doctor.host.recorded import RecordedHost, RecordingHost

        self.host: RecordedHost | RecordingHost = (
            host if isinstance(host, RecordedHost | RecordingHost) else RecordingHost(host)
        )
        self.reference = reference or host
        self.glance = machine.glance(host)
        self.left = before
        self._limit = limit
        self._clipboard: Processes | None = None
        self._lock = threading.Lock()
        self._works: list[Work] = []
        self._events: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()

    @property
    def guides(self) -> dict[str, "Guide"]:
        """What was tried and done where a recording was made, by finding."""
        from doctor.host.recorded import RecordedHost

        if not isinstance(self.host, RecordedHost):
            return {}
        return {guide.finding.id: guide for guide in self.host.recording.guides}

    def start(self) -> None:
        """Starts examining."""
        threading.Thread(target=self._examine, args=(self.begin(),), daemon=True).start()

    def _examine(self, work: Work) -> None:
        from msgspec.structs import replace

        from doctor.again import Left
        from doctor.examine import Judged, examine, with_caches

        judged: Judged | None = None

        def emit(event: "Event") -> None:
            nonlocal judged
            if isinstance(event, Judged):
                judged, self.left = event, event.left
            self._events.put(event)

        try:
            report = examine(work.host, emit, self._limit, self.left or Left())
            assert judged is not None
            self._events.put(replace(judged, report=with_caches(work.host, report)))
        except BaseException as error:  # noqa: BLE001 - shown by the app, which is another thread
            self._events.put(error)
        self._events.put(None)

    def begin(self) -> Work:
        """A piece of work that `stop` will end."""
        work = Work(self.host, self.reference)
        self._works.append(work)
        return work

    def stop(self) -> None:
        """Ends all work that was begun, at once; what begins later goes on."""
        works, self._works = self._works, []
        for work in works:  # apart: looking for what children started takes its time
            threading.Thread(target=work.stop, daemon=True).start()

    def again(self, kept: bool) -> "Session":
        """A session that examines anew: what changed where answers are `kept`, else everything."""
        from doctor.host.recorded import RecordingHost

        host: Host = self.host
        if isinstance(host, RecordingHost) and not kept:
            host = host.afresh()
        return Session(host, self._limit, self.reference, self.left if kept else None)

    def events(self) -> "Iterator[Event]":
        """Events as they come, until the examination ends or the session is closed.

        Raises what the examination raised.
        """
        while (event := self._events.get()) is not None:
            if isinstance(event, BaseException):
                raise event
            yield event

    def explain(self, report: Report, requirements: tuple[str, ...]) -> Report:
        """Lets every client try requirements; on a recording, predicts by this machine's solver."""
        wanted = {client.id: requirements for client in report.clients}
        return self.dry_runs(self.begin(), report, wanted, lambda client: None)

    def dry_runs(
        self,
        work: Work,
        report: Report,
        wanted: Mapping[str, tuple[str, ...]],
        tell: Callable[[Client], None],
    ) -> Report:
        """Lets clients try what is wanted of each, by id; `tell` gets each as it is through."""
        from doctor.explain import dry_runs

        return dry_runs(work.host, work.reference, report, wanted, tell)

    def triage(self, report: Report, text: str) -> tuple[tuple[Finding, ...], str]:
        """The problems that a log shows, checked against the report, and a sentence about them."""
        from doctor import triage

        if not text.strip():
            return (), "Nothing was pasted yet."
        found = triage.findings(triage.clues(text), report)
        if found:
            return found, f"{len(found)} known problem{'s' if len(found) > 1 else ''}:"
        return (), triage.nothing_known(triage.nearest(text))

    def problem(self, report: Report, requirement: str) -> Finding:
        """What clients did with a requirement, as a finding that a guide can begin at."""
        from doctor.fix.problems import of_requirement

        return of_requirement(report, requirement)

    def try_remedy(
        self,
        report: Report,
        remedy: Remedy,
        work: Work | None = None,
        tell: "Tell" = lambda waiting: None,
    ) -> "Tried | None":
        """Asks solvers before and after a remedy; nothing outside scratch changes."""
        from doctor.fix.trial import tried

        work = work or self.begin()
        return tried(work.host, work.reference, report, remedy, tell=tell)

    def bundle(
        self,
        report: Report,
        guides: "tuple[Guide, ...]",
        words: tuple[str, ...],
        without: tuple[str, ...],
    ) -> "Bundle | str":
        """The bundle of what was judged, or why there is none."""
        from msgspec.structs import replace

        from doctor.bundle.making import Unfaithful, make
        from doctor.host.identity import identity

        recording = replace(self.recorded(), guides=guides)
        try:
            return make(recording, report, identity(), words, without, before=self.host.omissions)
        except Unfaithful as error:
            return str(error)

    def recorded(self) -> "Recording":
        """What crossed the host so far."""
        from doctor.host.recorded import RecordedHost

        return self.host.recording if isinstance(self.host, RecordedHost) else self.host.recording()

    def so_far(self) -> Report:
        """What is found in that alone, where an examination did not come to its end."""
        from msgspec.structs import replace

        from doctor.bundle.making import replayed
        from doctor.examine import source

        return replace(replayed(self.recorded()), source=source(self.host))

    def hiding(self) -> "Callable[[str], str]":
        """What hides in any text what a bundle of that hides, and folders that the text names."""
        from doctor.host.identity import identity
        from doctor.redact import introducing

        hider = introducing.hider_for(self.recorded(), identity(), ())

        def hide(text: str) -> str:
            hider.learn(text)
            for path in _PATH.findall(text):
                hider.hide_path("folder", path)
            return hider.hide(text)

        return hide

    def write(self, bundle: "Bundle", path: str, over: bool) -> tuple[str, bool]:
        """Writes a bundle; a sentence, and whether it is there now."""
        from pathlib import Path

        from doctor.bundle.making import zipped
        from doctor.bundle.writing import NotWritten, write

        target = Path(path).expanduser()
        if target.suffix != ".zip":
            return f"{path} must end in .zip: that is what issue forms take.", False
        data = zipped(bundle)
        try:
            write(target, data, over)
        except NotWritten as error:
            return str(error), False
        return f"Written: {target.absolute()}, {len(data)} bytes. Nothing was sent.", True

    def copy(self, text: str, write: Callable[[str], None]) -> Copied:
        """Hands a text to the terminal with `write`, to programs, and to a file: where we run."""
        import os

        from doctor.host.clipboard import Surroundings, copy
        from doctor.host.live import LiveHost
        from doctor.virtualization import container

        live = LiveHost()
        here = Surroundings(dict(os.environ), live.facts().system, container(live) is not None)
        return copy(text, here, self._programs(), write)

    def doing(self) -> "Doing":
        """What carries one remedy out, once the user has said yes to it."""
        from doctor.fix.doing import Doing

        return Doing()

    def pages(self) -> tuple[Page, ...]:
        """The pages of all known problems."""
        from doctor.catalogue import pages

        return pages()

    def compare(self, report: Report, line: str) -> "tuple[Comparison | None, str]":
        """This machine beside those of the files that a line names, or why that is not possible."""
        from doctor.compare import NotComparable, compare, words_of

        name = "this machine" if self.host.live else "the one shown"
        try:
            return compare(words_of(line), report, name), ""
        except NotComparable as error:
            return None, str(error)

    def close(self) -> None:
        """Ends every child at once and lets readers of events go."""
        self._events.put(None)
        self.host.close()
        self.reference.close()
        self._programs().close()

    def _programs(self) -> "Processes":
        """Those of clipboards: made once, whichever of several threads comes first."""
        from doctor.host.processes import Processes

        with self._lock:
            self._clipboard = self._clipboard or Processes()
            return self._clipboard
