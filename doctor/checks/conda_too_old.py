"""A conda release whose own fault spoils __archspec."""

from collections.abc import Iterator

from doctor.model import Evidence, Finding, Report, Severity
from doctor.remedies import upgrade_client, use_another_client

ID = "conda-too-old-or-buggy-window"
GROUP = "clients"
SYMPTOM = "nothing provides __archspec 1.*, although conda info shows the CPU's name"
CAUSE = (
    "conda before 4.9.0 has no __archspec; conda 22.11.0 puts the name into the version field, "
    "where no build looks."
)
DETECTED = "conda's version is one of those that are known to have this fault."
REMEDIES = ("use-another-client", "upgrade-client")
SOURCES = (
    "https://github.com/conda/conda/pull/12148",
    "conda/conda 22.11.0:conda/plugins/virtual_packages/archspec.py",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per conda whose release has a fault of its own."""
    for client in report.clients:
        if client.kind != "conda" or client.prediction is None:
            continue
        era = client.prediction.era
        if era.fault:
            yield Finding(
                ID,
                client.id,
                Severity.ERROR,
                f"{client.title} {era.fault}",
                f"{client.title} cannot install any package that depends on "
                "_x86_64-microarch-level.",
                (client.id,),
                (Evidence(era.says, era.source),),
                (*use_another_client.offer(report, client), *upgrade_client.offer(client)),
                SOURCES[0],
            )
