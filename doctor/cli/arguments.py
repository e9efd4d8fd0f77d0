"""The arguments of every verb, as users and scripts meet them."""

import argparse
from collections.abc import Callable
from typing import NoReturn

from doctor.cli import verbs as run
from doctor.cli.bundling import bundle, open_bundle
from doctor.cli.comparing import compare
from doctor.cli.completion import SHELLS, WHERE, completion
from doctor.cli.environments import envs
from doctor.cli.explaining import explain
from doctor.cli.fixing import fix
from doctor.cli.output import UsageError
from doctor.cli.predicting import predict
from doctor.cli.projecting import project
from doctor.cli.triaging import triage


class Parser(argparse.ArgumentParser):
    """argparse whose errors end in one line, and in JSON too where JSON was asked for."""

    def error(self, message: str) -> NoReturn:
        """Raises, so that `main` words all errors alike."""
        raise UsageError(f"{message} (see {self.prog} --help)")


def parser() -> Parser:
    """The parser of all verbs; parsed arguments carry their function in `run`."""
    from doctor import __version__

    parser = Parser(
        prog="envdoctor",
        description="Finds out why CPU-specific conda packages install with one package manager "
        "and not with another. Without a verb: the terminal app.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"envdoctor {__version__}")
    _common(parser)
    _mouse(parser)
    parser.set_defaults(run=run.app)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", parser_class=Parser)
    for build in (_check_arguments, _machine_arguments, _level_arguments, _clients_arguments,
                  _predict_arguments, _explain_arguments, _envs_arguments,
                  _project_arguments, _triage_arguments, _fix_arguments,
                  _bundle_arguments, _open_arguments, _compare_arguments,
                  _completion_arguments):  # fmt: skip
        build(verbs)
    return parser


def _verb(
    verbs: "argparse._SubParsersAction[Parser]",
    name: str,
    function: Callable[[argparse.Namespace], int],
    text: str,
) -> Parser:
    parser = verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(run=function)
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
        help="one fact per line (automatic without a terminal), and the app line by line",
    )
    parser.add_argument(
        "--limit",
        type=_seconds,
        default=argparse.SUPPRESS,
        metavar="SECONDS",
        help="time that clients have to answer (default: the setting that was kept, else 10)",
    )


def _mouse(parser: argparse.ArgumentParser) -> None:
    text = "keys only: the terminal's own selecting works, and no mouse reports can be left on"
    parser.add_argument("--no-mouse", action="store_true", default=argparse.SUPPRESS, help=text)


def _formats(parser: argparse.ArgumentParser, markdown: bool = False) -> None:
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--json", action="store_true", help="one JSON document")
    if markdown:
        group.add_argument("--markdown", action="store_true", help="ready to paste into an issue")


def _check_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    parser = _verb(verbs, "check", run.check, "run the checks and print the report")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help="only these checks")
    listing = "list all known problems; with names, the whole page of each"
    parser.add_argument("--list", action="store_true", help=listing)
    parser.add_argument("--fail-on", choices=("error", "warning", "never"), default="error",
                        help="findings that make the exit status 1 (default error)")  # fmt: skip
    _formats(parser, markdown=True)


def _machine_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "CPU features by level, microarchitecture, and what is missing"
    _formats(_verb(verbs, "machine", run.machine, text))


def _level_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    parser = _verb(verbs, "level", run.level, "one word on one line, e.g. x86_64_v3")
    parser.add_argument("--cpuinfo", metavar="FILE", help="of the CPU that FILE describes")


def _clients_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    _formats(_verb(verbs, "clients", run.clients, "every client found, and its virtual packages"))


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


def _explain_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "which client can install a requirement or package file here, and why not"
    parser = _verb(verbs, "explain", explain, text)
    parser.add_argument("requirements", nargs="+", metavar="SPEC|FILE")
    _other_cpu(parser)
    _formats(parser)


def _envs_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "the level that each environment needs, against this CPU; and what cached channels offer"
    parser = _verb(verbs, "envs", envs, text)
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="only these environments")
    _other_cpu(parser)
    _formats(parser)


def _project_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "lines of project files and recipes that are tied to a CPU, and the corrected lines"
    parser = _verb(verbs, "project", project, text)
    parser.add_argument("path", nargs="?", metavar="PATH", help="folder or file (default: here)")
    _other_cpu(parser)
    _formats(parser)


def _triage_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "recognises the error log of a client, and looks whether this machine has the problem"
    parser = _verb(verbs, "triage", triage, text)
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="or - for a pipe")
    _formats(parser)


def _fix_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "the ways out of a finding: show them, try them, apply one after a question"
    parser = _verb(verbs, "fix", fix, text)
    named = "id of a finding, id of a check, or a requirement that fails"
    parser.add_argument("finding", nargs="?", metavar="FINDING", help=named)
    log = "begin at what an error log shows; - is a pipe"
    parser.add_argument("--log", metavar="FILE", help=log)
    parser.add_argument("--remedy", metavar="NAME", help="only this one")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--try", dest="trial", action="store_true",
                       help="ask solvers before and after, changing nothing")  # fmt: skip
    group.add_argument("--apply", action="store_true", help="do it, after showing it and asking")
    group.add_argument("--undo", action="store_true", help="put edited files back")
    parser.add_argument("--yes", action="store_true", help="do not ask (with --apply)")
    _formats(parser)


def _bundle_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "a diagnostic bundle for somebody else, without names and secrets, shown before"
    parser = _verb(verbs, "bundle", bundle, text)
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="a new .zip (default: named by time)"
    )
    parser.add_argument("--hide", action="append", default=[], metavar="WORD",
                        help="one more word to hide, wherever it stands")  # fmt: skip
    parser.add_argument("--without", action="append", default=[], metavar="NAME",
                        help="leave out this file of the preview")  # fmt: skip
    text = "print the text of every file, or of one, and write nothing"
    parser.add_argument("--show", nargs="?", const="", metavar="NAME", help=text)
    parser.add_argument("--no-redact", action="store_true", help="hide nothing; asks for a word")
    parser.add_argument("--over", action="store_true", help="replace a file that is there")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    _formats(parser)


def _open_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    parser = _verb(verbs, "open", open_bundle, "the terminal app on a bundle")
    parser.add_argument("file", metavar="FILE")
    _mouse(parser)


def _compare_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "what differs between machines, and the level that all of them share"
    parser = _verb(verbs, "compare", compare, text)
    named = "a bundle, a recording, a `check --json` report, or a folder of them"
    parser.add_argument("files", nargs="+", metavar="FILE", help=named)
    parser.add_argument("--fail-on", choices=("error", "warning", "never"), default="error",
                        help="findings that not all machines have (default error)")  # fmt: skip
    _formats(parser, markdown=True)


def _completion_arguments(verbs: "argparse._SubParsersAction[Parser]") -> None:
    text = "a script that lets a shell complete verbs, options, files and names with Tab"
    parser = verbs.add_parser("completion", help=text, description=f"Prints {text}.",
                              epilog=WHERE, allow_abbrev=False,
                              formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))
    parser.set_defaults(run=completion)


def _other_cpu(parser: argparse.ArgumentParser) -> None:
    text = "on the CPU that FILE describes (/proc/cpuinfo of a compute node, for example)"
    parser.add_argument("--cpuinfo", metavar="FILE", help=text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from None
    if not 0 < value <= 600:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 600 seconds")
    return value
