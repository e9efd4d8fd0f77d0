"""The engine: reads the machine, finds clients, asks them side by side, and judges.

The order of rows never depends on who answers first. Progress is told through `emit`, which may
be called from the calling thread only.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from doctor import __version__, environments, microarch
from doctor import machine as machines
from doctor.again import Again, Left
from doctor.clean import clean
from doctor.clients import BY_KIND, CLIENTS, finding
from doctor.host import Host
from doctor.host.recorded import RecordedHost
from doctor.levels import NEWEST
from doctor.model import Client, Environment, Machine, Project, Report, Waiting
from doctor.together import Beside, SideBySide, unanswered
from doctor.virtual import Situation

LIMIT = 10.0
"""Seconds that every client has to answer, all together since they are asked side by side."""


class MachineRead(Struct, frozen=True):
    """The facts about the machine are known."""

    machine: Machine


class ClientsFound(Struct, frozen=True):
    """All clients are known, with predictions; those that are asked have no answers.

    `waiting` is how long those may take, `kept` are ids of those that were not asked again, `None`
    where everything is examined.
    """

    clients: tuple[Client, ...]
    waiting: Waiting | None = None
    kept: tuple[str, ...] | None = None


class ClientAnswered(Struct, frozen=True):
    """One client has answered, or will not."""

    client: Client


class Judged(Struct, frozen=True):
    """The report is complete; `kept` as above, `left` is for the next examination."""

    report: Report
    kept: tuple[str, ...] | None = None
    left: Left = Left()


Event = MachineRead | ClientsFound | ClientAnswered | Judged


def examine(
    host: Host,
    emit: Callable[[Event], None] = lambda event: None,
    limit: float = LIMIT,
    before: Left | None = None,
) -> Report:
    """Examines a host: everything that `envdoctor check` and the app show.

    Ends within `limit` + 1 seconds, whatever the clients do, and soon after `host` was stopped.
    With `before`, a client answers as before if nothing changed that decides its answer; the first
    time that is an empty `Left`, and without it nothing is left for a next time.
    """
    found = find(host)
    again = Again(host, before, found)

    def ask(client: Client) -> Client:
        again.note(client)
        if client.trouble:
            return unanswered(client, client.trouble)
        return BY_KIND[client.kind].ask(host, client, limit)

    others = tuple(client for client in found if client.id not in again.same)
    asked = SideBySide(others, ask, limit, lambda: host.stopped, wait=host.live)
    machine = again.machine or machines.read(host)  # while the clients think
    emit(MachineRead(machine))
    databases = Databases(host, machine)
    rows = tuple(predicted(again.same.get(c.id, c), machine, databases) for c in found)
    emit(ClientsFound(rows, Waiting(asked.since, limit), again.kept))
    around = Beside(lambda: surroundings(host, rows, limit))
    answered = {client.id: client for client in rows}
    for client in asked.answers():
        answered[client.id] = predicted(client, machine, databases)
        emit(ClientAnswered(answered[client.id]))
    clients = tuple(answered[client.id] for client in rows)
    report = _judged(host, machine, clients, around, limit)
    emit(Judged(report, again.kept, again.left(machine)))
    return report


def judge(host: Host, limit: float, before: Left) -> Judged:
    """The same without events, and with what is left for the next time."""
    last: list[Judged] = []

    def emit(event: Event) -> None:
        if isinstance(event, Judged):
            last.append(event)

    examine(host, emit, limit, before)
    return last[0]


def _judged(
    host: Host,
    machine: Machine,
    clients: tuple[Client, ...],
    around: Beside[tuple[tuple[Environment, ...], Project]],
    limit: float,
) -> Report:
    from doctor import checks  # loaded while environments are read

    seen, trouble = around.result(limit, lambda: host.stopped)
    read, project = seen or ((Environment("conda-meta", "", trouble=trouble),), None)
    report = Report(
        __version__, now(host), machine, clients, (), source(host), read, project=project
    )
    return replace(report, findings=checks.run(report))


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
    usual = [found.path for found in finding.roots(host)]
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
