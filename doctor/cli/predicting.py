"""`envdoctor predict`: versions from the command line -> what they would report and accept."""

import argparse
import re
from typing import TYPE_CHECKING

from doctor.cli.output import Exit, UsageError, is_plain, nearest, out, out_json
from doctor.cli.sources import host_of, read_cpu

if TYPE_CHECKING:
    from doctor.model import Prediction
    from doctor.virtual import Situation


def predict(arguments: argparse.Namespace) -> int:
    """`envdoctor predict`: on this machine as it is, or on another CPU with nothing set."""
    from doctor.report import document, text

    wanted = [_wanted(word) for word in arguments.versions]
    situation = _situation(arguments)
    rows = [_predict(kind, version, parts, situation, arguments.builds)
            for kind, version, parts in wanted]  # fmt: skip
    if arguments.json:
        out_json({"predict": [document.of_prediction(row) for row in rows]})
    else:
        out(text.plain_predictions(rows) if is_plain(arguments) else text.prediction_table(rows))
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
        raise UsageError(f"there is no client kind {kind!r}{nearest(kind, list(BY_KIND))}; "
                         f"known are {', '.join(BY_KIND)}")  # fmt: skip
    if not re.fullmatch(r"[0-9][0-9A-Za-z.+_-]{0,60}", version):
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
    if kind == "rattler" and situation.subdir not in (None, situation.native):
        assumed = ("py-rattler looks at the machine, whatever the subdir",)
    prediction = BY_KIND[kind].predict(version, parts, situation, database, builds)
    return replace(prediction, assumes=(*assumed, *prediction.assumes))


def _situation(arguments: argparse.Namespace) -> "Situation":
    from doctor import machine as machines
    from doctor.virtual import Situation

    machine = machines.read(host_of(arguments))
    env = dict(machine.settings)
    if arguments.cpuinfo is not None:
        groups = read_cpu(arguments.cpuinfo)
        if arguments.subdir == "linux-ppc64" and groups[0].cpu.architecture == "ppc64le":
            groups = read_cpu(arguments.cpuinfo, "ppc64")
        machine = machines.of_cpu(groups, machine.system)
        env = {}
    for word in arguments.set:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise UsageError(f"--set {word!r} is not NAME=VALUE")
        env[name] = value
    return Situation(machine.cpu, machine.system, env, subdir=arguments.subdir)
