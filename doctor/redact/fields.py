"""Which fields of a recording may leave at all: the first net, before any pattern is looked for.

A field that is not listed here is left out, with the reason; a file that is listed is cut down to
what envdoctor reads of it.
"""

import json
import re
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from doctor.clients.asking import MARK, NoAnswer, read_json, read_packages
from doctor.host.recorded import Recording
from doctor.model import File, Transcript

ENV_PREFIXES = ("CONDA_OVERRIDE_", "ARCHSPEC_", "MAMBA_EXPERIMENTAL_")
ENV_NAMES = frozenset((
    "CONDA_SUBDIR", "CONDA_SOLVER", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "MAMBA_PLATFORM",
    "PIXI_OVERRIDE_PLATFORM", "CONDA_NO_PLUGINS", "CONDA_EXE", "_CONDA_EXE", "CONDA_PYTHON_EXE",
    "MAMBA_EXE", "_CONDA_ROOT", "CX_PREFIX", "MAMBA_ROOT_PREFIX", "CONDA_PREFIX", "VIRTUAL_ENV",
    "CONDA_ENVS_DIRS", "CONDA_ENVS_PATH", "CONDA_PKGS_DIRS", "PIXI_HOME", "PIXI_CACHE_DIR",
    "RATTLER_CACHE_DIR", "XDG_CACHE_HOME", "APPTAINER_NAME", "SINGULARITY_NAME",
))  # fmt: skip
"""Variables whose value may leave: the doctor asks for no others, and none of them is a secret."""

ANSWER_KEYS = frozenset(
    ("virtual packages", "virtual_pkgs", "virtual_packages", "libmamba version", "version",
     "micromamba version", "mamba version", "conda_version", "rattler_version", "platform",
     "base environment", "solver", "override_virtual_packages", "error", "exception_name",
     "message", "cpuid")
)  # fmt: skip
"""Keys of a client's answer that are read; channels, proxies and user agents are not."""

MAX_OUTPUT = 20_000
"""Characters of an output that is no JSON, which are kept from its end."""


class Omission(Struct, frozen=True):
    """Something that was left out, and why."""

    what: str
    reason: str


class Reduced(Struct, frozen=True):
    """A recording with what may leave, and what was left out of it."""

    recording: Recording
    omissions: tuple[Omission, ...]


def reduced(recording: Recording, without: frozenset[str] = frozenset()) -> Reduced:
    """The recording's fields that may leave; `without` are files that the user does not want."""
    omissions: list[Omission] = []
    env = {name: value for name, value in recording.env.items() if _is_listed(name)}
    omissions += [Omission(f"variable {name}", "is on no list of values that may leave")
                  for name in recording.env if name not in env]  # fmt: skip
    files: dict[str, File] = {}
    for path, file in recording.files.items():
        if path in without:
            omissions.append(Omission(path, "was unticked"))
            continue
        kept, why = _file(recording, path, file)
        if kept is not None:
            files[path] = kept
        if why:
            omissions.append(Omission(path, why))
    transcripts = tuple(_transcript(transcript) for transcript in recording.transcripts)
    folders = {key: _unlisted(key, names, without) for key, names in recording.folders.items()}
    whole = replace(recording, env=env, files=files, folders=folders, transcripts=transcripts)
    return Reduced(whole, tuple(omissions))


def _is_listed(name: str) -> bool:
    return name in ENV_NAMES or name.startswith(ENV_PREFIXES)


def _unlisted(
    key: str, names: tuple[str, ...] | None, without: frozenset[str]
) -> tuple[str, ...] | None:
    """A folder without the files that were left out, so that nobody looks for them."""
    folder = key.partition("\n")[0].rstrip("/")
    if names is None:
        return None
    return tuple(name for name in names if f"{folder}/{name}" not in without)


# --- files -----------------------------------------------------------------------------------


def _file(recording: Recording, path: str, file: File) -> tuple[File | None, str]:
    """What of a file may leave, and what was left out of it."""
    if file.text is None:
        return file, ""
    for sign, cut in _CUTS:
        if re.search(sign, path):
            return replace(file, text=cut(file.text)), ""
    if is_project(recording, path):
        return file, ""
    return None, "is no file that envdoctor reads for a diagnosis"


def is_project(recording: Recording, path: str) -> bool:
    """Whether a file was read as one of the project in the working directory."""
    cwd = recording.facts.cwd.rstrip("/\\")
    return bool(cwd) and path.startswith((f"{cwd}/", f"{cwd}\\"))


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


def _paths_only(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if re.match(r"\s*([/\\]|[A-Za-z]:)", line))


_CUTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"^/proc/cpuinfo$", _cpuinfo),
    (r"^/(etc|usr/lib)/os-release$", _as_it_is),
    (r"^/etc/debian_version$", _as_it_is),
    (r"^/sys/class/dmi/id/(sys_vendor|product_name)$", _as_it_is),
    (r"^/proc/cmdline$", _options),
    (r"^/proc/1/cgroup$", _group),
    (r"^/usr/local/cuda/version\.json$", _toolkit),
    (r"[/\\]\.conda[/\\]environments\.txt$", _paths_only),
    (r"[/\\]microarchitectures\.json$", _as_it_is),
)


# --- transcripts -----------------------------------------------------------------------------


def _transcript(transcript: Transcript) -> Transcript:
    """A client's answer cut down to the keys that are read; other output to its end."""
    trouble = transcript.trouble or _judged(transcript)
    stdout = _answer(transcript.stdout)
    if stdout is None:
        stdout = transcript.stdout[-MAX_OUTPUT:]
    return replace(
        transcript, stdout=stdout, stderr=transcript.stderr[-MAX_OUTPUT:], trouble=trouble
    )


def _asks(transcript: Transcript) -> bool:
    last = transcript.argv[-1] if transcript.argv else ""
    return transcript.argv[1:3] == ("info", "--json") or last.endswith("virtual_packages@")


def _judged(transcript: Transcript) -> str | None:
    """Why an answer is none, said now: control characters do not leave with it."""
    if not _asks(transcript) or transcript.exit_status:
        return None
    try:
        read_packages(read_json(transcript.stdout))
    except NoAnswer as error:
        return str(error)
    return None


def _answer(stdout: str) -> str | None:
    try:
        document = read_json(stdout)
    except NoAnswer:
        return None
    kept = {key: value for key, value in document.items() if key in ANSWER_KEYS}
    mark = f"\n{MARK}" if any(_marked(stdout)) else ""
    return f"{mark}{json.dumps(kept, ensure_ascii=False)}\n"


def _marked(stdout: str) -> Iterator[bool]:
    yield from (line.startswith(MARK) for line in stdout.splitlines())
