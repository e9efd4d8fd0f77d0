"""One examination running beside the app: its events, and its end.

Knows nothing of Textual, so that it can start while Textual is still being imported.
"""

import queue
import threading
from collections.abc import Iterator

from doctor.examine import Event, Judged, examine
from doctor.host import Host


class Session:
    """Examines a host in a thread of its own; a closed session ends at once."""

    def __init__(self, host: Host, limit: float) -> None:
        """Starts examining."""
        self.host = host
        self._limit = limit
        self._events: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
        threading.Thread(target=self._examine, daemon=True).start()

    def _examine(self) -> None:
        try:
            examine(self.host, self._events.put, self._limit)
        except BaseException as error:  # noqa: BLE001 - shown by the app, which is another thread
            self._events.put(error)
        self._events.put(None)

    def events(self) -> Iterator[Event]:
        """Events as they come, until the examination ends or the session is closed.

        Raises what the examination raised.
        """
        while (event := self._events.get()) is not None:
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Judged):
                return

    def close(self) -> None:
        """Ends every child at once and lets readers of events go."""
        self._events.put(None)
        self.host.close()
