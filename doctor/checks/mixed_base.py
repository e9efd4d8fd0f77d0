"""conda, mamba, libmambapy and the solver's plug-in of one base do not fit together."""

from collections.abc import Iterator

from msgspec import Struct

from doctor.model import Client, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import matched_set
from doctor.version import at_least, between

ID = "mixed-mamba1-and-conda-in-one-base"
GROUP = "clients"
SYMPTOM = "mamba suddenly crashes after conda update"
CAUSE = (
    "mamba 1 imports conda's internals, and conda's libmamba solver is written for one major "
    "version of libmambapy. An update of some of them leaves a set that does not fit."
)
DETECTED = (
    "The versions in a base's conda-meta are compared with those that the packages of mamba 1 and "
    "of conda-libmamba-solver allow beside them."
)
REMEDIES = ("matched-set", "advice")
ADVICE = ("Or install a new Miniforge beside it, and keep the environments (envs_dirs).",)
SOURCES = (
    "https://github.com/conda/conda-libmamba-solver/issues/540",
    "https://github.com/mamba-org/mamba/issues/2882",
    "conda-forge/mamba-feedstock 9afe576:recipe/meta.yaml",
    "conda-forge/conda-forge-repodata-patches-feedstock 21f679c:recipe/patch_yaml/mamba.yaml",
)

_PLUGIN = "conda-libmamba-solver"

LIBMAMBAPY = (
    ("0", "0", "2.0.0dev0"), ("22.8.1", "0.23", "2.0.0dev0"), ("22.12.0", "1.0.0", "2.0.0dev0"),
    ("23.3.0", "1.4.1", "2.0.0dev0"), ("23.9.0", "1.5.1", "2.0.0dev0"),
    ("23.11.0", "1.5.3", "2.0.0dev0"), ("24.1.0", "1.5.6", "2.0.0dev0"),
    ("24.11.0rc", "2.0.0", None),
)  # fmt: skip
"""The plug-in from a version on, and the libmambapy it takes: from, and below (`None`: no end).

conda/conda-libmamba-solver TAG:pyproject.toml and recipe/meta.yaml; before 24.7.0 the end is in
conda-forge's repodata patches (conda-libmamba-solver.yaml).
"""

CONDA = (
    ("0", "0", "23.9.0", "imports a function that conda 23.9.0 took away"),
    ("1.5.2", "23.9", "23.11.0", "stops at a change of conda 23.11.0"),
    ("1.5.4", "23.11", "24.2", "was made for conda 23.11"),
    ("1.5.7", "24", "24.9.0", "uses what conda 24.9.0 gave up"),
    ("1.5.9", "24", "24.11.0", "uses a shell function that conda 24.11.0 gave up"),
    ("1.5.12", "24", "25.1.2", "was made for conda 24"),
)
"""mamba 1 from a version on, and the conda it takes: from, below, and why that is the end."""

_IMPORTS = "26.3.0"
"""First conda without names that every mamba 1 imports (conda/conda 734737de6, #15791)."""


class Misfit(Struct, frozen=True):
    """Two parts that do not fit: `severe` if a program cannot work; what else has to be updated."""

    text: str
    severe: bool
    source: str
    more: tuple[str, ...] = ()


def check(report: Report) -> Iterator[Finding]:
    """One finding per base with parts that do not fit; an error if one of its programs fails."""
    for rows in _bases(report):
        parts: dict[str, str] = {}
        for client in rows:
            parts |= client.parts | ({client.kind: client.version} if client.version else {})
        found = [*_plugin(parts, _default_is_libmamba(rows)), *_mamba(parts)]
        if found:
            yield _finding(rows, found)


def _bases(report: Report) -> Iterator[list[Client]]:
    """The conda and the mamba of each root."""
    rows = [c for c in report.clients if c.kind in ("conda", "mamba") and c.root and not c.ours]
    for root in dict.fromkeys(client.root for client in rows):
        yield [client for client in rows if client.root == root]


def _default_is_libmamba(rows: list[Client]) -> bool:
    solvers = [c.prediction.solver for c in rows if c.kind == "conda" and c.prediction]
    return "libmamba" in solvers


def _plugin(parts: dict[str, str], default: bool) -> Iterator[Misfit]:
    plugin, library = parts.get(_PLUGIN), parts.get("libmambapy")
    if plugin is None or library is None:
        return
    _, least, end = next(row for row in reversed(LIBMAMBAPY) if at_least(plugin, row[0]))
    wanted = f">={least}" + (f",<{end.removesuffix('.0.0dev0')}" if end else "")
    other_major = not at_least(library, "2.0.0dev0") if end is None else at_least(library, end)
    if other_major or not at_least(library, least):
        text = f"{_PLUGIN} {plugin} needs libmambapy {wanted}, and {library} is installed"
        yield Misfit(text, other_major and default, f"conda/conda-libmamba-solver {plugin}")
    elif (plugin, library) == ("26.6.0", "2.6.2"):
        text = f"{_PLUGIN} {plugin} excludes libmambapy {library}"
        yield Misfit(text, False, "conda/conda-libmamba-solver 82feb62 (#959)")


def _mamba(parts: dict[str, str]) -> Iterator[Misfit]:
    mamba, conda, library = (parts.get(name) for name in ("mamba", "conda", "libmambapy"))
    if mamba is None or at_least(mamba, "2.0.0alpha0"):
        return
    if library is not None and at_least(library, "2.0.0dev0"):
        text = f"mamba {mamba} needs libmambapy {mamba}, and {library} is installed"
        yield Misfit(text, True, SOURCES[2], ("mamba",))
    if conda is None:
        return
    _, least, end, why = next(row for row in reversed(CONDA) if at_least(mamba, row[0]))
    if not between(conda, least, end):
        newer = at_least(conda, end)
        severe = at_least(conda, _IMPORTS) or (newer and not at_least(mamba, "1.5.4"))
        if at_least(conda, _IMPORTS):
            why = f"imports what conda {_IMPORTS} took away"
        reason = f"; it {why}" if newer else ""
        text = f"mamba {mamba} needs conda >={least},<{end}, and {conda} is installed{reason}"
        yield Misfit(text, severe, SOURCES[3], ("mamba",))


def _finding(rows: list[Client], found: list[Misfit]) -> Finding:
    first = next((c for c in rows if c.kind == "conda"), rows[0])
    severe = [misfit for misfit in found if misfit.severe]
    leading = (severe or found)[0]
    more = dict.fromkeys(name for misfit in found for name in misfit.more)
    who = "mamba" if leading.more else "conda's libmamba solver"
    return Finding(
        ID,
        first.id,
        Severity.ERROR if severe else Severity.WARNING,
        f"Parts of {first.root} do not fit together: {leading.text}",
        f"{who} fails as soon as it is started."
        if severe
        else f"These versions are not offered together: {who} may fail, or print warnings.",
        tuple(client.id for client in rows),
        tuple(Evidence(misfit.text, misfit.source) for misfit in found),
        (
            matched_set.offer(first, *more),
            Remedy(ADVICE[0]),
        ),
        SOURCES[1] if leading.more else SOURCES[0],
    )
