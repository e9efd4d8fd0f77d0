"""A shell's start-up files make a name run another client than the one that PATH finds."""

from collections.abc import Iterator

from msgspec import Struct

from doctor.checks.startup_lines import CLIENTS, Setup, family, quoted, same_place, setups
from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import shell_block

ID = "shell-function-shadows-binary"
GROUP = "clients"
SYMPTOM = "mamba --version and which mamba disagree; run 'mamba init' to be able to run activate"
CAUSE = (
    "Shells run aliases and functions before programs. The block that conda init or mamba shell "
    "init wrote names one installation, and stays when that one is upgraded, moved or removed."
)
DETECTED = (
    "The lines of start-up files that set up clients are compared with the clients that were found "
    "and with the first of each name on PATH."
)
REMEDIES = ("shell-block", "advice")
ADVICE = ("Have a block that names nothing taken out of its file, then open a new shell.",)
SOURCES = (
    "https://github.com/mamba-org/mamba/issues/1819",
    "https://github.com/mamba-org/mamba/issues/1278",
    "https://github.com/conda-forge/miniforge/issues/700",
    "mamba-org/mamba 2.8.1:libmamba/src/core/shell_init.cpp",
)


class Clash(Struct, frozen=True):
    """What is wrong with a line: in a sentence, what comes of it, and the client that it names."""

    setup: Setup
    text: str
    consequence: str
    names: Client | None = None


def check(report: Report) -> Iterator[Finding]:
    """One warning per name that does not run what PATH finds, or nothing at all."""
    used = family(report.machine.system.shell)
    known = [s for s in setups(report.machine.startup) if used is None or s.shell == used]
    for name in CLIENTS:
        own = [setup for setup in known if setup.name == name]
        aliases = [setup for setup in own if setup.alias]
        blocks = [setup for setup in own if not setup.alias]
        clashes = [*_of_aliases(report, name, aliases), *_of_blocks(report, name, blocks)]
        if not clashes and name == "mamba":
            clashes = list(_of_both_mambas(report, known))
        if clashes:
            yield _finding(report, name, clashes)


def _of_aliases(report: Report, name: str, aliases: list[Setup]) -> Iterator[Clash]:
    """Aliases that hide the client of that name on PATH, or run nothing."""
    first = _first(report, name)
    for setup in aliases:
        runs = _client(report, setup)
        said = f"{name} is an alias of {setup.program}"
        if runs is None:
            text = "The alias fails, or runs something that envdoctor did not find."
            yield Clash(setup, f"{said}, where no client was found", text)
        elif first is not None and _differ(first, runs):
            text = f"Shells run {_at(runs)} as {name}, and scripts run {_at(first)}."
            yield Clash(setup, f"{said}, and hides {first.path}", text, runs)


def _of_blocks(report: Report, name: str, blocks: list[Setup]) -> Iterator[Clash]:
    """Blocks of no client, blocks that differ, and a last block that PATH does not agree with."""
    first = _first(report, name)
    for setup in blocks:
        if _client(report, setup) is None:
            text = f"{name} fails in a new shell, or it is an installation that was not found."
            yield Clash(setup, f"The start-up block names {setup.program}, where no client was "
                        "found", text)  # fmt: skip
    last = {setup.shell: setup for setup in blocks}
    for setup in blocks:
        final = last[setup.shell]
        if not _same(setup.program, final.program):
            text = f"The one that is read last decides what {name} runs: {final.program}."
            yield Clash(setup, f"Start-up blocks name {setup.program} and {final.program}", text,
                        _client(report, final))  # fmt: skip
    for final in last.values():
        runs = _client(report, final)
        if runs is not None and first is not None and _differ(first, runs):
            text = f"Shells run {_at(runs)} as {name}, and scripts run {_at(first)}."
            yield Clash(final, f"The start-up block sets up {runs.path}, and PATH finds "
                        f"{first.path}", text, runs)  # fmt: skip


def _of_both_mambas(report: Report, known: list[Setup]) -> Iterator[Clash]:
    """mamba's and micromamba's functions both run MAMBA_EXE, which has one value at a time."""
    blocks = [s for s in known if not s.alias and s.name != "conda"]
    last = {setup.shell: setup for setup in blocks}
    for setup in blocks:
        final = last[setup.shell]
        if setup.name != final.name:
            text = f"Both functions run MAMBA_EXE: {setup.name} runs {final.program} as well."
            yield Clash(setup, f"Start-up blocks set up {setup.name} and {final.name}", text,
                        _client(report, final))  # fmt: skip


def _first(report: Report, name: str) -> Client | None:
    """The client of that name that PATH finds."""
    named = (c for c in report.clients if c.kind == name and not c.ours)
    return next((c for c in named if c.on_path and not c.trouble), None)


def _at(client: Client) -> str:
    return f"{client.title} of {client.root or client.path}"


def _client(report: Report, setup: Setup) -> Client | None:
    """The client that a line makes the name run."""
    if "/" not in setup.program:
        rows = (c for c in report.clients if c.kind == setup.program and not c.trouble)
        return _first(report, setup.program) or next(rows, None)
    return next((c for c in report.clients if not c.ours and _is(c, setup.program)), None)


def _is(client: Client, program: str) -> bool:
    """Whether a path is this client's program; in a root it can stand in `bin` and `condabin`."""
    places = filter(None, (client.path, client.real))
    return any(_same(program, place) for place in places) or (
        client.root is not None
        and client.kind == program.rpartition("/")[2]
        and _same(program, f"{client.root}/bin/{client.kind}")
    )


def _same(program: str, other: str) -> bool:
    return same_place(program.replace("/condabin/", "/bin/"),
                      other.replace("/condabin/", "/bin/"), 4)  # fmt: skip


def _differ(one: Client, other: Client) -> bool:
    """Whether two clients are of another root, another kind or another major version."""
    if one.id == other.id:
        return False
    roots = one.root is None or other.root is None or not same_place(one.root, other.root)
    majors = [(client.version or "").partition(".")[0] for client in (one, other)]
    return roots or (one.kind == other.kind and majors[0] != majors[1])


def _finding(report: Report, name: str, clashes: list[Clash]) -> Finding:
    first = _first(report, name)
    named = [clash.names for clash in clashes if clash.names is not None]
    ids = dict.fromkeys(c.id for c in (*named, *([first] if first else [])))
    lines = {(c.setup.line.path, c.setup.line.number): c.setup.line for c in clashes}
    found = f"PATH finds {first.path}" if first else f"PATH finds no {name}"
    return Finding(
        ID,
        name,
        Severity.WARNING,
        clashes[0].text,
        clashes[0].consequence,
        tuple(ids),
        (*map(quoted, lines.values()), Evidence(found, "PATH")),
        tuple(_remedies(report, name, clashes)),
        SOURCES[0],
    )


def _remedies(report: Report, name: str, clashes: list[Clash]) -> Iterator[Remedy]:
    first = _first(report, name)
    if first is not None:
        yield shell_block.bypass(name)
    lines = {c.setup.line.number: c.setup.line for c in clashes if c.setup.alias}
    yield from map(shell_block.without, lines.values())
    blocks = [clash.setup for clash in clashes if not clash.setup.alias]
    if not blocks:
        return
    paths = dict.fromkeys(setup.line.path for setup in blocks)
    if first is None or any(path.startswith("/etc/") for path in paths):
        yield Remedy(f"Have the block of {blocks[0].program} taken out of {blocks[0].line.path}, "
                     "then open a new shell.")  # fmt: skip
    else:
        yield shell_block.anew(first, blocks[0].shell, tuple(paths))
    runs = next((clash.names for clash in clashes if clash.names), None)
    if runs is not None:
        yield Remedy(f"Or put the folder of {runs.path} first on PATH, if that one is meant.")
