"""What the arguments name: the live machine, a recording, a CPU description."""

import argparse
import sys
from typing import TYPE_CHECKING

from doctor.cli.output import UsageError, safe

if TYPE_CHECKING:
    from doctor.host import Host
    from doctor.model import Machine, ProcessorGroup, Report
    from doctor.settings import Kept


def host_of(arguments: argparse.Namespace) -> "Host":
    """The live machine, or the recording named by `--from`."""
    path = getattr(arguments, "recording", None)
    if path is None:
        return live_host()
    from doctor.bundle.opening import UnreadableBundle, UnreadableRecording, opened
    from doctor.host.recorded import RecordedHost

    try:
        found = opened(_read_bytes(path))
    except (UnreadableRecording, UnreadableBundle) as error:
        raise UsageError(f"{path} {error}") from None
    return RecordedHost(found.recording, found.omissions)


def live_host() -> "Host":
    """This machine, with a place for the reproduction channel."""
    from doctor.host.live import LiveHost

    return LiveHost({"@channel@": _channel})


def _read_bytes(path: str) -> bytes:
    from doctor.host.files import read_bytes
    from doctor.host.recorded import MAX_RECORDING

    data, trouble = read_bytes(path, MAX_RECORDING)
    if data is None:
        raise UsageError(f"{path or repr(path)} {trouble}")
    return data


def read_cpu(path: str, architecture: str | None = None) -> "tuple[ProcessorGroup, ...]":
    """The processors that a file describes."""
    from doctor import cpu as cpu_text
    from doctor.clean import clean
    from doctor.host.live import LiveHost

    file = LiveHost().read(path)
    if file.text is None:
        raise UsageError(f"{path or repr(path)} {file.trouble}")
    try:
        return cpu_text.parse(clean(file.text), architecture)
    except cpu_text.UnreadableCpu as error:
        raise UsageError(f"{path} {error}") from None


def machine_of(arguments: argparse.Namespace, host: "Host") -> "Machine":
    """The machine of a host, or one with the CPU that `--cpuinfo` names."""
    from doctor import machine as machines

    read = machines.read(host)
    if getattr(arguments, "cpuinfo", None) is None:
        return read
    return machines.of_cpu(read_cpu(arguments.cpuinfo), read.system)


def kept_of(arguments: argparse.Namespace, say: bool = True) -> "Kept":
    """The settings that the user kept, read once; what of them cannot be used is said then."""
    known: Kept | None = getattr(arguments, "kept", None)
    if known is None:
        from doctor import settings

        arguments.kept = known = settings.read(settings.place())
        if known.trouble and say:
            sys.stderr.write(f"envdoctor: {safe(known.trouble)}\n")
    return known


def limit_of(arguments: argparse.Namespace) -> float:
    """Seconds that clients have to answer."""
    return float(getattr(arguments, "limit", None) or kept_of(arguments).settings.limit)


def as_kept(arguments: argparse.Namespace, report: "Report") -> "Report":
    """The report with what the user muted for good."""
    from doctor.muting import mute

    if getattr(arguments, "cpuinfo", None) is not None:
        return report  # that is about another machine
    return mute(report, kept_of(arguments).settings.muted)


def examine_host(arguments: argparse.Namespace) -> "Report":
    """The whole report; no child outlives it."""
    from doctor.examine import examine

    host = host_of(arguments)
    try:
        return examine(host, limit=limit_of(arguments))
    finally:
        host.close()


def read_machine(arguments: argparse.Namespace) -> "Machine":
    """The machine alone, without asking clients."""
    from doctor import machine as machines

    return machines.read(host_of(arguments))


def _channel(scratch: str) -> str:
    """Where the reproduction channel is, made when a command first needs it."""
    from doctor.explain import place

    return place(scratch)
