"""What is asked again after an examination, and what stays: by stamps, without any process.

A client is asked again if its program, its root, the settings that it reads, the variables or the
machine changed, and if in doubt. Any other answers out of what was heard from it before: by the
same code, and so that what is saved holds it.
"""

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from doctor import machine as machines
from doctor.clients import BY_KIND
from doctor.host import Host, Runner
from doctor.host.recorded import RecordingHost
from doctor.model import Client, Command, Machine, Transcript


class Left(Struct, frozen=True):
    """What an examination leaves for the next: the machine, clients as found, their stamps."""

    machine: Machine | None = None
    found: tuple[Client, ...] = ()
    stamps: dict[str, str] = field(default_factory=dict)


class Again:
    """Which of the clients that were found stay as they were, and what is left for a next time."""

    def __init__(self, host: Host, before: Left | None, found: tuple[Client, ...]) -> None:
        """Reads the machine, unless nothing is known of before; without `before` nothing is left.

        `machine` is `None` where it was not read, `kept` where there was nothing to compare with.
        """
        self._host = host
        self._found = found
        self._stamps: dict[str, str] | None = None if before is None else {}
        self.machine: Machine | None = None
        self.kept: tuple[str, ...] | None = None
        self.same: dict[str, Client] = {}
        if before is None or not before.found:
            return
        self.machine = machines.read(host)
        for client in found:
            self.note(client)
        if _facts(self.machine) == (before.machine and _facts(before.machine)):
            self.same = {c.id: c for c in self._as_before(before)}
        self.kept = tuple(self.same)

    def note(self, client: Client) -> None:
        """Remembers how all is that decides a client's answer: before it is asked."""
        if self._stamps is not None and client.id not in self._stamps:
            paths = BY_KIND[client.kind].reads(self._host, client)
            self._stamps[client.id] = self._host.stamp(paths) or ""

    def left(self, machine: Machine) -> Left:
        """For the next time."""
        return Left(machine, self._found, dict(self._stamps or {}))

    def _as_before(self, before: Left) -> Iterator[Client]:
        known = {_self(client): before.stamps.get(client.id) for client in before.found}
        stamps = self._stamps or {}
        for client in self._found:
            if stamps[client.id] and known.get(_self(client)) == stamps[client.id]:
                answered = _recalled(self._host, client)
                if answered is not None:
                    yield answered


def _facts(machine: Machine) -> Machine:
    """The machine without what clients do not see."""
    return replace(machine, witnesses=(), startup=())


def _self(client: Client) -> bytes:
    """A client by all that discovery knows of it but its place among the others."""
    import msgspec

    plain = replace(client, id="", found_by="", on_path=False, shadowed_by=None)
    return msgspec.json.encode(plain, order="deterministic")


def _recalled(host: Host, client: Client) -> Client | None:
    """The client with the answer that was heard, `None` where no good one was."""
    if client.trouble:
        return None
    answered = BY_KIND[client.kind].ask(Recalling(host), client, 1.0)
    said = answered.reported
    return answered if said is not None and said.trouble is None else None


class Recalling:
    """Answers commands out of what was heard before; what was not is run only if it `runs`."""

    def __init__(self, host: Runner, runs: bool = False) -> None:
        """Only a host that records remembers anything."""
        self._host = host
        self._runs = runs

    def run(self, command: Command) -> Transcript:
        """The last transcript, else a new one, or one that says that there is none."""
        heard = self._host.heard(command) if isinstance(self._host, RecordingHost) else None
        if heard is not None:
            return heard
        if self._runs:
            return self._host.run(command)
        reason = "was not heard before"
        return Transcript(command.argv, command.env, trouble=reason, unset=command.unset)
