"""Every recorded solve of a real client did what is predicted for that client."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from doctor import channel, explain, levels, microarch
from doctor.clients import BY_KIND
from doctor.clients.asking import NoAnswer, read_json, read_packages
from doctor.clients.attempting import read_outcome
from doctor.model import Attempt, Client, Command, Prediction, Transcript, VirtualPackage
from doctor.virtual import Situation
from tests import DATA
from tests.clients import ROOT
from tests.scenes import Scene
from tests.test_transcripts import CPU, MACHINE, RECORDS, released, situation

LEVEL = "_x86_64-microarch-level"
SWITCH = "MAMBA_EXPERIMENTAL_MATCHSPEC_PARSING"
Record = dict[str, Any]
Rows = tuple[tuple[str, str, str], ...]

# --- channels of the recordings --------------------------------------------------------------


class Shape(NamedTuple):
    """The level packages in a channel: their build numbers, and `all`, `legacy` or `level` ones."""

    builds: tuple[int, ...]
    kind: str = "all"

    @property
    def folder(self) -> str:
        return f"{''.join(map(str, self.builds))}-{self.kind}"

    def holds(self, record: Record) -> bool:
        """Whether a record of the whole channel is in this one."""
        if not record["name"].endswith("-microarch-level"):
            return True
        kind = "level" if "_level" in record["build"] else "legacy"
        return record["build_number"] in self.builds and self.kind in ("all", kind)


WHOLE = Shape(tuple(generation.number for generation in levels.GENERATIONS))
SHAPES = {
    "c2024": Shape((0, 2)), "c2024-rattlerindex": Shape((0, 2)),
    "c2025": Shape((3,)),
    "c2026": Shape((4,)), "c2026-rattlerindex": Shape((4,)),
    "c2026leg": Shape((4,), "legacy"),
    "c2026lvl": Shape((4,), "level"), "c2026lvl-rattlerindex": Shape((4,), "level"),
    "call": Shape((0, 2, 3, 4)),
    "feedstock": Shape((4,)), "canonical": Shape((4,)), "full": Shape((4,)),
    "legacy": Shape((4,), "legacy"),
}  # fmt: skip
UNREAD = {
    "c2026": Shape(()), "c2026leg": Shape(()), "c2026lvl": Shape(()), "full": Shape(()),
    "call": Shape((0, 2, 3)),
}  # fmt: skip
"""What libmamba can read where builds of number 4 have the recipe's text in brackets."""

CONSUMERS = {
    "demo-fast": "demo-needs3", "demo-multi": "demo-fast", "demo-opt": "demo-opt",
    "demo-v4": "demo-needs4", "demo-base": "demo-plain", "demo-plain": "demo-plain",
}  # fmt: skip
"""Packages of the recordings -> packages of the reproduction channel with the same shape."""

BY_BRACKET = {("classic", "full")}
"""Where only the build may differ: conda's classic solver matches a regular expression if it is
written in brackets, but not as conda-forge publishes it, so it takes `4_level4` there and would
take `4_x86_64_v4` from what is published."""

# --- recorded solves -------------------------------------------------------------------------


class Solve(NamedTuple):
    """One recorded solve: which requirement, from which channel, by which solver."""

    record: Record
    requirement: str
    channel: str
    solver: str

    @property
    def said(self) -> str:
        return str(self.record["stdout"]) + str(self.record["stderr"])

    @property
    def reads_brackets(self) -> bool:
        """Whether the solver understands `__archspec[version=..., build=...]`."""
        return self.solver != "libmamba" or SWITCH in self.record["env"]

    @property
    def shape(self) -> Shape:
        if not self.reads_brackets and self.channel in UNREAD:
            return UNREAD[self.channel]
        return SHAPES[self.channel]

    @property
    def ours(self) -> str:
        """The requirement, as the reproduction channel's packages are called."""
        return CONSUMERS.get(self.requirement, self.requirement)

    def __str__(self) -> str:
        return f"{self.record['client']}-{self.record['version']}-{self.record['case']}"


def recordings() -> Iterator[Record]:
    for name in ("mamba", "conda"):
        for line in (DATA / "transcripts" / f"{name}.jsonl").read_text().splitlines():
            yield json.loads(line)


def after(words: list[str], option: str, default: str) -> str:
    return words[words.index(option) + 1] if option in words else default


def solves() -> Iterator[Solve]:
    """Everything that had to solve: also what was really installed, and what only had to be."""
    for record in recordings():
        words = record["argv"]
        if "create" not in words and "install" not in words:
            continue
        asked = [w for w in words if re.match(r"_x86_64-microarch-level|demo-|__archspec", w)]
        folder = after(words, "-c", "").rpartition("/")[2]
        own = record["env"].get("CONDA_SOLVER", "libmamba")
        yield Solve(record, "".join(asked), folder, after(words, "--solver", own))


SOLVES = tuple(solves())


def crashed(solve: Solve) -> bool:
    """The client cannot detect anything, which is predicted."""
    return "No module named 'archspec'" in solve.said


def spelling(solve: Solve) -> bool:
    return solve.channel.startswith(("spell-", "mix-"))


def experiment(solve: Solve) -> bool:
    return bool(
        re.fullmatch(r"demo-(any|aarch|bracket|bracketexact|glob|regex|v3.+)", solve.requirement)
    )


def virtual(solve: Solve) -> bool:
    return solve.requirement.startswith("__archspec")


def unavailable(solve: Solve) -> bool:
    return bool(re.search("invalid choice: 'libmamba'|it was not recognized", solve.said))


def unloaded(solve: Solve) -> bool:
    return bool(re.search("Could not load repodata|nothing provides requested", solve.said))


def elsewhere(solve: Solve) -> bool:
    """Recorded consumers lie in linux-64, ours are noarch."""
    return bool(re.search(r"not available.*\n\n  - demo-fast\n", solve.said)) or (
        '"packages_formatted": "  - demo-fast"' in solve.said
    )


def unsolved(solve: Solve) -> bool:
    return "--file" in solve.record["argv"]


def changing(solve: Solve) -> bool:
    return "install" in solve.record["argv"]


def in_brackets(solve: Solve) -> bool:
    return solve.shape == Shape(()) and solve.requirement not in ("demo-base", "demo-plain")


class Reason(NamedTuple):
    """Why a recorded solve is not compared, and how many there are for which that holds first."""

    words: str
    holds: Callable[[Solve], bool]
    solves: int


REASONS = (
    Reason("a channel that tries one spelling of a dependency, none published", spelling, 75),
    Reason("a package that tries one, or one of another machine's names", experiment, 29),
    Reason("asks for a virtual package, which no channel holds", virtual, 5),
    Reason("the solver is not installed, so that nothing was solved", unavailable, 3),
    Reason("the client did not load the channel", unloaded, 2),
    Reason("the consumer is missing in the subdir asked for", elsewhere, 4),
    Reason("installs files that are named, without a solve", unsolved, 1),
    Reason("changes an environment in which packages are installed", changing, 3),
    Reason("text in brackets, which is not published and libmamba cannot read", in_brackets, 89),
    Reason("the client ends for want of archspec, which has a test of its own", crashed, 1),
)
COMPARED_BY_SOLVER = {
    "conda 22.11.0 classic": 1, "conda 24.1.2 classic": 13,
    "conda 26.7.1 classic": 90, "conda 26.7.1 libmamba": 55, "conda 26.7.1 rattler": 69,
    "micromamba 1.5.8 libmamba": 69, "micromamba 2.8.1 libmamba": 127,
}  # fmt: skip


def reason(solve: Solve) -> Reason | None:
    return next((found for found in REASONS if found.holds(solve)), None)


COMPARED = tuple(solve for solve in SOLVES if reason(solve) is None)


def because(holds: Callable[[Solve], bool]) -> list[Solve]:
    found = ((solve, reason(solve)) for solve in SOLVES)
    return [solve for solve, why in found if why is not None and why.holds is holds]


# --- what clients did ------------------------------------------------------------------------

_LIBMAMBA_ROW = re.compile(r"^  \+ (\S+) +(\S+) +(\S+) ", re.M)
_CONDA_ROW = re.compile(r"/(?:noarch|linux-64)::(\S+)-([^-\s]+)-([^-\s]+) *$", re.M)
_REFUSAL = re.compile(r"Unsatisfiable|Could not solve for environment specs")


def did(record: Record) -> Rows | None:
    """The builds that a client chose, `None` for a refusal; NoAnswer where it is neither."""
    if "--json" in record["argv"]:
        return read_outcome(read_json(record["stdout"]))[0]
    rows = _LIBMAMBA_ROW.findall(record["stdout"]) + _CONDA_ROW.findall(record["stdout"])
    if not rows and not _REFUSAL.search(record["stdout"] + record["stderr"]):
        raise NoAnswer("printed neither a choice nor a refusal")
    return tuple(sorted(rows)) or None


class Outcome(NamedTuple):
    """A choice: level and build of the level package, version and number of the consumer's build.

    Builds of consumers are called differently, and end in the same number.
    """

    level: str | None = None
    build: str | None = None
    version: str | None = None
    number: str | None = None


def outcome(rows: Rows | None) -> Outcome | None:
    """`None` for a refusal."""
    if rows is None:
        return None
    found = Outcome()
    for name, version, build in rows:
        if name == LEVEL:
            found = found._replace(level=version, build=build)
        else:
            found = found._replace(version=version, number=build.rpartition("_")[2])
    return found


# --- what is predicted -----------------------------------------------------------------------

CHILD = """
import asyncio, json, os, sys
import rattler
from doctor.probes.rattler_solve import solve, text

async def answer(place, rows, requirement):
    try:
        records = await solve(rattler, place, rows, [requirement])
    except Exception as error:
        refused = type(error).__name__ == "SolverError"
        return {"refusal" if refused else "message": "%s" % error}
    return {"chosen": [[text(r.name), text(r.version), text(r.build)] for r in records]}

async def answers():
    for line in sys.stdin:
        print("envdoctor " + json.dumps(await answer(*json.loads(line))), flush=True)

asyncio.run(answers())
os._exit(0)
"""
"""Solves as our probe does, many times: a process for each solve would take minutes."""


class Reference(Scene):
    """The machine whose py-rattler predicts, with one child for all commands that solve."""

    def __init__(self, folder: Path) -> None:
        super().__init__(None)
        self.folder = folder
        self.shape = WHOLE
        self.answers: dict[str, str] = {}
        self.child = subprocess.Popen(
            [sys.executable, "-c", CHILD],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, command: Command) -> Transcript:
        place, rows, requirement = command.argv[3:]
        place = place.replace("@channel@", str(self.folder / self.shape.folder))
        question = json.dumps([place, json.loads(rows), requirement])
        if question not in self.answers:
            self.answers[question] = self.ask(question)
        return Transcript(command.argv, exit_status=0, stdout=self.answers[question])

    def ask(self, question: str) -> str:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(question + "\n")
        self.child.stdin.flush()
        return self.child.stdout.readline()

    def close(self) -> None:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()

    def attempt(self, prediction: Prediction, requirement: str, shape: Shape) -> Attempt:
        """What the doctor predicts for a client against a channel of that shape."""
        self.shape = shape
        client = Client("one", prediction.kind, "", prediction.version, prediction=prediction)
        return explain.predicted(self, client, (requirement,), 60.0)[0]


def write_shapes(whole: Path, folder: Path) -> None:
    """Channels of every shape, cut out of the one that the doctor writes."""
    single = {Shape((number,)) for number in WHOLE.builds}
    for shape in {WHOLE, *single, *SHAPES.values(), *UNREAD.values()}:
        for variant in (channel.PUBLISHED, channel.LEGACY):
            repodata = json.loads((whole / variant / "noarch" / "repodata.json").read_text())
            for key in ("packages", "packages.conda"):
                records = repodata[key].items()
                repodata[key] = {file: r for file, r in records if shape.holds(r)}
            made = folder / shape.folder / variant / "noarch"
            made.mkdir(parents=True)
            (made / "repodata.json").write_text(json.dumps(repodata))


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    whole = tmp_path_factory.mktemp("whole")
    channel.write(whole)
    folder = tmp_path_factory.mktemp("shapes")
    write_shapes(whole, folder)
    found = Reference(folder)
    yield found
    found.close()


def predict(record: Record, solver: str | None = None, builds: int = 4) -> Prediction:
    """The prediction for a recorded client, with the archspec that it had (data/README)."""
    database: microarch.Database | None = None
    if record["client"] == "conda" and "noarchspec" not in record["case"]:
        database = microarch.release("0.2.2" if record["case"].startswith("24.1.2/") else "0.2.7")
    parts = {"solver": solver} if solver and record["client"] == "conda" else {}
    family = BY_KIND[record["client"]]
    return family.predict(released(record), parts, situation(record), database, builds)


# --- every recorded solve --------------------------------------------------------------------


@pytest.mark.parametrize("solve", COMPARED, ids=str)
def test_a_recorded_solve_did_what_is_predicted(reference: Reference, solve: Solve) -> None:
    recorded = outcome(did(solve.record))
    attempt = reference.attempt(predict(solve.record, solve.solver), solve.ours, solve.shape)
    assert attempt.trouble is None
    predicted = outcome(attempt.chosen)
    if predicted and recorded and (solve.solver, solve.channel) in BY_BRACKET:
        predicted, recorded = predicted._replace(build=None), recorded._replace(build=None)
    assert predicted == recorded


def test_only_text_in_brackets_gives_the_classic_solver_a_level_build() -> None:
    builds = set()
    for solve in (s for s in COMPARED if s.solver == "classic"):
        found = outcome(did(solve.record))
        if found and found.build:
            builds.add(("level" in found.build, (solve.solver, solve.channel) in BY_BRACKET))
    assert builds == {(True, True), (False, False)}


def test_a_client_that_ends_for_want_of_archspec_is_predicted_to(reference: Reference) -> None:
    (solve,) = because(crashed)
    attempt = reference.attempt(predict(solve.record, solve.solver), solve.ours, solve.shape)
    assert attempt.installs is None
    assert attempt.trouble == "ModuleNotFoundError: No module named 'archspec'"
    with pytest.raises(NoAnswer, match="No module named 'archspec'"):
        did(solve.record)


def test_text_in_brackets_gives_libmamba_no_level() -> None:
    for solve in because(in_brackets):
        found = outcome(did(solve.record))
        assert found == (Outcome(None, None, "0.9", "0") if solve.ours == "demo-opt" else None)


def test_every_recorded_solve_is_accounted_for() -> None:
    assert {why.words: len(because(why.holds)) for why in REASONS} == {
        why.words: why.solves for why in REASONS
    }
    assert len(COMPARED) + sum(why.solves for why in REASONS) == len(SOLVES) == 636


def test_the_compared_solves_are_of_every_solver_and_channel() -> None:
    named = (f"{s.record['client']} {s.record['version']} {s.solver}" for s in COMPARED)
    assert Counter(named) == COMPARED_BY_SOLVER
    assert {solve.channel for solve in COMPARED} == set(SHAPES)
    assert {outcome(did(s.record)) is None for s in COMPARED} == {True, False}


# --- the recordings' packages are the reproduction channel's ----------------------------------


def entries(solve: Solve) -> Iterator[Record]:
    """The repodata of what was chosen, as far as the client printed it."""
    if "--json" not in solve.record["argv"]:
        return
    actions = read_json(solve.record["stdout"]).get("actions") or {}
    for entry in actions.get("FETCH") or ():
        yield {"build": entry.get("build_string"), **entry}


def allowed(depends: list[str] | tuple[str, ...] | None) -> set[int]:
    """The levels that will do for a consumer; every client prints the text a little differently."""
    if not depends:
        return set()
    (text,) = depends
    matched = re.fullmatch(rf"{LEVEL} *(>=)?(\d)(?:\(0\))?", text)
    assert matched is not None
    wanted = int(matched[2])
    return {n for n in levels.X86_NAMES if n == wanted or (matched[1] and n > wanted)}


def test_recorded_consumers_have_the_shape_of_ours() -> None:
    ours = {
        (p.name, p.version, p.build.rpartition("_")[2], *sorted(allowed(p.depends)))
        for p in channel.packages()
        if p.name.startswith("demo-")
    }
    seen = set()
    for entry in (e for s in COMPARED for e in entries(s) if e["name"] != LEVEL):
        number = entry["build"].rpartition("_")[2]
        mapped = CONSUMERS[entry["name"]]
        seen.add((mapped, entry["version"], number, *sorted(allowed(entry["depends"]))))
    assert seen <= ours
    assert {row[0] for row in seen} == set(CONSUMERS.values())


def published(depends: str) -> tuple[str, frozenset[str]]:
    """A dependency on `__archspec`; the names of a regular expression in any order."""
    name, version, builds = depends.split(" ")
    return f"{name} {version}", frozenset(re.split(r"\^\(|\||\)\$", builds))


def test_recorded_level_packages_have_the_text_of_ours() -> None:
    ours = {(p.version, p.build): p for p in channel.packages() if p.name == LEVEL}
    seen = set()
    for solve in (s for s in COMPARED if s.channel == "feedstock"):
        for entry in (e for e in entries(solve) if e["name"] == LEVEL):
            package = ours[entry["version"], entry["build"]]
            assert published(*entry["depends"]) == published(*package.depends)
            assert (entry.get("track_features") or "") == package.track_features
            seen.add(entry["build"])
    assert seen == {
        "4_x86_64", "4_x86_64_v2", "4_x86_64_v3", "4_haswell", "4_x86_64_v4",
        "4_level1", "4_level2", "4_level3", "4_level4",
    }  # fmt: skip


# --- every recorded answer -------------------------------------------------------------------


class Case(NamedTuple):
    """Recorded answers that cannot solve differently.

    All have one `__archspec`, one predicted one, level packages of one family, and solvers that
    match the same builds.
    """

    reported: tuple[VirtualPackage, ...]
    predicted: tuple[VirtualPackage, ...]
    family: str
    regex: bool

    def __str__(self) -> str:
        offered = " ".join(map(str, self.reported)) or "nothing"
        return f"{offered}-{self.family}-{'regex' if self.regex else 'exact'}"


def archspec(packages: tuple[VirtualPackage, ...]) -> tuple[VirtualPackage, ...]:
    return tuple(package for package in packages if package.name == "__archspec")


def cases() -> Iterator[tuple[Case, Record, str]]:
    """Recorded answers with each solver that the client may have been given."""
    for record in RECORDS:
        if record["exit_code"] != 0:
            continue
        reported = archspec(read_packages(read_json(record["stdout"])))
        solvers = ("classic", "libmamba", "rattler") if record["client"] == "conda" else ("own",)
        for solver in solvers:
            found = predict(record, solver)
            family = "ppc64le" if "=8" in found.accepts else "x86_64"
            predicted = archspec(found.packages)
            yield Case(reported, predicted, family, found.matches_regex_builds), record, solver


ANSWERS = tuple(cases())
EXAMPLES = {case: (record, solver) for case, record, solver in ANSWERS}


def requirements(family: str) -> Iterator[str]:
    """What can be asked of the reproduction channel: the level package of a family, consumers."""
    name = f"_{family}-microarch-level"
    yield name
    for level, names in levels.NEWEST.names(family).items():
        yield from (f"{name}{sign}{level}" for sign in ("=", ">=", "<="))
        yield from (f"{name}={level}=4_{build}" for build in (names[0], f"level{level}"))
    yield from sorted({p.name for p in channel.packages() if p.name.startswith("demo-")})


@pytest.mark.parametrize("case", EXAMPLES, ids=str)
def test_what_is_predicted_is_what_the_answer_gives(reference: Reference, case: Case) -> None:
    prediction = predict(*EXAMPLES[case])
    for requirement in requirements(case.family):
        found = [
            reference.attempt(replace(prediction, packages=packages), requirement, WHOLE)
            for packages in (case.predicted, case.reported)
        ]
        assert found[0].installs is not None
        assert found[0].chosen == found[1].chosen
        assert found[0].installs == found[1].installs


def agree(reference: Reference, prediction: Prediction, family: str, at: Shape) -> None:
    """Tries everything that a prediction says it accepts or does not."""
    for wanted, accepted in prediction.accepts.items():
        attempt = reference.attempt(prediction, f"_{family}-microarch-level{wanted}", at)
        assert (wanted, attempt.installs) == (wanted, accepted)


@pytest.mark.parametrize("builds", WHOLE.builds)
@pytest.mark.parametrize("case", EXAMPLES, ids=str)
def test_accepts_is_what_the_reference_solver_does(
    reference: Reference, case: Case, builds: int
) -> None:
    prediction = replace(predict(*EXAMPLES[case], builds), packages=case.predicted)
    agree(reference, prediction, case.family, Shape((builds,)))


@pytest.mark.parametrize("case", EXAMPLES, ids=str)
def test_accepts_holds_for_the_whole_channel(reference: Reference, case: Case) -> None:
    prediction = replace(predict(*EXAMPLES[case]), packages=case.predicted)
    agree(reference, prediction, case.family, WHOLE)


def test_only_archspec_decides_what_the_channel_gives() -> None:
    names = {depends.partition(" ")[0] for p in channel.packages() for depends in p.depends}
    named = {re.split("[ =]", name)[0] for name in names}
    assert named == {"__archspec", LEVEL}


def test_every_recorded_answer_is_in_a_case() -> None:
    answered = [record for record in RECORDS if record["exit_code"] == 0]
    assert {id(record) for _, record, _ in ANSWERS} == {id(record) for record in answered}
    assert len(answered) > 600
    assert len({case.reported for case in EXAMPLES}) == 36
    assert {(case.family, case.regex) for case in EXAMPLES} == {
        ("x86_64", False), ("x86_64", True), ("ppc64le", False), ("ppc64le", True),
    }  # fmt: skip


@pytest.mark.parametrize("value", ["HASWELL", "x86_64_V3", "Haswell", "haswell"])
@pytest.mark.parametrize(
    ("kind", "version", "solver"),
    [("conda", "26.7.1", "classic"), ("conda", "26.7.1", "libmamba"),
     ("conda", "26.7.1", "rattler"), ("micromamba", "2.8.1", ""),
     ("rattler", "0.23.2", ""), ("rattler", "0.28.0", "")],
)  # fmt: skip
def test_capitals_in_an_override_are_predicted_alike_on_both_ways(
    reference: Reference, kind: str, version: str, solver: str, value: str
) -> None:
    given = Situation(CPU, MACHINE, {"CONDA_OVERRIDE_ARCHSPEC": value})
    database = microarch.release("0.2.7")
    parts = {"solver": solver} if solver else {}
    prediction = BY_KIND[kind].predict(version, parts, given, database, 4)
    if prediction.failure is None:
        agree(reference, prediction, "x86_64", WHOLE)
    else:
        assert value != "haswell"
