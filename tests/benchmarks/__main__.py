"""`python -m tests.benchmarks [-n RUNS] [NAME ...]` measures and prints; it judges nothing.

Each figure pairs our command with what it is compared to, in turn, so that a machine that gets
slower meanwhile slows both.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests import DATA
from tests.benchmarks import disk, stage
from tests.benchmarks.keys import Terminal, keys

DOCTOR = [str(Path(sys.executable).with_name("envdoctor"))]
ARCHSPEC = [sys.executable, "-c", "import archspec.cpu as a; print(a.host().generic)"]


def wall(argv: Sequence[str], env: dict[str, str] | None = None) -> float:
    """Seconds that a command takes; whatever its exit status."""
    started = time.perf_counter()
    subprocess.run(argv, env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def paired(ours: Callable[[], float], theirs: Callable[[], float], runs: int) -> tuple[float, ...]:
    """Medians of both, and the median of the ratios pair by pair, after one warm-up."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(runs)]
    first, second = zip(*pairs, strict=True)
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(first), statistics.median(second), ratio


def show(name: str, goal: str, ours: float, theirs: float, figure: str) -> None:
    print(f"{name:34} {ours * 1000:7.0f} ms  against {theirs * 1000:7.0f} ms  {figure}  ({goal})")


def level(runs: int) -> None:
    """`envdoctor level` against asking archspec in a fresh Python."""
    ours, theirs, ratio = paired(lambda: wall([*DOCTOR, "level"]), lambda: wall(ARCHSPEC), runs)
    show("level", "at most 2", ours, theirs, f"ratio {ratio:.2f}")


def check(runs: int) -> None:
    """`envdoctor check --json` with several clients against the slowest client alone."""
    with tempfile.TemporaryDirectory() as folder:
        env, questions = stage.clients(Path(folder))
        slowest = max(questions, key=lambda argv: statistics.median(wall(argv, env) for _ in "123"))
        ours, theirs, _ = paired(
            lambda: wall([*DOCTOR, "check", "--json"], env), lambda: wall(slowest, env), runs
        )
        extra = f"+{ours - theirs:.2f} s"
        show(f"check with {len(questions)} clients", "at most +0.3 s", ours, theirs, extra)
        own, tree = stage.peak_memory([*DOCTOR, "check", "--json"], env)
    print(
        f"{'peak memory of check':34} {own:.0f} MiB, {tree:.0f} MiB with children  (under 64 MiB)"
    )


def first_frame(runs: int) -> None:
    """Until the app shows the microarchitecture, against a Textual app with one line."""
    name = subprocess.run([*DOCTOR, "level"], capture_output=True, text=True, check=True).stdout
    trivial = [sys.executable, str(Path(__file__).with_name("one_line_app.py"))]
    ours, theirs, ratio = paired(
        lambda: until_shown(DOCTOR, f"level {name.strip()}"),
        lambda: until_shown(trivial, "one line"),
        runs,
    )
    show("first frame with the level", "at most 1.5", ours, theirs, f"ratio {ratio:.2f}")


def envs(runs: int) -> None:
    """`envdoctor envs` against `grep` over the same records, and 100 environments against 10."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"HOME": folder, "PATH": os.environ["PATH"]}
        made = disk.prefixes(Path(folder) / "envs", 100)
        words = [str(prefix) for prefix in made]
        grep = ["grep", "-rlF", "microarch-level", *(f"{word}/conda-meta" for word in words)]
        command = [*DOCTOR, "envs", "--json"]
        ours, theirs, ratio = paired(
            lambda: wall([*command, *words], env), lambda: wall(grep), runs
        )
        show("envs, 100 of 300 records", "at most 1.5", ours, theirs, f"ratio {ratio:.2f}")
        many, few, growth = paired(
            lambda: wall([*command, *words], env), lambda: wall([*command, *words[:10]], env), runs
        )
        show("envs, 100 against 10", "at most 11", many, few, f"ratio {growth:.2f}")
        own, _ = stage.peak_memory([*command, *words], env)
    print(f"{'peak memory of envs':34} {own:.0f} MiB  (under 128 MiB)")


OPEN = """
import rattler, sys, time
started = time.perf_counter()
rattler.SparseRepoData(rattler.Channel("file:///channel"), "linux-64", sys.argv[1])
print(time.perf_counter() - started)
"""
READ = """
import sys, time
from doctor.host.channels import channel_copy
started = time.perf_counter()
assert channel_copy(sys.argv[1]).users
print(time.perf_counter() - started)
"""


def repodata(runs: int) -> None:
    """Reading a cached channel against the time that py-rattler needs to open it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "miniforge3" / "pkgs" / "cache" / "09cdf8bf.json"
        disk.channel_copy(path, 200_000)
        ours, theirs, ratio = paired(lambda: said(READ, path), lambda: said(OPEN, path), runs)
        show("channel copy, 200,000 records", "under 3", ours, theirs, f"ratio {ratio:.2f}")
        env = {"HOME": folder, "PATH": os.environ["PATH"]}
        own, _ = stage.peak_memory([*DOCTOR, "envs", "--json"], env)
    print(f"{'peak memory of envs with it':34} {own:.0f} MiB  (under 128 MiB)")


OPENED = """
import sys, time
import doctor.caches, doctor.checks, doctor.projects, doctor.report.text
from doctor.bundle.making import replayed
from doctor.bundle.opening import opened
data = open(sys.argv[1], "rb").read()
started = time.perf_counter()
report = replayed(opened(data).recording)
assert len(report.environments) > 100 and report.findings
print(time.perf_counter() - started)
"""
MADE = """
import sys, time
from doctor.bundle.making import make, replayed, zipped
from doctor.bundle.opening import opened
from doctor.host.identity import identity
recording = opened(open(sys.argv[1], "rb").read()).recording
report, who = replayed(recording), identity()
started = time.perf_counter()
zipped(make(recording, report, who))
print(time.perf_counter() - started)
"""


def bundles(runs: int) -> None:
    """Opening and judging a bundle of 100 environments, and making one, against `--version`.

    What opening takes of the processor is its work, whatever else runs meanwhile; it includes
    loading py-rattler, which reads requirements.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = stage.bundle(Path(folder) / "x.zip", 100)
        for name, goal, script in (
            ("work of opening and judging", "under 100 ms", on_processor(OPENED)),
            ("opening and judging, wall", "no goal", OPENED),
            ("making a bundle", "no goal", MADE),
        ):
            ours, theirs, ratio = paired(
                partial(said, script, path), lambda: wall([*DOCTOR, "--version"]), runs
            )
            show(name, goal, ours, theirs, f"ratio {ratio:.2f}")
        command = [*DOCTOR, "check", "--json", "--from", str(path)]
        ours, theirs, _ = paired(lambda: wall(command), lambda: wall([*DOCTOR, "--version"]), runs)
        show("check of a bundle, all of it", "no goal", ours, theirs, f"+{ours - theirs:.2f} s")


def on_processor(script: str) -> str:
    """The script with the processor's time in the place of the clock's."""
    return script.replace("perf_counter", "process_time")


def said(script: str, path: Path) -> float:
    """Seconds that a script in a fresh Python says that its work took."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def compare(runs: int) -> None:
    """`envdoctor compare` over 1,000 bundles, and 10,000 against them; at most three pairs."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        stage.fleets({few: 1000, many: 10_000})
        command = [*DOCTOR, "compare", "--json"]
        more, less, growth = paired(
            lambda: wall([*command, str(many)]), lambda: wall([*command, str(few)]), min(runs, 3)
        )
        show("compare, 10,000 against 1,000", "about 10", more, less, f"ratio {growth:.2f}")
        peaks = [stage.peak_memory([*command, str(fleet)], dict(os.environ))[0]
                 for fleet in (few, many)]  # fmt: skip
    print(f"{'compare, 1,000 bundles':34} {less:.2f} s  (under 5 s)")
    print(f"{'peak memory of that, of 10,000':34} {peaks[0]:.0f} MiB, {peaks[1]:.0f} MiB  "
          "(under 256 MiB)")  # fmt: skip


def until_shown(argv: Sequence[str], text: str) -> float:
    """Seconds that a program works until a terminal of 80x24 shows `text`.

    Its processors' seconds, so that other work beside it does not count.
    """
    terminal = Terminal(argv)
    try:
        terminal.until(text)
        return terminal.busy()
    finally:
        terminal.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=11, metavar="RUNS")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these benchmarks")
    args = parser.parse_args()
    for benchmark in (level, check, first_frame, envs, repodata, compare, bundles, keys):
        if not args.names or benchmark.__name__ in args.names:
            benchmark(args.n)


if __name__ == "__main__":
    assert DATA.is_dir()
    main()
