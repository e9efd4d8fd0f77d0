"""One module per client family; `CLIENTS` lists them in the order of all screens."""

from collections.abc import Mapping
from typing import Protocol

from doctor.clients import conda, mamba, micromamba, pixi, rattler
from doctor.host import Host, Runner
from doctor.microarch import Database
from doctor.model import Attempt, Client, Prediction
from doctor.virtual import Situation


class Family(Protocol):
    """What a client's module offers."""

    KIND: str

    def find(self, host: Host) -> tuple[Client, ...]:
        """Installations on a machine, in the order in which a shell would meet them."""

    def reads(self, host: Host, client: Client) -> tuple[str, ...]:
        """Files and folders that decide what a client answers; also those that are not there."""

    def ask(self, host: Runner, client: Client, limit: float) -> Client:
        """The client with what it reported, within `limit` seconds in all."""

    def attempt(
        self, host: Runner, client: Client, requirement: str, limit: float
    ) -> tuple[Attempt, ...]:
        """A dry run of a requirement by each solver that this installation has."""

    def predict(
        self,
        version: str,
        parts: Mapping[str, str],
        situation: Situation,
        database: Database | None,
        builds: int,
    ) -> Prediction:
        """What a version would report and accept; `database` is the archspec in its base."""


CLIENTS: tuple[Family, ...] = (conda, mamba, micromamba, pixi, rattler)
BY_KIND: dict[str, Family] = {family.KIND: family for family in CLIENTS}
