"""Which fields of a recording may leave at all: the first net, before any pattern is looked for.

A field that is not listed here is left out, with the reason; what is listed is cut down to what
envdoctor makes something of.
"""

import json
import re
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from doctor.host.recorded import Recording
from doctor.model import File, Lines, Omission
from doctor.redact import outputs, project, startup

ENV_PREFIXES = ("CONDA_OVERRIDE_", "ARCHSPEC_", "MAMBA_EXPERIMENTAL_")
ENV_NAMES = frozenset((
    "CONDA_SUBDIR", "CONDA_SOLVER", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "MAMBA_PLATFORM",
    "PIXI_OVERRIDE_PLATFORM", "CONDA_NO_PLUGINS", "CONDA_EXE", "_CONDA_EXE", "CONDA_PYTHON_EXE",
    "MAMBA_EXE", "_CONDA_ROOT", "CX_PREFIX", "MAMBA_ROOT_PREFIX", "CONDA_PREFIX", "VIRTUAL_ENV",
    "CONDA_ENVS_DIRS", "CONDA_ENVS_PATH", "CONDA_PKGS_DIRS", "PIXI_HOME", "PIXI_CACHE_DIR",
    "RATTLER_CACHE_DIR", "XDG_CACHE_HOME", "APPTAINER_NAME", "SINGULARITY_NAME",
))  # fmt: skip
"""Variables whose value may leave: the doctor asks for no others, and none of them is a secret."""

NOT_LISTED = "is on no list of values that may leave"
NOT_READ = "is no file that envdoctor reads for a diagnosis"
NO_FORM = "is no project file that envdoctor knows"
ONLY_LINES = "only the lines that envdoctor makes something of are in it"


class Reduced(Struct, frozen=True):
    """A recording with what may leave, and what was left out of it."""

    recording: Recording
    omissions: tuple[Omission, ...]


def reduced(recording: Recording) -> Reduced:
    """The recording's fields that may leave."""
    parts = project.cut(recording)
    smaller = parts.recording
    env = {name: value for name, value in recording.env.items() if _is_listed(name)}
    files: dict[str, File] = {}
    omissions = [Omission(f"variable {name}", NOT_LISTED) for name in recording.env
                 if name not in env]  # fmt: skip
    omissions += [Omission(path, NO_FORM) for path in sorted(parts.other)]
    for path, file in smaller.files.items():
        kept, why = _file(file, path in parts.paths)
        if kept is not None:
            files[path] = kept
        if why or (kept is not None and kept.text != recording.files[path].text):
            omissions.append(Omission(path, why or ONLY_LINES))
    lines, left = _lines(smaller)
    omissions += left
    omissions += [Omission(f"output of {' '.join(said.argv[:4])}", outputs.LEFT_OUT)
                  for said in recording.transcripts if outputs.lists_settings(said)]  # fmt: skip
    whole = replace(
        smaller,
        env=env,
        files=files,
        lines=lines,
        folders=dict(_folders(smaller, lines)),
        transcripts=tuple(map(outputs.cut, recording.transcripts)),
        guides=tuple(map(outputs.cut_guide, recording.guides)),
    )
    return Reduced(whole, tuple(omissions))


def _is_listed(name: str) -> bool:
    return name in ENV_NAMES or name.startswith(ENV_PREFIXES)


# --- files -----------------------------------------------------------------------------------


def _file(file: File, of_project: bool) -> tuple[File | None, str]:
    """What of a file may leave, and why it may not."""
    if file.text is None:
        return file, ""
    if of_project:
        return file, ""
    for sign, cut in _CUTS:
        if re.search(sign, file.path):
            return replace(file, text=cut(file.text)), ""
    return None, NOT_READ


def _as_it_is(text: str) -> str:
    return text


def _cpuinfo(text: str) -> str:
    return re.sub(r"(?im)^serial\s*:.*\n?", "", text)


def _options(text: str) -> str:
    """Of the kernel's command line only what hides CPU features."""
    found = re.findall(r"\b(?:clearcpuid=\S+|noxsave\S*|nosmap|nosmep|noavx\S*)", text)
    return " ".join(found)


def _group(text: str) -> str:
    found = re.search(r"(docker|kubepods|lxc|containerd)", text)
    return found[1] if found else ""


def _toolkit(text: str) -> str:
    found = re.search(r'"cuda"\s*:\s*\{[^}]*"version"\s*:\s*"([\d.]{1,20})"', text)
    return json.dumps({"cuda": {"version": found[1]}}) if found else ""


def _system(text: str) -> str:
    wanted = r"(?m)^(?:NAME|PRETTY_NAME|ID|ID_LIKE|VERSION|VERSION_ID)=.*\n?"
    return "".join(re.findall(wanted, text))


def _paths_only(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if re.match(r"\s*([/\\]|[A-Za-z]:)", line))


_CUTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"^/proc/cpuinfo$", _cpuinfo),
    (r"^/(etc|usr/lib)/os-release$", _system),
    (r"^/etc/debian_version$", _as_it_is),
    (r"^/sys/class/dmi/id/(sys_vendor|product_name)$", _as_it_is),
    (r"^/proc/cmdline$", _options),
    (r"^/proc/1/cgroup$", _group),
    (r"^/usr/local/cuda/version\.json$", _toolkit),
    (r"[/\\]\.conda[/\\]environments\.txt$", _paths_only),
    (r"[/\\]microarchitectures\.json$", _as_it_is),
)


# --- lines and folders -----------------------------------------------------------------------


def _lines(recording: Recording) -> tuple[dict[str, Lines], list[Omission]]:
    """Lines of start-up files that say something; files without any are not mentioned."""
    found, omissions = {}, []
    for path, lines in recording.lines.items():
        cut = startup.cut(lines)
        if cut.found:
            found[path] = cut
        if cut.found != lines.found:
            omissions.append(Omission(path, ONLY_LINES))
    return found, omissions


def _folders(
    recording: Recording, lines: dict[str, Lines]
) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """Listings; of folders of start-up files only those files that say something."""
    for key, names in recording.folders.items():
        folder = key.partition("\n")[0]
        if names and re.search(r"[/\\](?:profile|activate)\.d$", folder):
            names = tuple(name for name in names if _path(folder, name) in lines)
        yield key, names


def _path(folder: str, name: str) -> str:
    return f"{folder}\\{name}" if "\\" in folder else f"{folder}/{name}"
