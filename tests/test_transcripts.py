"""Every recorded real client: its output is understood, and prediction equals what it reported."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from doctor import cpu, microarch
from doctor.clean import clean
from doctor.clients import BY_KIND
from doctor.clients.asking import NoAnswer, read_json, read_packages
from doctor.model import Prediction, System, VirtualPackage
from doctor.virtual import Situation
from tests import DATA

MACHINE = System(
    os="linux",
    subdir="linux-64",
    kernel="6.18.44-fc",
    libc="glibc",
    libc_version="2.36",
    distribution_version="12",
    distribution_best="12.11",
    cuda=False,
)
"""The machine that the recordings were made on (shared/data/README.md: Debian 12.11)."""

CPU = cpu.parse((DATA / "recording_machine_cpuinfo.txt").read_text())[0].cpu


def recordings() -> Iterator[dict[str, Any]]:
    for name in ("mamba", "conda"):
        for line in (DATA / "transcripts" / f"{name}.jsonl").read_text().splitlines():
            record = json.loads(line)
            words = record["argv"]
            if "info" in words and "--json" in words and "--envs" not in words:
                yield record


RECORDS = tuple(recordings())


def name(record: dict[str, Any]) -> str:
    return f"{record['client']}-{record['version']}-{record['case']}"


def released(record: dict[str, Any]) -> str:
    """The version that was run: as the case names it, else as the recording does."""
    named = re.match(r"condarc/(\d+\.\d+\.\d+)-", record["case"])
    return named[1] if named else str(record["version"])


def printed_version(record: dict[str, Any]) -> str | None:
    """conda's `__version__` as that source tree printed it, a placeholder in some (data/README)."""
    try:
        return read_json(record["stdout"]).get("conda_version")
    except NoAnswer:
        return None


def situation(record: dict[str, Any]) -> Situation:
    note = record.get("note") or ""
    settings = yaml.safe_load(note.removeprefix("condarc:")) if note.startswith("condarc:") else {}
    named = (settings or {}).get("override_virtual_packages") or (settings or {}).get(
        "virtual_packages"
    )
    configured = {
        name.removeprefix("__"): str(value)
        for name, value in (named or {}).items()
        if value is not None
    }
    return Situation(CPU, MACHINE, record["env"], configured=configured)


def prediction(record: dict[str, Any]) -> Prediction:
    parts: dict[str, str] = {}
    database: microarch.Database | None = None
    if record["client"] == "conda" and "noarchspec" not in record["case"]:
        database = microarch.release("0.2.2" if record["case"].startswith("24.1.2/") else "0.2.7")
    family = BY_KIND[record["client"]]
    return family.predict(released(record), parts, situation(record), database, 4)


def expected(predicted: Prediction, conda: str | None) -> set[VirtualPackage]:
    """What is predicted, with `__conda` as the version string that this source tree has."""
    return {
        VirtualPackage("__conda", conda, "0") if p.name == "__conda" and conda else p
        for p in predicted.packages
    }


@pytest.mark.parametrize("record", [r for r in RECORDS if r["exit_code"] == 0], ids=name)
def test_prediction_equals_what_a_real_client_reported(record: dict[str, Any]) -> None:
    reported = read_packages(read_json(record["stdout"]))
    predicted = prediction(record)
    assert predicted.failure is None
    assert predicted.unknown == ()
    assert expected(predicted, printed_version(record)) == set(reported)


@pytest.mark.parametrize("record", [r for r in RECORDS if r["exit_code"] != 0], ids=name)
def test_a_failing_client_is_not_read_and_its_failure_was_predicted(record: dict[str, Any]) -> None:
    with pytest.raises(NoAnswer):
        read_packages(read_json(record["stdout"]))
    if "ModuleNotFoundError" in record["stdout"]:
        assert prediction(record).failure == "ModuleNotFoundError: No module named 'archspec'"
    elif "SUBDIR" not in "".join(record["env"]):
        # refused for its arguments or its configuration, before anything was detected
        said = clean(record["stdout"] + record["stderr"])
        assert re.search(r"not expected|InvalidTypeError", said)
    else:
        assert "has no dash" in (prediction(record).failure or "")


def test_the_recordings_cover_what_they_should() -> None:
    seen = {(r["client"], r["version"]) for r in RECORDS}
    assert len(seen) == 16
    assert len(RECORDS) > 600
