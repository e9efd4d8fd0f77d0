"""One block for each box of the issue forms of conda, mamba and pixi, under the box's own name.

Names: conda/conda .github/ISSUE_TEMPLATE/0_bug.yml (8e1fb51f), mamba-org/mamba
.github/ISSUE_TEMPLATE/bug.yml (0177c443), prefix-dev/pixi .github/ISSUE_TEMPLATE/bug_report.yml
(23f9219a). What crossed is less than the commands print that they ask for, and says so.
"""

from collections.abc import Iterator

from doctor.host.recorded import Recording
from doctor.model import Client, Environment, Report
from doctor.report import text, words
from doctor.report.transcripts import transcript

Block = tuple[str, list[str]]

MOST_OF_A_LOG = 20
"""Lines of each output: all of it is among the transcripts."""

_FLAGS = ("vendor_id", "cpu family", "model", "model name", "flags", "Features")


def flags(recording: Recording) -> Block:
    """What every project asks for first, of the first processor."""
    file = recording.files.get("/proc/cpuinfo")
    first: dict[str, str] = {}
    for line in (file.text or "").splitlines() if file else []:
        first.setdefault(line.partition(":")[0].strip(), line)
    rows = [first[name] for name in _FLAGS if name in first]
    return "CPU flags (feedstocks, and everybody else)", rows or ["unknown"]


def blocks(report: Report, recording: Recording) -> Iterator[Block]:
    """Title and lines of each box that something is known for."""
    conda = _of(report, "conda")
    if conda:
        yield "Conda Info (conda)", _infos(conda)
        yield "Conda Config (conda)", _configured(report, conda)
        yield "Conda list (conda)", list(_packages(report.environments or ()))
    mamba = _of(report, "mamba", "micromamba")
    if mamba:
        yield "mamba info / micromamba info (mamba)", _infos(mamba)
        yield "Logs (mamba)", _logs(recording, mamba)
        yield "Tried in Conda? (mamba)", _tried(conda)
    pinned = [f"{row.path}:{row.line}: {row.text}" for row in report.project.lines] \
        if report.project else []  # fmt: skip
    if pinned:
        yield "environment.yml (mamba), Reproducible example (pixi)", pinned
    if mamba:
        yield "~/.condarc (mamba)", _configured(report, [*conda, *mamba])
    pixi = _of(report, "pixi")
    if pixi:
        yield "Reproducible example: pixi info (pixi)", _infos(pixi)
    other = _of(report, "rattler")
    if other:
        yield "py-rattler", _infos(other)
    yield "Machine (feedstocks)", list(text.plain_machine(report.machine))


def _of(report: Report, *kinds: str) -> list[Client]:
    return [client for client in report.clients if client.kind in kinds and not client.ours]


def _infos(clients: list[Client]) -> list[str]:
    return [line for client in clients for line in (*_info(client), "")]


def _info(client: Client) -> Iterator[str]:
    yield f"{client.title} at {client.path}"
    for name, version in sorted(client.parts.items()):
        yield f"  {name} {version}"
    answer = client.reported
    packages = answer.virtual_packages if answer else None
    if packages is None:
        yield f"  virtual packages: unknown, {answer.trouble if answer else 'not asked'}"
        return
    yield "  virtual packages:"
    yield from (f"    {package}" for package in packages)


def _logs(recording: Recording, clients: list[Client]) -> list[str]:
    """What those clients printed when they were asked for more than what they are."""
    paths = {client.path for client in clients}
    tried = [
        said
        for said in recording.transcripts
        if said.argv and said.argv[0] in paths and not {"info", "--version"} & {*said.argv}
    ]
    lines = [line for said in tried for line in transcript(said, MOST_OF_A_LOG)]
    return lines or ["(nothing was tried: run the command that fails again, with -v)"]


def _configured(report: Report, clients: list[Client]) -> list[str]:
    """Settings that bear on CPUs: no others are read."""
    rows = [
        f"override_virtual_packages: {name}: {value} (as {client.title} reads it)"
        for client in clients
        for name, value in sorted(client.configured.items())
    ]
    rows += [f"{name}={value}" for name, value in report.machine.settings.items()]
    return [*rows, "(only what bears on the CPU is read; channels and all else are not)"]


def _packages(environments: tuple[Environment, ...]) -> Iterator[str]:
    """Of each environment the packages that bear on CPUs."""
    for found in environments:
        records = [found.metapackage] if found.metapackage else []
        rows = dict.fromkeys([*(r.title for r in records), *(n.package for n in found.needs)])
        if rows:
            yield f"{found.path} ({found.count} packages, of which these bear on the CPU)"
            yield from (f"  {row}" for row in rows)
    yield "(no other package is read)"


def _tried(conda: list[Client]) -> list[str]:
    if not conda:
        return ["Not applicable: conda is not installed here"]
    return [f"{c.title}: level packages {words.packages_word(c)}" for c in conda]
