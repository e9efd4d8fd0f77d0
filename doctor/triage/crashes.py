"""Illegal instruction in a log: how programs, shells and kernels say it, and what they name.

A mention in prose is none: the words count where a message begins with them, or where only a
program, a shell or a kernel says them so. Sources: glibc's and Darwin's strsignal; bash, zsh and
fish; the kernel's arch/x86/kernel/traps.c; Python's faulthandler and subprocess; Julia, R, Rust,
Go, Open MPI, systemd, strace, CTest, make, Nextflow and joblib, as quoted in the threads below.
"""

import re
from collections.abc import Iterator

from doctor.model import Remedy, Type

UNMARKED = "unmarked-native-build-sigill"

ADVICE = (
    "Run it on a machine with a newer CPU, where there is one; nothing changes.",
    "Look which package the crashed file is of: the records of the active environment name them.",
    "Take another build or another version of that package, or its authors' own build for any CPU.",
    "Tell the package's recipe of it, with the line of features that this CPU has.",
    "Do not set CONDA_OVERRIDE_ARCHSPEC: it does not help, since nothing in such a package asks "
    "for a level.",
)
"""From the safest on."""

_WORDS = r"[Ii]llegal (?:hardware )?instruction"
_BEGINS = r"(?:^\s*|(?<!SIGILL)[:>\]]\s{1,8}|\d\s{1,8}|SIGILL, )"
_ENDS = r"(?:\.?\s*$|\s*\((?:core dumped|SIGILL|4\))|:\s*4\b|\s{2,}\S)"

PATTERN = "|".join((
    rf"{_BEGINS}{_WORDS}{_ENDS}", r"line \d+:\s+\d+ Illegal instruction\b",
    r"signal: illegal instruction\b", r"trap invalid opcode", r"caught illegal operation",
    r"cause 'illegal op", r"signal SIGILL(?:\s*$|[,)]|\s*\()",
    r"(?:killed|terminated) by SIGILL(?:\s*$|[,)]|\s*[(+])", r"SIGILL \(0x4\)",
    r"Signals\.SIGILL\b", r"SIGILL\(-4\)", r"exitcode=-SIGILL", r"signal: 4, SIGILL",
    r"\bsignal \(4(?:\.\d)?\)", r"Signal: 4 \(ILL\)",
    r"status=4/ILL", r"(?<!action of )signal (?:number )?4 \(?(?:SIGILL|Illegal)",
    r"(?:terminated|killed) by signal 4\b", r"\*\*\*Exception: Illegal\b",
    r"(?i:exit(?:ed)?(?: with)?(?: non-zero)?(?: exit)? (?:code|status):?\s{1,20}\(?(?:132|-4)\b)",
    r"non-zero code: 132\b", r"Exited \(132\)", r"ExitCode[=:]\s?132\b", r"\] Error 132\b",
    r"\(Exit 132\)", r"(?i:0xC000001D\b)", r"-1073741795\b", r"EXCEPTION_ILLEGAL_INSTRUCTION",
    r"CPU ISA level is lower than required", r"CPU does not support x86-64-v\d",
    r"was compiled to use \S.{0,80} instructions, but these aren't available",
    r"was built with baseline optimizations:.{0,400}but your machine doesn't support",
))  # fmt: skip
LIKE = (
    "Illegal instruction (core dumped)", "illegal hardware instruction", "trap invalid opcode",
    "Fatal Python error: Illegal instruction", "exited with code 132",
)  # fmt: skip
"""How it is said most often, for a log that comes close."""

_NAME = r"([\w.+-]{1,100})"
_ON_THE_LINE = (
    re.compile(rf"trap invalid opcode\b.{{0,200}}? in {_NAME}(?:\[|\s|$)"),
    re.compile(rf"{_NAME}\[\d{{1,9}}\]:? trap invalid opcode"),
    re.compile(rf"{_WORDS}(?:: \d)?\s*\((?:core dumped|SIGILL)\)\s+(?:\S{{0,200}}/)?{_NAME}"),
    re.compile(rf"{_WORDS}(?:: \d)?\s{{2,}}(?:\S{{0,200}}/)?{_NAME}"),
    re.compile(
        rf"Command [\[\"']{{1,3}}(?:[^\"'\s]{{0,200}}/)?{_NAME}[\"'\s;].{{0,2000}}"
        r"(?:Signals\.SIGILL|exit status 132\b)"
    ),
    re.compile(rf"Job \d{{1,9}}, '(?:\S{{0,200}}/)?{_NAME}.{{0,200}}SIGILL"),
    re.compile(rf"{_NAME}: CPU ISA level is lower"),
    re.compile(rf"{_NAME}(?: library)? was (?:compiled to use|built with baseline)"),
)
_AROUND = (
    re.compile(r"^#0 .{0,500} from (?:\S{0,300}/)?([\w.+-]{1,100})\s*$"),
    re.compile(rf"^#\s+C\s+\[{_NAME}\+0x"),
    re.compile(rf"File \"[^\"]{{0,400}}/site-packages/{_NAME}"),
    re.compile(rf"Process \d{{1,9}} \({_NAME}\) of user"),
    re.compile(rf"Executable: (?:\S{{0,300}}/)?{_NAME}"),
)
_NEAR = 12
"""Lines after and before the crash among which debuggers and journals name its place."""


def culprit(lines: list[str], number: int) -> str | None:
    """The library or program that the lines around a crash name, `number` counting from 1."""
    line = lines[number - 1]
    for pattern in _ON_THE_LINE:
        named = pattern.search(line)
        if named is not None:
            return named[1]
    near = (*lines[number : number + _NEAR], *lines[max(0, number - 1 - _NEAR) : number - 1])
    for other in near:
        for pattern in _AROUND:
            named = pattern.search(other)
            if named is not None:
                return named[1]
    return None


def remedies(name: str | None) -> Iterator[Remedy]:
    """What helps where a package was built for a newer CPU without saying so."""
    newer, whose, other, tell, never = ADVICE
    yield Remedy(newer)
    if name:
        yield Remedy(whose, (Type(f'grep -l "{name}" "$CONDA_PREFIX"/conda-meta/*.json'),))
    yield Remedy(other)
    yield Remedy(tell, (Type("grep -m1 flags /proc/cpuinfo"),))
    yield Remedy(never)
