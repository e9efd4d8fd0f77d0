"""Bundles of real machines: every client reported there what the rule for its version predicts.

Any bundle becomes such a test by being put into `tests/data/machines`.
"""

from pathlib import Path

import pytest

from doctor import reach
from doctor.bundle.making import replayed
from doctor.bundle.opening import opened
from tests import DATA

MACHINES = sorted((DATA / "machines").iterdir())


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.stem)
def test_every_client_reported_what_is_predicted(path: Path) -> None:
    report = replayed(opened(path.read_bytes()).recording)
    assert [f.title for f in report.findings if " broke: " in f.title] == []
    asked = [c for c in report.clients if c.reported and c.reported.virtual_packages is not None]
    assert asked, "no client answered there"
    for client in asked:
        assert client.prediction is not None, f"there is no rule for {client.title}"
        assert list(reach.differences(client)) == []
