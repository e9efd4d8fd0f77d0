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
    VirtualPackage,
)

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
        differences = list(compare(client))
        if differences:
            yield _finding(client, differences)


def compare(client: Client) -> Iterator[tuple[str, str, str]]:
    """Name, predicted and reported value of each virtual package that differs.

    Nothing is compared where either side is unknown.
    """
    answer, prediction = client.reported, client.prediction
    if answer is None or answer.virtual_packages is None or prediction is None:
        return
    if prediction.failure:
        yield "answer", f"fails: {prediction.failure}", "answered"
        return
    predicted = {package.name: package for package in prediction.packages}
    reported = {package.name: package for package in answer.virtual_packages}
    for name in sorted(predicted.keys() | reported.keys()):
        if name in prediction.unknown or name not in _KNOWN:
            continue
        if predicted.get(name) != reported.get(name):
            yield name, _value(predicted.get(name)), _value(reported.get(name))


_KNOWN = ("__archspec", "__conda", "__cuda", "__glibc", "__linux", "__osx", "__unix", "__win")


def _value(package: VirtualPackage | None) -> str:
    return str(package) if package else "absent"


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
