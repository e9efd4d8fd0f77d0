"""The command line: verbs, one small function each; standard output, exit status.

Standard output carries the result only. The terminal app is loaded in the one verb that needs it.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import Client, Cpu, Machine, Prediction, ProcessorGroup, Report
    from doctor.virtual import Situation


class Exit(IntEnum):
    """Exit status that scripts rely on."""

    OK = 0
    """Nothing at or above `--fail-on`."""
    FINDINGS = 1
    """Findings at or above `--fail-on`."""
    USAGE = 2
    """Wrong arguments, or a file that cannot be read."""
    INCOMPLETE = 3
    """A client hung or crashed, and nothing worse was found."""
    INTERRUPTED = 130
    """Ctrl-C."""


class UsageError(Exception):
    """What the user can mend: one sentence."""


class Parser(argparse.ArgumentParser):
    """argparse whose errors end in one line, and in JSON too where JSON was asked for."""

    def error(self, message: str) -> NoReturn:
        """Raises, so that `main` words all errors alike."""
        raise UsageError(f"{message} (see {self.prog} --help)")


def entry() -> NoReturn:
    """The command `envdoctor`."""
    status = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


def main(argv: Sequence[str]) -> int:
    """Runs one verb; returns the exit status and never raises for bad input."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(list(argv))
        return int(arguments.run(arguments))
    except UsageError as error:
        _complain(str(error), as_json="--json" in argv)
        return Exit.USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _complain(message: str, as_json: bool) -> None:
    line = _clean(" ".join(message.split()))
    if as_json:
        _out([json.dumps({"schema": 1, "error": line})])
    sys.stderr.write(f"envdoctor: {line}\n")


# --- arguments -------------------------------------------------------------------------------


def _parser() -> Parser:
    from doctor import __version__

    parser = Parser(
        prog="envdoctor",
        description="Finds out why CPU-specific conda packages install with one package manager "
        "and not with another. Without a verb: the terminal app.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"envdoctor {__version__}")
    _common(parser)
    parser.set_defaults(run=app)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", parser_class=Parser)
    for build in (_check_arguments, _machine_arguments, _level_arguments, _clients_arguments,
                  _predict_arguments):  # fmt: skip
        build(verbs)
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[Parser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    text: str,
) -> Parser:
    parser = verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(run=run)
    _common(parser)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="recording",
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="examine a recording instead of this machine",
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        default=argparse.SUPPRESS,
        help="one fact per line (automatic without a terminal)",
    )
    parser.add_argument("--limit", type=_seconds, default=argparse.SUPPRESS, metavar="SECONDS",
                        help="time that clients have to answer (default 10)")  # fmt: skip


def _formats(parser: argparse.ArgumentParser, markdown: bool = False) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="one JSON document")
    if markdown:
        group.add_argument("--markdown", action="store_true", help="ready to paste into an issue")


def _check_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    parser = _verb(verbs, "check", check, "run the checks and print the report")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help="only these checks")
    parser.add_argument("--list", action="store_true", help="list all checks")
    parser.add_argument("--fail-on", choices=("error", "warning", "never"), default="error")
    _formats(parser, markdown=True)


def _machine_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "CPU features by level, microarchitecture, and what is missing"
    _formats(_verb(verbs, "machine", machine, text))


def _level_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    parser = _verb(verbs, "level", level, "one word on one line, e.g. x86_64_v3")
    parser.add_argument("--cpuinfo", metavar="FILE", help="of the CPU that FILE describes")


def _clients_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    _formats(_verb(verbs, "clients", clients, "every client found, and its virtual packages"))


def _predict_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "what versions of clients would report and accept"
    parser = _verb(verbs, "predict", predict, text)
    parser.add_argument("versions", nargs="+", metavar="KIND=VERSION[,PART=VERSION...]")
    parser.add_argument("--cpuinfo", metavar="FILE", help="on the CPU that FILE describes")
    parser.add_argument("--subdir", metavar="S", help="solving for this subdir")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="with this environment variable",
    )
    parser.add_argument(
        "--builds",
        type=int,
        choices=range(5),
        default=4,
        metavar="N",
        help="with level builds of this number, 0 to 4 (default 4)",
    )
    _formats(parser)  # fmt: skip


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 600:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 600 seconds")
    return value


# --- verbs -----------------------------------------------------------------------------------


def app(arguments: argparse.Namespace) -> int:
    """The terminal app; the plain report where standard output is no terminal."""
    if _plain(arguments):
        defaults = {
            "checks": [],
            "list": False,
            "fail_on": "error",
            "json": False,
            "markdown": False,
        }
        return check(argparse.Namespace(**{**defaults, **vars(arguments)}))
    from doctor.tui.session import Session

    session = Session(_host(arguments), _limit(arguments))  # examines while Textual is imported
    from doctor.tui.app import run

    return run(session, _limit(arguments))


def check(arguments: argparse.Namespace) -> int:
    """`envdoctor check`."""
    from doctor import checks

    known = [entry.ID for entry in checks.CHECKS]
    for name in arguments.checks:
        if name not in known:
            raise UsageError(f"there is no check {name!r}{_near(name, known)}; --list lists them")
    if arguments.list:
        return _list_checks(arguments)
    report = _examine(arguments)
    if arguments.checks:
        from msgspec.structs import replace

        report = replace(report, findings=checks.run(report, arguments.checks))
    _print_report(arguments, report)
    return _status(report, arguments.fail_on)


def _list_checks(arguments: argparse.Namespace) -> int:
    from doctor import checks
    from doctor.report import document, text

    if arguments.json:
        rows = [{"id": c.ID, "symptom": c.SYMPTOM, "cause": c.CAUSE} for c in checks.CHECKS]
        _out([document.dumps({"checks": rows})])
    else:
        _out(text.table([(entry.ID, entry.SYMPTOM) for entry in checks.CHECKS]))
    return Exit.OK


def _print_report(arguments: argparse.Namespace, report: "Report") -> None:
    from doctor.report import document, markdown, text

    if arguments.json:
        _out([document.dumps(document.of_report(report))])
    elif arguments.markdown:
        _out(markdown.markdown(report))
    else:
        _out(text.plain(report) if _plain(arguments) else text.columns(report))


def _status(report: "Report", fail_on: str) -> int:
    from doctor.model import Severity

    found = {finding.severity for finding in report.findings}
    if fail_on == "never":
        return Exit.OK
    if Severity.ERROR in found or (fail_on == "warning" and Severity.WARNING in found):
        return Exit.FINDINGS
    return Exit.INCOMPLETE if Severity.UNKNOWN in found else Exit.OK


def machine(arguments: argparse.Namespace) -> int:
    """`envdoctor machine`."""
    from doctor.report import document, text

    read = _machine(arguments)
    if arguments.json:
        _out([document.dumps({"machine": document.of_machine(read)})])
    else:
        _out(text.plain_machine(read) if _plain(arguments) else text.machine_columns(read))
    return Exit.OK if read.microarchitecture.name else Exit.INCOMPLETE


def level(arguments: argparse.Namespace) -> int:
    """`envdoctor level`: the level that all processors share, or `unknown`."""
    from doctor.processors import processors, shared_level

    if arguments.cpuinfo:
        groups = _groups(arguments.cpuinfo)
    else:
        groups, trouble = processors(_host(arguments))
        if trouble:
            sys.stderr.write(f"envdoctor: {_clean(trouble)}\n")
    found = shared_level(groups)
    sys.stdout.write(f"{found or 'unknown'}\n")
    return Exit.OK if found else Exit.INCOMPLETE


def clients(arguments: argparse.Namespace) -> int:
    """`envdoctor clients`."""
    from doctor.report import document, text

    report = _examine(arguments)
    if arguments.json:
        _out([document.dumps({"clients": [document.of_client(c) for c in report.clients]})])
    elif _plain(arguments):
        _out(text.plain_clients(report.clients))
    else:
        _out(text.client_table(report.clients))
    silent = [c for c in report.clients if _silent(c)]
    return Exit.INCOMPLETE if silent else Exit.OK


def _silent(client: "Client") -> bool:
    answer = client.reported
    expected = client.prediction is not None and client.prediction.failure is not None
    return (answer is None or answer.virtual_packages is None) and not expected


def predict(arguments: argparse.Namespace) -> int:
    """`envdoctor predict`."""
    from doctor.report import document, text

    wanted = [_wanted(word) for word in arguments.versions]
    situation = _situation(arguments)
    rows = [_predict(kind, version, parts, situation, arguments.builds)
            for kind, version, parts in wanted]  # fmt: skip
    if arguments.json:
        _out([document.dumps({"predict": [document.of_prediction(row) for row in rows]})])
    else:
        _out(text.plain_predictions(rows) if _plain(arguments) else text.prediction_table(rows))
    return Exit.OK


def _wanted(word: str) -> tuple[str, str, dict[str, str]]:
    """`KIND=VERSION[,PART=VERSION...]`, checked."""
    from doctor.clients import BY_KIND

    pairs = [part.partition("=") for part in word.split(",")]
    for name, equals, value in pairs:
        if not (name and equals and value):
            raise UsageError(f"{word!r} is not KIND=VERSION[,PART=VERSION...]")
    (kind, _, version), parts = pairs[0], {name: value for name, _, value in pairs[1:]}
    if kind not in BY_KIND:
        raise UsageError(f"there is no client kind {kind!r}{_near(kind, list(BY_KIND))}; "
                         f"known are {', '.join(BY_KIND)}")  # fmt: skip
    if not version[0].isdigit():
        raise UsageError(f"{version!r} is not a version of {kind}")
    known = {"conda": ("archspec", "solver"), "mamba": ("archspec", "conda", "libmambapy"),
             "pixi": ("archspec",)}.get(kind, ())  # fmt: skip
    for name in parts:
        if name not in known:
            raise UsageError(f"{kind} has no part {name!r}; known are {', '.join(known) or 'none'}")
    if parts.get("solver", "classic") not in ("classic", "libmamba", "rattler"):
        raise UsageError(f"{parts['solver']!r} is not a solver: classic, libmamba, rattler")
    return kind, version, parts


def _predict(
    kind: str, version: str, parts: dict[str, str], situation: "Situation", builds: int
) -> "Prediction":
    from msgspec.structs import replace

    from doctor import microarch
    from doctor.clients import BY_KIND

    assumed: tuple[str, ...] = ()
    release = parts.get("archspec")
    if (kind != "conda" and kind != "mamba") or release == "none":
        database = None
    elif release is None:
        database = microarch.release(microarch.newest_release())
        assumed = (f"archspec {database.release} in base",) if kind == "conda" else ()
    else:
        try:
            database = microarch.release(release)
        except ValueError as error:
            raise UsageError(str(error)) from None
    prediction = BY_KIND[kind].predict(version, parts, situation, database, builds)
    return replace(prediction, assumes=(*assumed, *prediction.assumes))


def _situation(arguments: argparse.Namespace) -> "Situation":
    from msgspec.structs import replace

    from doctor import machine as machines
    from doctor.model import System
    from doctor.virtual import Situation

    read = machines.read(_host(arguments))
    cpu, system = read.cpu, read.system
    if arguments.cpuinfo:
        architecture = "ppc64" if arguments.subdir == "linux-ppc64" else None
        cpu = _groups(arguments.cpuinfo, architecture)[0].cpu
        native = _native_subdir(cpu)
        if native != system.subdir:
            os_name = (native or "").partition("-")[0]
            system = System(os=os_name or None, subdir=native, cuda=system.cuda)
        system = replace(system, subdir=native)
    env = dict(read.settings)
    for word in arguments.set:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise UsageError(f"--set {word!r} is not NAME=VALUE")
        env[name] = value
    return Situation(cpu, system, env, subdir=arguments.subdir)


def _native_subdir(cpu: "Cpu") -> str | None:
    """Subdir of the machine that a CPU description comes from."""
    from doctor.machine import subdir

    architecture = cpu.architecture or ""
    if cpu.system == "darwin":
        return subdir("Darwin", "arm64" if architecture == "aarch64" else architecture)
    if cpu.system == "windows":
        return subdir("Windows", "AMD64")
    return subdir("Linux", architecture)


# --- shared ----------------------------------------------------------------------------------


def _host(arguments: argparse.Namespace) -> "Host":
    """The live machine, or the recording named by `--from`."""
    from doctor.host.live import LiveHost

    path = getattr(arguments, "recording", None)
    if path is None:
        return LiveHost()
    from doctor.host.recorded import RecordedHost, UnreadableRecording, decode

    try:
        return RecordedHost(decode(_read_bytes(path)))
    except UnreadableRecording as error:
        raise UsageError(f"{path} {error}") from None


def _read_bytes(path: str) -> bytes:
    from doctor.host.live import read_bytes
    from doctor.host.recorded import MAX_RECORDING

    data, trouble = read_bytes(path, MAX_RECORDING)
    if data is None:
        raise UsageError(f"{path} {trouble}")
    return data


def _groups(path: str, architecture: str | None = None) -> "tuple[ProcessorGroup, ...]":
    from doctor import cpu as cpu_text
    from doctor.clean import clean
    from doctor.host.live import LiveHost

    file = LiveHost().read(path)
    if file.text is None:
        raise UsageError(f"{path} {file.trouble}")
    try:
        return cpu_text.parse(clean(file.text), architecture)
    except cpu_text.UnreadableCpu as error:
        raise UsageError(f"{path} {error}") from None


def _limit(arguments: argparse.Namespace) -> float:
    return float(getattr(arguments, "limit", 10.0))


def _examine(arguments: argparse.Namespace) -> "Report":
    from doctor.examine import examine

    host = _host(arguments)
    try:
        return examine(host, limit=_limit(arguments))
    finally:
        host.close()


def _machine(arguments: argparse.Namespace) -> "Machine":
    from doctor import machine as machines

    return machines.read(_host(arguments))


def _plain(arguments: argparse.Namespace) -> bool:
    return (
        getattr(arguments, "plain", False)
        or not sys.stdout.isatty()
        or os.environ.get("TERM") == "dumb"
        or bool(os.environ.get("ACCESSIBLE"))
    )


def _near(word: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def _clean(text: str) -> str:
    from doctor.clean import clean

    return clean(text)


def _out(lines: Iterable[str]) -> None:
    """Prints lines without control characters: what we show may come from anywhere."""
    for line in lines:
        sys.stdout.write("\n".join(_clean(part) for part in line.split("\n")) + "\n")
