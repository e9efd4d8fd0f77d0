"""A client reports something else than its version's rules say."""

from collections.abc import Iterator

from doctor.model import (
    Client,
    Evidence,
    Finding,
    Prediction,
    Remedy,
    Report,
    Severity,
)
from doctor.reach import differences

ID = "reported-differs-from-predicted"
GROUP = "clients"
SYMPTOM = "a client reports something that its version should not"
CAUSE = (
    "A plug-in, a patched build, a configuration file, or an emulator changes the answer; or "
    "envdoctor's rule for this version is wrong."
)
DETECTED = (
    "A client's answer is compared, package by package, with what the rule for its version says. "
    "Packages whose value no rule can know are left out."
)
REMEDIES = ("advice",)
ADVICE = (
    "Look for a plug-in or a configuration file that sets it.",
    "If there is none, please report it to envdoctor with this page.",
)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/4125",
    "https://github.com/conda/conda/issues/12972",
    "conda/conda 25.11.0:conda/plugins/types.py",
)


def check(report: Report) -> Iterator[Finding]:
    """One warning (for `__archspec`) or note (for others) per client that differs."""
    for client in report.clients:
        found = list(differences(client))
        if found:
            yield _finding(client, found)


def _finding(client: Client, differences: list[tuple[str, str, str]]) -> Finding:
    names = ", ".join(name for name, _, _ in differences)
    archspec = any(name in ("__archspec", "answer") for name, _, _ in differences)
    assert client.prediction is not None and client.reported is not None
    source = client.reported.source or client.path
    return Finding(
        ID,
        client.id,
        Severity.WARNING if archspec else Severity.NOTE,
        f"{client.title} does not report what its version should: {names}",
        "What is said here about this client by rule may be wrong; what it reports counts.",
        (client.id,),
        (
            *(
                Evidence(f"{name}: predicted {rule}, reported {said}", source)
                for name, rule, said in differences
            ),
            *([_rule(client.prediction)] if archspec else []),
        ),
        tuple(Remedy(words) for words in ADVICE),
    )  # fmt: skip


def _rule(prediction: Prediction) -> Evidence:
    return Evidence(prediction.era.says, prediction.era.source)
