"""The part of the app that knows what is under way: what time it is, and how it is stopped."""

import time

from msgspec.structs import replace
from textual.timer import Timer

from doctor.tui.guiding import Guiding
from doctor.tui.state import State

SECOND = 1.0


class Underway(Guiding):
    """What the app does while somebody is waited for; everything else is in `DoctorApp`."""

    _clock: Timer | None = None

    def keep_time(self, state: State) -> None:
        """A clock runs as long as something is under way: nothing is drawn for nothing."""
        runs = state.under_way or state.doing is not None
        if runs and self._clock is None:
            self._clock = self.set_interval(SECOND, self._tick)
        elif not runs and self._clock is not None:
            self._clock.stop()
            self._clock = None

    def _tick(self) -> None:
        self.state = replace(self.state, now=time.monotonic())

    def action_stop(self) -> None:
        """Stops what is being done; where nothing is, all questions that wait for an answer."""
        if self.state.doing is not None:
            super().action_stop()
        elif self.state.under_way:
            again = "t tries it again" if self.state.trying else "r asks again"
            self.forget_trials()
            self._session.stop()
            self.notify(f"Stopped. What did not answer is unknown; {again}.", markup=False)
