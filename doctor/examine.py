"""The engine: reads the machine, finds clients, asks them side by side, and judges.

The order of rows never depends on who answers first. Progress is told through `emit`, which may
be called from the calling thread only.
"""

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from doctor import __version__, environments, microarch
from doctor import machine as machines
from doctor.clean import clean
from doctor.clients import BY_KIND, CLIENTS
from doctor.clients.finding import roots as possible_roots
from doctor.host import Host
from doctor.host.recorded import RecordedHost
from doctor.levels import NEWEST
from doctor.model import Answer, Basis, Client, Environment, Machine, Project, Report
from doctor.virtual import Situation

T = TypeVar("T")

LIMIT = 10.0
"""Seconds that every client has to answer, all together since they are asked side by side."""

PATIENCE = 0.5
"""Seconds past the limit until a client whose thread hangs is given up."""


class MachineRead(Struct, frozen=True):
    """The facts about the machine are known."""

    machine: Machine


class ClientsFound(Struct, frozen=True):
    """All clients are known, with predictions and without answers."""

    clients: tuple[Client, ...]


class ClientAnswered(Struct, frozen=True):
    """One client has answered, or will not."""

    client: Client


class Judged(Struct, frozen=True):
    """The report is complete."""

    report: Report


Event = MachineRead | ClientsFound | ClientAnswered | Judged


def examine(
    host: Host, emit: Callable[[Event], None] = lambda event: None, limit: float = LIMIT
) -> Report:
    """Examines a host: everything that `envdoctor check` and the app show.

    Ends within `limit` + 1 seconds, whatever the clients do.
    """

    def ask(client: Client) -> Client:
        if client.trouble:
            return _unanswered(client, client.trouble)
        return BY_KIND[client.kind].ask(host, client, limit)

    asked = SideBySide(find(host), ask, limit, wait=host.live)
    machine = machines.read(host)  # while the clients think
    emit(MachineRead(machine))
    databases = Databases(host, machine)
    found = tuple(predicted(client, machine, databases) for client in asked.clients)
    emit(ClientsFound(found))
    around = Beside(lambda: surroundings(host, found, limit))
    answered: dict[str, Client] = {}
    for client in asked.answers():
        answered[client.id] = predicted(client, machine, databases)
        emit(ClientAnswered(answered[client.id]))
    from doctor import checks  # loaded while clients think

    clients = tuple(answered[client.id] for client in found)
    seen, trouble = around.result(limit)
    read, project = seen or ((Environment("conda-meta", "", trouble=trouble),), None)
    report = Report(
        __version__, now(host), machine, clients, (), source(host), read, project=project
    )
    report = replace(report, findings=checks.run(report))
    emit(Judged(report))
    return report


def with_caches(host: Host, report: Report) -> Report:
    """The report with what clients keep of channels, which can take a while to read."""
    from doctor import caches

    known = roots(host, report.clients)
    return replace(
        report,
        channels=caches.channel_copies(host, known),
        packages=caches.package_caches(host, known),
    )


def surroundings(
    host: Host, clients: tuple[Client, ...], limit: float
) -> tuple[tuple[Environment, ...], Project]:
    """The environments that are known here, and the project in the working directory."""
    from doctor import projects  # many forms, loaded while clients think

    places = environments.places(host, roots(host, clients))
    read = environments.read(host, places, limit)
    return read, projects.examine(host, host.facts().cwd)


def roots(host: Host, clients: tuple[Client, ...]) -> tuple[str, ...]:
    """The roots of clients, and every other folder that may be one."""
    known = [client.root for client in clients if client.root and not client.ours]
    usual = [found.path for found in possible_roots(host)]
    return tuple(dict.fromkeys((*known, *usual)))


def expected(host: Host, machine: Machine) -> tuple[Client, ...]:
    """The host's clients with what each would do on `machine`; nobody is asked."""
    databases = Databases(host, machine)
    return tuple(predicted(client, machine, databases) for client in find(host))


def find(host: Host) -> tuple[Client, ...]:
    """All clients of all families, with ids and what shadows what."""
    rows: list[Client] = []
    for family in CLIENTS:
        first: str | None = None
        for number, client in enumerate(family.find(host), start=1):
            name = family.KIND if number == 1 else f"{family.KIND}-{number}"
            hidden = first if client.on_path else None
            rows.append(replace(client, id="rattler-envdoctor" if client.ours else name,
                                shadowed_by=hidden))  # fmt: skip
            if client.on_path and first is None and client.trouble is None:
                first = client.path
    return tuple(rows)


class Databases:
    """The archspec of each root: read from the JSON that it ships, once."""

    def __init__(self, host: Host, machine: Machine) -> None:
        """Remembers where to read."""
        self._host = host
        self._replaced = machine.settings.get("ARCHSPEC_CPU_DIR")
        self._known: dict[str, microarch.Database | None] = {}

    def of(self, client: Client) -> microarch.Database | None:
        """The names that a client's archspec can say, `None` where it has no archspec."""
        if client.kind == "pixi":  # it embeds its own; "archspec" is what a platform declares
            return None
        release = client.parts.get("archspec")
        path = client.archspec_json
        if self._replaced and path:
            path = f"{self._replaced.rstrip('/')}/microarchitectures.json"
        if path is None:
            return microarch.release(release) if release else None
        if path not in self._known:
            self._known[path] = self._read(path, release or microarch.newest_release())
        return self._known[path]

    def _read(self, path: str, release: str) -> microarch.Database | None:
        text = self._host.read(path).text
        try:
            return microarch.from_json(text or "", release)
        except ValueError:
            return microarch.release(release)


def predicted(client: Client, machine: Machine, databases: Databases) -> Client:
    """The client with what its version would do on a machine, as far as that is known."""
    if client.version is None:
        return client
    situation = Situation(
        machine.cpu,
        machine.system,
        machine.settings,
        subdir=client.target,
        configured=client.configured,
    )
    try:
        prediction = BY_KIND[client.kind].predict(
            client.version, client.parts, situation, databases.of(client), NEWEST.number
        )
    except (ValueError, LookupError):  # records or tables of this root that make no sense
        return replace(client, prediction=None)
    return replace(client, prediction=prediction)


class Beside(Generic[T]):
    """One piece of work in a thread of its own; what takes too long is given up."""

    def __init__(self, work: Callable[[], T]) -> None:
        """Starts working."""
        self._queue: queue.SimpleQueue[tuple[T | None, str]] = queue.SimpleQueue()
        threading.Thread(target=self._work, args=(work,), daemon=True).start()

    def _work(self, work: Callable[[], T]) -> None:
        try:
            self._queue.put((work(), ""))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hide what is known
            self._queue.put((None, f"could not be read: {type(error).__name__}: {error}"))

    def result(self, limit: float) -> tuple[T | None, str]:
        """What came of it, or `None` and why nothing did within `limit` seconds from now."""
        try:
            return self._queue.get(timeout=limit)
        except queue.Empty:
            return None, f"was not read within {limit:g} s"


class SideBySide:
    """One question to all clients at once, each in a thread of its own; slow ones are given up.

    Where nobody has to be waited for, since a recording has the answers, one after the other.
    """

    def __init__(
        self,
        clients: tuple[Client, ...],
        question: Callable[[Client], Client],
        limit: float,
        wait: bool = True,
    ) -> None:
        """Starts asking; `limit` seconds for each, all together since they run side by side."""
        self.clients = clients
        self._limit = limit
        self._question = question
        self._queue: queue.SimpleQueue[Client] = queue.SimpleQueue()
        self._deadline = time.monotonic() + limit + PATIENCE
        for client in clients:
            if wait:
                threading.Thread(target=self._ask, args=(client,), daemon=True).start()
            else:
                self._ask(client)

    def _ask(self, client: Client) -> None:
        try:
            self._queue.put(self._question(client))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hide the other rows
            reason = f"could not be asked: {type(error).__name__}: {error}"
            self._queue.put(_unanswered(client, reason))

    def answers(self) -> Iterator[Client]:
        """Each client with its answer as it comes, the last by the limit."""
        waiting = {client.id: client for client in self.clients}
        while waiting:
            try:
                client = self._queue.get(timeout=max(0.0, self._deadline - time.monotonic()))
            except queue.Empty:
                break
            del waiting[client.id]
            yield client
        for client in waiting.values():
            yield _unanswered(client, f"did not answer within {self._limit:g} s")


def _unanswered(client: Client, reason: str) -> Client:
    if client.answers:
        return client
    return replace(client, answers=(Answer(Basis.REPORTED, None, reason, client.path),))


def _recorded(host: Host) -> RecordedHost | None:
    return host if isinstance(host, RecordedHost) else None


def now(host: Host) -> str:
    """When the host's answers were given."""
    recorded = _recorded(host)
    if recorded is not None:
        return recorded.recording.made
    return datetime.now(UTC).isoformat(timespec="seconds")


def source(host: Host) -> str:
    """Whose answers these are, in words."""
    recorded = _recorded(host)
    if recorded is None:
        return "this machine"
    recording = recorded.recording
    home = re.split(r"[\\/]", recording.facts.home.rstrip("\\/"))[-1][:60]
    whose = f"{clean(home)}'s machine" if clean(home).strip() else "a machine"
    made = re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", recording.made)
    when = f"{made[0].replace('T', ' ')} UTC" if made else "an unknown time"
    return f"recording of {whose}, {when}, envdoctor {clean(recording.doctor)[:40] or 'unknown'}"
