"""A client spells the level `x86_64-v3`: no build can match that."""

import re
from collections.abc import Iterator

from doctor import reach
from doctor.checks.overrides import overridden
from doctor.model import Client, Evidence, Finding, Report, Severity, VirtualPackage
from doctor.remedies import override_for_one_command, upgrade_client, use_another_client

ID = "mamba-hyphen-archspec"
GROUP = "clients"
SYMPTOM = "conda can install it, mamba or micromamba cannot: nothing provides __archspec"
CAUSE = (
    "libmamba 1.5.3 to 1.5.9 and the 2.0 pre-releases spell levels as the psABI does, with a "
    "hyphen. A build string cannot contain one, so no published build can match."
)
DETECTED = (
    "The __archspec that a libmamba client reports, or would by the rule for its version, is "
    "spelt with a hyphen, and no override put it there."
)
REMEDIES = ("use-another-client", "upgrade-client")
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/3222",
    "https://github.com/mamba-org/mamba/pull/3404",
    "https://github.com/mamba-org/mamba/pull/3433",
    "https://github.com/conda-forge/microarch-level-feedstock/issues/10",
)


def check(report: Report) -> Iterator[Finding]:
    """One error per client that spells its own level with a hyphen (not through an override)."""
    for client in report.clients:
        package = reach.shown(client)
        if package is None or not reach.is_libmamba(client) or overridden(report, client):
            continue
        if re.fullmatch(r"x86_64-v\d", package.build):
            yield _finding(report, client, package)


def _finding(report: Report, client: Client, package: VirtualPackage) -> Finding:
    right = package.build.replace("-", "_")
    remedies = [
        *use_another_client.offer(report, client),
        *upgrade_client.offer(client, within_one=True),
    ]
    if not reach.honours_override(client):
        remedies += override_for_one_command.not_for(client)
    return Finding(
        ID,
        client.id,
        Severity.ERROR,
        f"{client.title} says {package.build}, builds want {right}",
        f"{client.title} cannot install any package that depends on _x86_64-microarch-level, not "
        "even of level 1. Where an older version without that dependency exists, it is installed "
        "instead without a word.",
        (client.id,),
        (
            Evidence(f"it reports {package}", reach.source(client)),
            Evidence(
                "fixed in 1.5.10 and 2.0.0",
                "mamba-org/mamba 6520c5bf4 (#3404), 841b272ce (#3433)",
            ),
        ),
        tuple(remedies),
        SOURCES[0],
    )
