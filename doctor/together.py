"""Work in threads of its own: all clients side by side, or one thing beside; slow ones given up."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from msgspec.structs import replace

from doctor.model import STOPPED, Answer, Basis, Client

T = TypeVar("T")

PATIENCE = 0.5
"""Seconds past the limit, or past a stop, until what hangs is given up."""

GLANCE = 0.2
"""Seconds between two looks whether somebody stopped it."""


def never() -> bool:
    """For what nobody can stop."""
    return False


def _next(source: "queue.SimpleQueue[T]", until: float, stopped: Callable[[], bool]) -> T:
    """What comes next. Raises queue.Empty at `until`, or soon after it was stopped."""
    told = False
    while True:
        if stopped() and not told:
            told, until = True, min(until, time.monotonic() + PATIENCE)
        left = max(0.0, until - time.monotonic())
        try:
            return source.get(timeout=min(left, GLANCE))
        except queue.Empty:
            if left <= GLANCE:
                raise


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

    def result(self, limit: float, stopped: Callable[[], bool] = never) -> tuple[T | None, str]:
        """What came of it, or `None` and why nothing did within `limit` seconds from now."""
        try:
            return _next(self._queue, time.monotonic() + limit, stopped)
        except queue.Empty:
            return None, STOPPED if stopped() else f"was not read within {limit:g} s"


def unanswered(client: Client, reason: str) -> Client:
    """The client with the reason why it did not answer, unless it has."""
    if client.answers:
        return client
    return replace(client, answers=(Answer(Basis.REPORTED, None, reason, client.path),))


class SideBySide:
    """One question to all clients at once, each in a thread of its own; slow ones are given up."""

    def __init__(
        self,
        clients: tuple[Client, ...],
        question: Callable[[Client], Client],
        limit: float,
        stopped: Callable[[], bool] = never,
        given_up: Callable[[Client, str], Client] = unanswered,
        at_once: int | None = None,
        wait: bool = True,
    ) -> None:
        """Starts asking; `limit` seconds for each, all together since they run side by side.

        Where answers keep a processor busy, `at_once` of them have their turn, then others. Where
        nobody has to be waited for, since a recording has the answers, one comes after the other.
        `given_up` makes of a client without an answer, and the reason, what stands in its place.
        """
        self.clients = clients
        self.since = time.monotonic()
        self._limit = limit
        many = at_once or len(clients) or 1
        self._turn = threading.Semaphore(many)
        self._until = self.since + limit * -(-len(clients) // many) + PATIENCE
        self._question = question
        self._stopped = stopped
        self._given_up = given_up
        self._queue: queue.SimpleQueue[Client] = queue.SimpleQueue()
        for client in clients:
            if wait:
                threading.Thread(target=self._ask, args=(client,), daemon=True).start()
            else:
                self._ask(client)

    def _ask(self, client: Client) -> None:
        try:
            with self._turn:
                self._queue.put(self._question(client))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hide the other rows
            reason = f"could not be asked: {type(error).__name__}: {error}"
            self._queue.put(self._given_up(client, reason))

    def answers(self) -> Iterator[Client]:
        """Each client with its answer as it comes, the last by the limit."""
        waiting = {client.id: client for client in self.clients}
        while waiting:
            try:
                client = _next(self._queue, self._until, self._stopped)
            except queue.Empty:
                break
            del waiting[client.id]
            yield client
        reason = STOPPED if self._stopped() else f"did not answer within {self._limit:g} s"
        for client in waiting.values():
            yield self._given_up(client, reason)
