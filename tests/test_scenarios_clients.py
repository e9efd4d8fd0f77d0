"""The catalogue's scenarios of clients and systems: each staged, and what only looks like it."""

import json
import re
from collections.abc import Callable
from functools import cache

import pytest

from doctor import microarch, triage
from doctor.checks.startup_lines import aliases, value_set
from doctor.examine import examine
from doctor.model import (
    Command,
    Edit,
    Entry,
    Facts,
    File,
    Finding,
    Installed,
    Report,
    Severity,
    Transcript,
)
from tests.scenes import HOME, Scene, archspec_sample, bare, probe, recorded
from tests.test_catalogue import stray
from tests.test_checks import (
    ASSIGNED,
    FORBIDDEN,
    OVERRIDE,
    ROOT,
    WELL,
    changed_glibc,
    info,
    masked,
    override,
    override_empty,
    packages,
    with_conda,
    with_mamba1,
    with_micromamba,
)

ERROR, WARNING, UNKNOWN, NOTE = Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.NOTE
MICRO = f"{HOME}/.local/bin/micromamba"
ARM = archspec_sample("linux-rhel8-neoverse_v1")


# --- other systems ---------------------------------------------------------------------------


class Mac(Scene):
    """A Mac whose `sysctl` prints one of archspec's samples; `machine` is that of our Python."""

    def __init__(self, sample: str, machine: str, env: dict[str, str] | None = None) -> None:
        super().__init__(None, env)
        self.machine = machine
        self.programs["/usr/sbin/sysctl"] = Transcript((), {}, 0, archspec_sample(sample))

    def facts(self) -> Facts:
        return Facts("Darwin", self.machine, "23.5.0", distribution="14.5", home=HOME, cwd=HOME)


class Arm(Scene):
    """A Linux of which our Python is aarch64."""

    def facts(self) -> Facts:
        return Facts("Linux", "aarch64", "6.18.44-generic", libc=("glibc", "2.36"), home=HOME,
                     cwd=HOME)  # fmt: skip


class Windows(Scene):
    """A Windows whose CPUID is one of archspec's samples; paths are kept with slashes."""

    def __init__(self, env: dict[str, str] | None = None) -> None:
        super().__init__(None, env)
        table = archspec_sample("windows-cpuid-broadwell")
        self.programs["@python@"] = Transcript((), {}, 0, table)

    def facts(self) -> Facts:
        return Facts("Windows", "AMD64", "10", version="10.0.19045", home="C:\\Users\\user",
                     cwd="C:\\Users\\user")  # fmt: skip

    def look(self, path: str) -> Entry:
        plain = _plain(path)
        if plain in self.files:
            kind = "executable" if plain.endswith(".exe") else "not executable"
            return Entry(path, kind, path)
        folder = any(file.startswith(f"{plain.rstrip('/')}/") for file in self.files)
        return Entry(path, "directory" if folder else "absent", path)

    def read(self, path: str) -> File:
        return super().read(_plain(path))

    def names(self, folder: str, *patterns: str) -> tuple[str, ...] | None:
        return super().names(_plain(folder), *patterns)

    def installed(self, prefix: str, words: tuple[str, ...]) -> Installed:
        return super().installed(_plain(prefix), words)

    def on_path(self, name: str) -> tuple[Entry, ...]:
        places = (f"{folder}/{name}.exe".replace("/", "\\") for folder in self.path)
        return tuple(entry for entry in map(self.look, places) if entry.kind != "absent")

    def run(self, command: Command) -> Transcript:
        said = self.programs.get(_plain(command.argv[0]))
        if said is None:
            return Transcript(command.argv, trouble="could not be started: not staged")
        return Transcript(command.argv, {}, said.exit_status, said.stdout, said.stderr)


def _plain(path: str) -> str:
    return path.replace("\\", "/")


def on_windows(conda: str | None = None, micromamba: str | None = None, said: str = "x86_64",
               env: dict[str, str] | None = None) -> Scene:  # fmt: skip
    scene = Windows(env)
    rows = ["__win=0=0", f"__archspec=1={said}"]
    if conda is not None:
        root = "C:/Users/user/miniforge3"
        for part, version in {"conda": conda, "archspec": "0.2.7", "python": "3.12.7"}.items():
            scene.files[f"{root}/conda-meta/{part}-{version}-0.json"] = "{}"
        scene.program(f"{root}/Scripts/conda.exe", None)
        scene.program(f"{root}/python.exe", probe(rows, conda_version=conda), on_path=False)
    if micromamba is not None:
        scene.program("C:/bin/micromamba.exe", info(micromamba, rows))
    return scene


# --- scenes ----------------------------------------------------------------------------------


def condarc(value: str, env: dict[str, str] | None = None, mamba: str = "2.8.1") -> Scene:
    """conda 26.7.1 whose condarc overrides archspec, beside a micromamba."""
    rows = [row.split("=", 2) for row in packages(value, "__conda=26.7.1=0")]
    answer = {"conda_version": "26.7.1", "override_virtual_packages": {"archspec": value},
              "virtual_pkgs": rows}  # fmt: skip
    said = Transcript((), {}, 0, f"\nenvdoctor {json.dumps(answer)}\n")
    scene = bare(env=env).program(f"{ROOT}/bin/conda", None)
    scene.root(ROOT, {"conda": "26.7.1", "archspec": "0.2.7", "python": "3.12.7"}, said)
    own = env[OVERRIDE] if env else "x86_64_v4"
    return with_micromamba(scene, mamba, own) if mamba else scene


def condarc_pixi() -> Scene:
    return with_pixi(condarc("x86_64_v3", mamba=""), "0.77.0", "x86_64_v4")


def with_pixi(scene: Scene, version: str, build: str) -> Scene:
    rows = ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0", f"__archspec=1={build}"]
    said = json.dumps({"platform": "linux-64", "virtual_packages": rows, "version": version})
    return scene.program("/opt/bin/pixi", Transcript((), {}, 0, said))


def base(conda: str, solver: str = "", said: Transcript | None = None, **parts: str) -> Scene:
    """One root with conda and these parts (underscores stand for hyphens)."""
    known = {name.replace("_", "-"): version for name, version in parts.items()}
    more = {"solver": solver} if solver else {}
    answer = said or probe(packages("x86_64_v4", f"__conda={conda}=0"), conda_version=conda, **more)
    scene = bare().program(f"{ROOT}/bin/conda", None)
    if "mamba" in known:
        scene.program(f"{ROOT}/bin/mamba", None)
        answer = probe(packages("x86_64_v4"), conda_version=conda)
    return scene.root(ROOT, {"conda": conda, "archspec": "0.2.7", "python": "3.12.7", **known},
                      answer)  # fmt: skip


def plugin_not_loaded(plugin: str = "conda-libmamba-solver") -> Scene:
    """What conda's plug-in manager logs, conda/conda 26.7.1:conda/plugins/manager.py:309."""
    fine = probe(packages("x86_64_v4", "__conda=26.7.1=0"), conda_version="26.7.1",
                 solver="libmamba")  # fmt: skip
    words = f"Error while loading conda entry point: {plugin} (libarchive.so.20: not found)\n"
    said = Transcript((), {}, 0, fine.stdout, words)
    return base("26.7.1", "libmamba", said, conda_libmamba_solver="26.6.0", libmambapy="2.8.1")


def block_of_conda(root: str, shell: str = "bash") -> str:
    """What `conda init` writes, conda/conda 26.7.1:conda/core/initialize.py."""
    return f"""# >>> conda initialize >>>
# !! Contents within this block are managed by 'conda init' !!
__conda_setup="$('{root}/bin/conda' 'shell.{shell}' 'hook' 2> /dev/null)"
if [ $? -eq 0 ]; then
    eval "$__conda_setup"
else
    if [ -f "{root}/etc/profile.d/conda.sh" ]; then
        . "{root}/etc/profile.d/conda.sh"
    else
        export PATH="{root}/bin:$PATH"
    fi
fi
unset __conda_setup
# <<< conda initialize <<<
"""


def block_of_mamba(exe: str, root: str) -> str:
    """What `mamba shell init` writes, mamba-org/mamba 2.8.1:libmamba/src/core/shell_init.cpp.

    Without the redirection of errors, for the length of the line.
    """
    name = exe.rpartition("/")[2]
    return f"""# >>> mamba initialize >>>
# !! Contents within this block are managed by '{name} shell init' !!
export MAMBA_EXE='{exe}';
export MAMBA_ROOT_PREFIX='{root}';
__mamba_setup="$("$MAMBA_EXE" shell hook --shell bash --root-prefix "$MAMBA_ROOT_PREFIX")"
if [ $? -eq 0 ]; then
    eval "$__mamba_setup"
else
    alias {name}="$MAMBA_EXE"  # Fallback on help from {name} activate
fi
unset __mamba_setup
# <<< mamba initialize <<<
"""


def block_of_fish(exe: str) -> str:
    """The same for fish, and conda's."""
    return f"""if test -f {ROOT}/bin/conda
    eval {ROOT}/bin/conda "shell.fish" "hook" $argv | source
end
# >>> mamba initialize >>>
set -gx MAMBA_EXE "{exe}"
set -gx MAMBA_ROOT_PREFIX "{HOME}/micromamba"
$MAMBA_EXE shell hook --shell fish --root-prefix $MAMBA_ROOT_PREFIX | source
# <<< mamba initialize <<<
"""


def started(**files: str) -> Scene:
    """The healthy machine with start-up files: `bashrc` is `~/.bashrc`."""
    scene = WELL["healthy"]()
    for name, text in files.items():
        place = ".config/fish/config.fish" if name == "fish" else f".{name}"
        scene.files[f"{HOME}/{place}"] = text
    return scene


def in_shell(shell: str, exe: str) -> Scene:
    """A machine with a start-up file of fish, where envdoctor was started from some shell."""
    scene = started(fish=block_of_fish(exe))
    scene.shell = shell
    return scene


def two_blocks() -> Scene:
    scene = started(bashrc=block_of_conda(ROOT), bash_profile=block_of_conda("/opt/conda"))
    return with_conda(scene, "26.7.1", "x86_64_v4", root="/opt/conda")


def another_root() -> Scene:
    """PATH finds the conda in /opt/conda first, the block names the one in the home directory."""
    scene = with_conda(bare(), "26.7.1", "x86_64_v4", root="/opt/conda")
    scene = with_conda(scene, "26.7.1", "x86_64_v4")
    scene.files[f"{HOME}/.bashrc"] = block_of_conda(ROOT)
    return scene


def system_block() -> Scene:
    scene = started()
    scene.files["/etc/profile.d/conda.sh"] = block_of_conda("/sw/gone")
    return scene


def both_mambas() -> Scene:
    scene = started(bashrc=block_of_mamba(MICRO, f"{HOME}/micromamba"))
    scene.files["/etc/profile.d/mamba.sh"] = block_of_mamba(f"{ROOT}/bin/mamba", ROOT)
    return scene


def elsewhere_block() -> Scene:
    """A block for zsh, on a machine where envdoctor was started from bash."""
    return started(zshrc=block_of_conda("/opt/gone", "zsh"))


def linked_home() -> Scene:
    return started(bashrc=block_of_conda(ROOT.replace("/home/", "/data/home/")))


HEALTHY_STARTUP = "\n".join(
    (block_of_conda(ROOT), block_of_mamba(f"{ROOT}/bin/mamba", ROOT), "alias mamba='mamba -q'",
     "alias conda_env='conda info'", "# alias conda=micromamba", "alias ll='ls -l'",
     "# __conda_setup=\"$('/opt/gone/bin/conda' 'shell.bash' 'hook')\"",
     f"export PATH={HOME}/.local/bin:$PATH", "module load conda")
)  # fmt: skip


def sigill(path: str = "/opt/bin/micromamba", **how: object) -> Scene:
    said = Transcript((), {}, **{"exit_status": -4, "stdout": "", "stderr": "", **how})  # type: ignore[arg-type]
    return WELL["named-cpu"]().program(path, said)


def sigill_of_python() -> Scene:
    scene = with_conda(bare(), "26.7.1", "x86_64_v4")
    scene.programs[f"{ROOT}/bin/python"] = Transcript((), {}, -4, "", "")
    return scene


def on_arm(*clients: str, cpuinfo: str = ARM, env: dict[str, str] | None = None) -> Scene:
    scene: Scene = Arm(cpuinfo, env)
    system = ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0"]
    if "conda" in clients:
        own = [f"__archspec=1={env[OVERRIDE]}"] if env and env[OVERRIDE] else []
        own = own if env else ["__archspec=1=neoverse_v1"]
        said = probe([*system, *own, "__conda=26.7.1=0"], conda_version="26.7.1")
        scene.program(f"{ROOT}/bin/conda", None)
        scene.root(ROOT, {"conda": "26.7.1", "archspec": "0.2.7", "python": "3.12.7"}, said)
    if "micromamba" in clients:
        scene.program("/opt/bin/micromamba", info("2.8.1", [*system, "__archspec=1=aarch64"]))
    return scene


def arm_two_roots() -> Scene:
    """Two releases of archspec that call the CPU by different names."""
    scene = on_arm("conda")
    system = ["__unix=0=0", "__linux=6.18.44=0", "__glibc=2.36=0", "__archspec=1=aarch64"]
    scene.program("/opt/old/bin/conda", None)
    return scene.root("/opt/old", {"conda": "23.9.0", "python": "3.11.4"},
                      probe(system, conda_version="23.9.0"))  # fmt: skip


def arm_mixed() -> Scene:
    first = ARM.split("\n\n")[0]
    second = re.sub(r"\b(sve|i8mm|bf16)\b ?", "", first)
    return on_arm("conda", cpuinfo=f"{first}\n\n{second}\n\n")


def on_mac(conda: str, build: str, osx: str = "14.5", machine: str = "x86_64",
           sample: str = "darwin-mojave-skylake", env: dict[str, str] | None = None,
           platform: str = "osx-64") -> Scene:  # fmt: skip
    rows = ["__unix=0=0", f"__osx={osx}=0", f"__archspec=1={build}", f"__conda={conda}=0"]
    said = probe(rows, conda_version=conda, platform=platform)
    scene = Mac(sample, machine, env).program(f"{ROOT}/bin/conda", None)
    parts = {"conda": conda, "archspec": "0.2.7", "python": "3.12.7"}
    return scene.root(ROOT, parts, said)


def rosetta(build: str, machine: str = "arm64", env: dict[str, str] | None = None) -> Scene:
    return on_mac("26.7.1", build, machine=machine, sample="darwin-bigsur-m1", env=env)


def rosetta_micromamba() -> Scene:
    """An Intel micromamba under Rosetta, which answers for the CPU itself."""
    rows = ["__unix=0=0", "__osx=14.5=0", "__archspec=1=x86_64_v2"]
    said = {"libmamba version": "2.8.1", "platform": "osx-64", "virtual packages": rows}
    scene = Mac("darwin-bigsur-m1", "arm64")
    return scene.program("/opt/bin/micromamba", Transcript((), {}, 0, json.dumps(said)))


def micromamba_says(row: str, env: dict[str, str] | None = None, version: str = "2.8.1") -> Scene:
    rows = [*packages("x")[:-1], row]
    return bare(env=env).program("/opt/bin/micromamba", info(version, rows))


NO_AVX = masked("avx", "avx2", r"avx512\w*", "bmi1", "bmi2", "fma", "f16c", "abm", "movbe")
VIRTUAL_APPLE = re.sub(
    r"(?m)^(model name\s*: ).*$", r"\1VirtualApple @ 2.50GHz",
    NO_AVX.replace("AuthenticAMD", "VirtualApple"),
)  # fmt: skip


def tcg(text: str, level: int, build: str) -> Scene:
    named = re.sub(r"(?m)^(model name\s*: ).*$", r"\1QEMU TCG CPU version 2.5+", text)
    return with_conda(bare(named, level=level), "26.7.1", build)


def in_docker(cpuinfo: str, level: int, build: str) -> Scene:
    scene = with_conda(bare(cpuinfo, level=level), "26.7.1", build)
    scene.files["/.dockerenv"] = ""
    return scene


def set_in(value: str, **files: str) -> Scene:
    """The variable set, and start-up files."""
    scene = override_empty() if value == "" else override(value)
    for name, text in files.items():
        place = ".config/fish/config.fish" if name == "fish" else f".{name}"
        scene.files[f"{HOME}/{place}"] = text
    return scene


SCENES: dict[str, Callable[[], Scene]] = {
    "condarc": lambda: condarc("x86_64_v3"),
    "condarc-old-mamba": lambda: condarc("x86_64_v3", mamba="1.5.12"),
    "condarc-pixi": condarc_pixi,
    "condarc-misspelt": lambda: condarc("x86-64-v3"),
    "condarc-same": lambda: condarc("x86_64_v4"),
    "condarc-and-variable": lambda: condarc("x86_64_v3", {OVERRIDE: "x86_64_v3"}),
    "condarc-alone": lambda: condarc("x86_64_v3", mamba=""),
    "split-540": lambda: base("24.9.1", conda_libmamba_solver="24.9.0", libmambapy="2.0.2"),
    "split-old-library": lambda: base("26.7.1", conda_libmamba_solver="26.6.0",
                                      libmambapy="1.5.12"),
    "split-unused": lambda: base("24.9.1", "classic", conda_libmamba_solver="24.9.0",
                                 libmambapy="2.0.2"),
    "split-minor": lambda: base("24.1.2", conda_libmamba_solver="24.1.0", libmambapy="1.5.5"),
    "split-excluded": lambda: base("26.7.1", conda_libmamba_solver="26.6.0", libmambapy="2.6.2"),
    "mamba1-new-conda": lambda: base("26.7.1", mamba="1.5.12", libmambapy="1.5.12"),
    "mamba1-conda-25": lambda: base("25.3.1", mamba="1.5.12", libmambapy="1.5.12"),
    "mamba1-library-2": lambda: base("24.9.2", mamba="1.5.12", libmambapy="2.0.2"),
    "fits-24": lambda: base("24.9.2", conda_libmamba_solver="24.9.0", libmambapy="1.5.12",
                            mamba="1.5.12"),
    "fits-24.1": lambda: base("24.1.2", conda_libmamba_solver="24.1.0", libmambapy="1.5.6"),
    "fits-26": lambda: base("26.7.1", conda_libmamba_solver="26.6.0", libmambapy="2.8.1"),
    "fits-no-plugin": lambda: base("26.7.1", libmambapy="2.8.1"),
    "no-plugin": lambda: base("26.7.1", "libmamba"),
    "no-rattler": lambda: base("26.7.1", "rattler"),
    "plugin-not-loaded": plugin_not_loaded,
    "plugin-there": lambda: base("26.7.1", "libmamba", conda_libmamba_solver="26.6.0",
                                 libmambapy="2.8.1"),
    "classic": lambda: base("26.7.1", "classic"),
    "solver-unsaid": lambda: base("26.7.1"),
    "other-plugin-not-loaded": lambda: plugin_not_loaded("conda-rattler-solver"),
    "alias": lambda: started(bashrc="alias mamba=micromamba\n"),
    "alias-csh": lambda: started(bashrc=f"alias mamba '{MICRO}'\n"),
    "alias-gone": lambda: started(bashrc="alias conda=/opt/gone/bin/conda\n"),
    "block-gone": lambda: started(bashrc=block_of_conda("/opt/gone")),
    "block-gone-mamba": lambda: started(bashrc=block_of_mamba("/opt/gone/bin/mamba", "/opt/gone")),
    "two-blocks": two_blocks, "another-root": another_root, "system-block": system_block,
    "fish-gone": lambda: in_shell("fish", "/opt/gone/bin/micromamba"),
    "fish-well": lambda: in_shell("fish", MICRO),
    "fish-unused": lambda: in_shell("zsh", "/opt/gone/bin/micromamba"),
    "both-mambas": both_mambas, "elsewhere-block": elsewhere_block, "linked-home": linked_home,
    "startup-well": lambda: started(bashrc=HEALTHY_STARTUP),
    "startup-home": lambda: started(bashrc=block_of_conda("$HOME/miniforge3")),
    "startup-twice": lambda: started(bashrc=block_of_conda(ROOT),
                                     bash_profile=block_of_conda(ROOT)),
    "startup-unknown": lambda: started(bashrc="export MAMBA_EXE=$SW/bin/mamba\n"
                                              "alias conda='~/bin/my-conda-wrapper'\n"),
    "win-conda": lambda: on_windows(conda="23.10.0"),
    "win-micromamba": lambda: on_windows(micromamba="2.0.5"),
    "win-micromamba-1.5.1": lambda: on_windows(micromamba="1.5.1"),
    "win-conda-new": lambda: on_windows(conda="24.3.0", said="broadwell"),
    "win-micromamba-new": lambda: on_windows(micromamba="2.0.7", said="x86_64_v3"),
    "win-override": lambda: on_windows(micromamba="2.0.5", env={OVERRIDE: "x86_64"}),
    "pixi-0.42.0": lambda: with_pixi(bare(), "0.42.0", "x86_64_v4"),
    "pixi-0.42.1": lambda: with_pixi(bare(), "0.42.1", "x86_64_v4"),
    "pixi-0.41.4": lambda: with_pixi(bare(), "0.41.4", "x86_64_v4"),
    "pixi-0.42.0-x86_64": lambda: with_pixi(
        bare(archspec_sample("linux-scientific7-k10"), level=1), "0.42.0", "x86_64"),
    "arm": lambda: on_arm("conda", "micromamba"), "arm-bare": on_arm,
    "arm-two-roots": arm_two_roots, "arm-mixed": arm_mixed,
    "arm-override": lambda: on_arm("conda", env={OVERRIDE: "x86_64_v3"}),
    "arm-empty": lambda: on_arm("conda", env={OVERRIDE: ""}),
    "mac-arm": lambda: on_mac("26.7.1", "m1", machine="arm64", sample="darwin-bigsur-m1",
                              platform="osx-arm64"),
    "sigill": sigill, "sigill-132": lambda: sigill(exit_status=132, stderr="Illegal instruction"),
    "sigill-windows": lambda: sigill(exit_status=0xC000001D), "sigill-python": sigill_of_python,
    "segfault": lambda: sigill(exit_status=-11), "exit-1": lambda: sigill(exit_status=1),
    "osx-10.16": lambda: on_mac("24.1.2", "skylake", "10.16"),
    "osx-10.15": lambda: on_mac("24.1.2", "skylake", "10.15.7"),
    "osx-14": lambda: on_mac("24.1.2", "skylake"),
    "osx-override": lambda: on_mac("24.1.2", "skylake", "10.16",
                                   env={"CONDA_OVERRIDE_OSX": "10.16"}),
    "version-0": lambda: micromamba_says("__archspec=0=x86_64", version="3.0.0"),
    "version-1": lambda: micromamba_says("__archspec=1=x86_64_v4", version="3.0.0"),
    "version-0-foreign": lambda: micromamba_says(
        "__archspec=0=aarch64", {"CONDA_SUBDIR": "linux-aarch64"}),
    "virtual-apple": lambda: in_docker(VIRTUAL_APPLE, 2, "x86_64_v2"),
    "tcg-old": lambda: tcg(NO_AVX, 2, "x86_64_v2"),
    "tcg-max": lambda: tcg(masked(r"avx512\w*"), 3, "zen2"),
    "docker-arm": lambda: in_docker(ARM, 2, "x86_64"),
    "kvm": WELL["healthy"],
    "rosetta": lambda: rosetta("m1"), "rosetta-ourselves": lambda: rosetta("m1", "x86_64"),
    "rosetta-micromamba": rosetta_micromamba,
    "rosetta-override": lambda: rosetta("x86_64", env={OVERRIDE: "x86_64"}),
    "cross-solve": lambda: rosetta("x86_64", env={"CONDA_SUBDIR": "osx-64"}),
    "changed-glibc": changed_glibc,
    "mamba1": lambda: with_mamba1(bare(), "1.5.12", "x86_64_v4"),
    "set-bash": lambda: set_in("x86_64_v2", bashrc=f"# mine\nexport {OVERRIDE}=x86_64_v2\n"),
    "set-fish": lambda: set_in("x86-64-v3", fish=f"set -gx {OVERRIDE} x86-64-v3\n"),
    "set-empty": lambda: set_in("", profile=f"export {OVERRIDE}=\n"),
    "set-elsewhere": lambda: set_in("x86_64_v2", bashrc=f"export {OVERRIDE}=x86_64_v3\n",
                                    zshrc=f"unset {OVERRIDE}\n",
                                    profile=f"{OVERRIDE}=x86_64_v2 conda create -n x\n"),
}  # fmt: skip


@cache
def report(name: str) -> Report:
    return examine(recorded({**SCENES, **WELL}[name]()))


def finding(name: str, identifier: str) -> Finding:
    found = {f.id: f for f in report(name).findings}
    assert identifier in found, sorted(found)
    return found[identifier]


# --- what each check finds -------------------------------------------------------------------

CREATE = f"{ROOT}/bin/conda create "
MATCHED = f"CONDA_NO_PLUGINS=true {ROOT}/bin/conda install --solver classic -n base conda-libmamba"
DISAGREE = "libmamba-vs-archspec-level-disagreement"
CONDARC = "condarc-override-ignored-by-mamba"
MIXED = "mixed-mamba1-and-conda-in-one-base"
SHADOWS = "shell-function-shadows-binary"
PLUGIN = "solver-plugin-outdated-or-broken"
DOCKER = "docker-apple-silicon-emulation"

# scene, finding, severity, how its first remedy begins (the command, else the sentence), and the
# other checks that have to say more than a note
EXPECTED: list[tuple[str, str, Severity, str, set[str]]] = [
    ("condarc", f"{CONDARC}:micromamba", WARNING, CREATE, {"override-left-set"}),
    ("condarc-old-mamba", f"{CONDARC}:micromamba", WARNING, CREATE, {"override-left-set"}),
    ("condarc-pixi", f"{CONDARC}:pixi", NOTE, "For pixi, declare", {"override-left-set"}),
    ("condarc-misspelt", f"{CONDARC}:micromamba", NOTE, "Take the key", {"override-misspelt"}),
    ("split-540", f"{MIXED}:conda", ERROR, MATCHED, set()),
    ("split-old-library", f"{MIXED}:conda", ERROR, MATCHED, set()),
    ("split-unused", f"{MIXED}:conda", WARNING, MATCHED, set()),
    ("split-minor", f"{MIXED}:conda", WARNING, MATCHED, set()),
    ("split-excluded", f"{MIXED}:conda", WARNING, MATCHED, set()),
    ("mamba1-new-conda", f"{MIXED}:conda", ERROR, MATCHED, set()),
    ("mamba1-conda-25", f"{MIXED}:conda", WARNING, MATCHED, set()),
    ("mamba1-library-2", f"{MIXED}:conda", ERROR, MATCHED, set()),
    ("alias", f"{SHADOWS}:mamba", WARNING, "command mamba", set()),
    ("alias-csh", f"{SHADOWS}:mamba", WARNING, "command mamba", set()),
    ("alias-gone", f"{SHADOWS}:conda", WARNING, "command conda", set()),
    ("block-gone", f"{SHADOWS}:conda", WARNING, "command conda", set()),
    ("block-gone-mamba", f"{SHADOWS}:mamba", WARNING, "command mamba", set()),
    ("two-blocks", f"{SHADOWS}:conda", WARNING, "command conda", set()),
    ("another-root", f"{SHADOWS}:conda", WARNING, "command conda", set()),
    ("system-block", f"{SHADOWS}:conda", WARNING, "command conda", set()),
    ("both-mambas", f"{SHADOWS}:mamba", WARNING, "command mamba", set()),
    ("fish-gone", f"{SHADOWS}:micromamba", WARNING, "command micromamba", set()),
    ("no-plugin", f"{PLUGIN}:conda", ERROR, f"{CREATE}-n test --solver classic", set()),
    ("no-rattler", f"{PLUGIN}:conda", ERROR, f"{CREATE}-n test --solver classic", set()),
    ("plugin-not-loaded", f"{PLUGIN}:conda", ERROR, f"{CREATE}-n test --solver classic", set()),
    ("win-conda", "windows-archspec:conda", WARNING,
     f'$env:{OVERRIDE}="x86_64_v3"; C:\\Users\\user\\miniforge3\\Scripts\\conda.exe create', set()),
    ("win-micromamba", "windows-archspec:micromamba", WARNING,
     f'$env:{OVERRIDE}="x86_64_v3"; C:\\bin\\micromamba.exe create ', set()),
    ("win-micromamba-1.5.1", "windows-archspec:micromamba", WARNING,
     "C:\\bin\\micromamba.exe self-update", set()),
    ("pixi-0.42.0", "pixi-042-archspec-regression:pixi", ERROR, "/opt/bin/pixi self-update", set()),
    ("arm", "arm64-has-no-levels:cpu", NOTE, "Leave level packages out", set()),
    ("arm-bare", "arm64-has-no-levels:cpu", NOTE, "Leave level packages out", set()),
    ("mac-arm", "arm64-has-no-levels:cpu", NOTE, "Leave level packages out", set()),
    ("sigill", "client-itself-sigills:micromamba", ERROR, CREATE, set()),
    ("sigill-132", "client-itself-sigills:micromamba", ERROR, CREATE, set()),
    ("sigill-windows", "client-itself-sigills:micromamba", ERROR, CREATE, set()),
    ("sigill-python", "client-itself-sigills:conda", ERROR, "journalctl -k", set()),
    ("osx-10.16", "osx-virtual-version-10-16:conda", WARNING, f"SYSTEM_VERSION_COMPAT=0 {CREATE}",
     set()),
    ("version-0", "cep30-version0-mismatch:micromamba", ERROR,
     f"{OVERRIDE}=x86_64_v4 /opt/bin/micromamba create ", {"reported-differs-from-predicted"}),
    ("virtual-apple", f"{DOCKER}:cpu", WARNING, "docker run --platform linux/arm64", set()),
    ("tcg-old", f"{DOCKER}:cpu", WARNING, "docker run --platform linux/arm64", set()),
    ("tcg-max", f"{DOCKER}:cpu", NOTE, "docker run --platform linux/arm64", set()),
    ("docker-arm", f"{DOCKER}:cpu", WARNING, "docker run --platform linux/arm64", set()),
    ("rosetta", "osx-64-conda-under-rosetta:conda", ERROR, f"{OVERRIDE}=x86_64 {CREATE}", set()),
    ("rosetta-ourselves", "osx-64-conda-under-rosetta:conda", ERROR,
     f"{OVERRIDE}=x86_64 {CREATE}", set()),
]  # fmt: skip

SCENARIOS = tuple(dict.fromkeys(identifier.partition(":")[0] for _, identifier, *_ in EXPECTED))
"""Ids of the checks that are staged here."""

SILENT = {
    CONDARC: ("condarc-same", "condarc-and-variable", "condarc-alone", "healthy"),
    MIXED: ("fits-24", "fits-24.1", "fits-26", "fits-no-plugin", "mamba1", "healthy"),
    SHADOWS: ("startup-well", "startup-home", "startup-twice", "startup-unknown", "linked-home",
              "elsewhere-block", "healthy"),
    PLUGIN: ("plugin-there", "classic", "solver-unsaid", "other-plugin-not-loaded", "healthy"),
    "windows-archspec": ("win-conda-new", "win-micromamba-new", "win-override", "fits-24.1"),
    "pixi-042-archspec-regression": ("pixi-0.42.1", "pixi-0.41.4", "pixi-0.42.0-x86_64"),
    "arm64-has-no-levels": ("healthy", "osx-14", "docker-arm", "rosetta-ourselves"),
    "client-itself-sigills": ("segfault", "exit-1", "healthy"),
    "osx-virtual-version-10-16": ("osx-10.15", "osx-14", "osx-override", "changed-glibc"),
    "cep30-version0-mismatch": ("version-1", "version-0-foreign", "healthy"),
    DOCKER: ("kvm", "arm", "rosetta"),
    "osx-64-conda-under-rosetta": ("rosetta-override", "rosetta-micromamba", "cross-solve",
                                   "mac-arm", "osx-14", "arm"),
}  # fmt: skip

STAGED = [pytest.param(*row, id=f"{row[0]}-{row[1].partition(':')[0]}") for row in EXPECTED]


@pytest.mark.parametrize(("name", "identifier", "severity", "begin", "others"), STAGED)
def test_a_check_finds_what_was_staged_and_nothing_else(
    name: str, identifier: str, severity: Severity, begin: str, others: set[str]
) -> None:
    found = finding(name, identifier)
    assert found.severity is severity
    first = found.remedies[0]
    assert (first.command or first.text).startswith(begin), first
    loud = {f.check for f in report(name).findings if f.severity in (ERROR, WARNING, UNKNOWN)}
    assert loud - {found.check} == others


QUIET = [(check, name) for check, names in SILENT.items() for name in names]


@pytest.mark.parametrize(("check", "name"), QUIET, ids=[f"{n}-{c}" for c, n in QUIET])
def test_what_only_looks_like_it_is_left_alone(check: str, name: str) -> None:
    assert check not in {f.check for f in report(name).findings}


def test_every_scenario_has_what_only_looks_like_it() -> None:
    assert set(SILENT) == set(SCENARIOS)


@pytest.mark.parametrize("name", ["startup-well", "startup-home", "startup-twice", "linked-home",
                                  "fits-24", "fits-24.1", "fits-26", "plugin-there", "arm",
                                  "arm-bare", "mac-arm", "osx-14", "pixi-0.42.1", "win-conda-new",
                                  "win-micromamba-new"])  # fmt: skip
def test_these_machines_are_healthy(name: str) -> None:
    worst = {ERROR, WARNING, UNKNOWN}
    assert [f.id for f in report(name).findings if f.severity in worst] == []


@pytest.mark.parametrize("name", ["arm-two-roots", "arm-mixed", "arm-override", "arm-empty"])
def test_on_arm_nothing_about_levels_is_more_than_a_note(name: str) -> None:
    found = report(name).findings
    levels = {"several-conda-roots", "processors-differ", "override-left-set",
              "empty-override-semantics"}  # fmt: skip
    assert len(levels & {f.check for f in found}) == 1
    assert {f.severity for f in found} == {NOTE}
    told = [f.consequence for f in found]
    assert [text for text in told if "level packages cannot" in text] == []
    assert [text for text in told if "Illegal instruction" in text] == []


@pytest.mark.parametrize("name", SCENES)
def test_every_finding_has_all_its_parts_and_no_check_breaks(name: str) -> None:
    clients = {client.id for client in report(name).clients}
    found = report(name).findings
    for each in found:
        assert " broke: " not in each.title
        assert each.title and each.consequence and each.evidence
        assert each.remedies or each.severity is NOTE
        assert all(evidence.text and evidence.source for evidence in each.evidence)
        assert set(each.clients) <= clients
    assert len({f.id for f in found}) == len(found)


@pytest.mark.parametrize("name", SCENES)
def test_no_advice_overrides_upwards(name: str) -> None:
    """Level 1 is offered under Rosetta, whose level is not that of the Arm CPU that is seen."""
    machine, database = report(name).machine, microarch.installed()
    level = machine.shared_level or ""
    allowed = {level, *database.ancestors[level]} if level in database.targets else set()
    if machine.cpu.vendor == "Apple":
        allowed = {"x86_64"}
    advice = [r for f in report(name).findings for r in f.remedies]
    values = {v for r in advice for v in ASSIGNED.findall(f"{r.text}\n{r.command or ''}")}
    assert {value for value in values if database.level(value) not in allowed} == set()


@pytest.mark.parametrize("name", SCENES)
def test_findings_offer_what_their_page_says_in_its_order(name: str) -> None:
    assert list(stray(report(name).findings)) == []


# --- what single findings say ----------------------------------------------------------------


def test_a_key_that_mamba_ignores_is_not_answered_with_a_variable_that_it_ignores_too() -> None:
    found = finding("condarc-old-mamba", f"{CONDARC}:micromamba")
    assert any(remedy.blocked for remedy in found.remedies)
    told = [remedy.command or "" for remedy in found.remedies]
    assert [text for text in told if ASSIGNED.search(text)] == []


def test_a_mixed_base_with_mamba_1_is_brought_together_with_mamba() -> None:
    found = finding("mamba1-new-conda", f"{MIXED}:conda")
    assert (found.remedies[0].command or "").endswith("libmambapy mamba")
    assert set(found.clients) == {"conda", "mamba"}
    alone = finding("split-540", f"{MIXED}:conda")
    assert (alone.remedies[0].command or "").endswith("libmambapy")


def test_a_clash_of_start_up_files_shows_file_and_line() -> None:
    found = finding("block-gone", f"{SHADOWS}:conda")
    assert found.evidence[0].source == f"{HOME}/.bashrc:3"
    assert "/opt/gone/bin/conda" in found.evidence[0].text
    alias = finding("alias", f"{SHADOWS}:mamba")
    (edit,) = [step for r in alias.remedies for step in r.steps if isinstance(step, Edit)]
    assert (edit.path, edit.line, edit.old) == (f"{HOME}/.bashrc", 1, "alias mamba=micromamba")


def test_a_block_is_written_anew_by_the_client_that_path_finds() -> None:
    found = finding("block-gone-mamba", f"{SHADOWS}:mamba")
    written = f"{ROOT}/bin/mamba shell init --shell bash --root-prefix {ROOT}"
    assert written in [remedy.command for remedy in found.remedies]
    assert not any(remedy.applicable for remedy in found.remedies)


def test_a_block_of_the_system_is_not_written_anew_by_its_user() -> None:
    found = finding("system-block", f"{SHADOWS}:conda")
    assert [r.command for r in found.remedies if " init " in (r.command or "")] == []
    assert any("/etc/profile.d/conda.sh" in remedy.text for remedy in found.remedies)


def test_fish_blocks_are_understood_and_are_read_by_fish_alone() -> None:
    found = finding("fish-gone", f"{SHADOWS}:micromamba")
    assert found.evidence[0].source == f"{HOME}/.config/fish/config.fish:5"
    assert SHADOWS not in {f.check for f in report("fish-well").findings}
    assert SHADOWS not in {f.check for f in report("fish-unused").findings}


@pytest.mark.parametrize("name", ["sigill", "sigill-132", "sigill-windows", "sigill-python"])
def test_a_client_that_met_an_unknown_instruction_is_not_said_to_be_unknown(name: str) -> None:
    assert "client-did-not-answer" not in {f.check for f in report(name).findings}


@pytest.mark.parametrize("name", ["segfault", "exit-1"])
def test_another_end_of_a_client_stays_unknown(name: str) -> None:
    assert finding(name, "client-did-not-answer:micromamba").severity is UNKNOWN


def test_on_windows_only_one_check_tells_of_a_client_that_knows_no_levels() -> None:
    ids = {f.check for f in report("win-micromamba-1.5.1").findings}
    assert not ids & {"micromamba-pre-153-always-x86_64", DISAGREE}


def test_an_emulated_machine_without_a_cpu_description_says_what_the_loader_saw() -> None:
    found = finding("docker-arm", f"{DOCKER}:cpu")
    assert "x86_64_v2" in found.title
    assert [r.command for r in found.remedies if ASSIGNED.search(r.command or "")] == []
    assert any("Docker" in evidence.text for evidence in found.evidence)


def test_under_rosetta_nothing_above_level_1_is_offered() -> None:
    found = finding("rosetta", "osx-64-conda-under-rosetta:conda")
    said = " ".join(remedy.command or "" for remedy in found.remedies)
    assert ASSIGNED.findall(said) == ["x86_64"]


@pytest.mark.parametrize("name", ["rosetta", "rosetta-ourselves", "rosetta-micromamba"])
def test_what_is_said_under_rosetta_is_no_surprise(name: str) -> None:
    ids = {f.check for f in report(name).findings}
    assert "reported-differs-from-predicted" not in ids


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_advice_does_lasting_harm(pattern: str) -> None:
    advice = [r for name in SCENES for f in report(name).findings for r in f.remedies]
    told = [f"{r.text}\n{r.command or ''}".replace("micromamba self-update", "") for r in advice]
    told = [text.replace("micromamba.exe self-update", "") for text in told]
    assert len(told) > 100
    assert [text for text in told if re.search(pattern, text)] == []


@pytest.mark.parametrize("key", ["virtual_pkgs", "virtual packages", "envs_dirs"])
def test_a_program_that_misses_the_other_clients_key_is_known_by_its_log(key: str) -> None:
    log = f"Traceback (most recent call last):\n  packages = info['{key}']\nKeyError: '{key}'\n"
    (found,) = triage.findings(triage.clues(log), report("healthy"))
    assert found.check == "mamba-info-empty-or-other-key"
    assert triage.clues("KeyError: 'packages'\n") == ()


# --- overrides in start-up files -------------------------------------------------------------

WRITTEN = [
    ("set-bash", f"override-left-set:{OVERRIDE}", f"{HOME}/.bashrc:2"),
    ("set-fish", f"override-misspelt:{OVERRIDE}", f"{HOME}/.config/fish/config.fish:1"),
    ("set-empty", f"empty-override-semantics:{OVERRIDE}", f"{HOME}/.profile:1"),
]


@pytest.mark.parametrize(("name", "identifier", "place"), WRITTEN)
def test_the_line_that_sets_an_override_is_shown_and_offered_for_removal(
    name: str, identifier: str, place: str
) -> None:
    found = finding(name, identifier)
    assert place in [evidence.source for evidence in found.evidence]
    edits = [s for s in found.remedies[1].steps if isinstance(s, Edit)]
    assert [f"{edit.path}:{edit.line}" for edit in edits] == [place]
    assert edits[0].new is None
    assert found.remedies[0].name == found.remedies[1].name == "remove-override"


def test_lines_that_set_it_to_something_else_or_for_one_command_are_not_blamed() -> None:
    found = finding("set-elsewhere", f"override-left-set:{OVERRIDE}")
    assert [step for r in found.remedies for step in r.steps if isinstance(step, Edit)] == []


LINES: list[tuple[str, str | None]] = [
    (f"export {OVERRIDE}=x86_64_v3", "x86_64_v3"),
    (f"  {OVERRIDE}='x86_64_v2' # why", "x86_64_v2"),
    (f"export A=1 {OVERRIDE}=zen4; echo set", "zen4"),
    (f'if [ -z "${OVERRIDE}" ]; then export {OVERRIDE}=zen; fi', "zen"),
    (f"declare -gx {OVERRIDE}=zen", "zen"), (f"export {OVERRIDE}=", ""),
    (f"set -gx {OVERRIDE} x86_64_v3", "x86_64_v3"), (f"set --export {OVERRIDE} zen", "zen"),
    (f"setenv {OVERRIDE} zen2", "zen2"), (f"${OVERRIDE} = 'zen3'", "zen3"),
    (f"export {OVERRIDE}=${{CPU:-zen}}", "${CPU:-zen}"),
    (f"# export {OVERRIDE}=zen", None), (f"unset {OVERRIDE}", None), (f"set -e {OVERRIDE}", None),
    (f"{OVERRIDE}=zen mamba create -n x", None), (f"env {OVERRIDE}=zen mamba", None),
    (f"alias m='{OVERRIDE}=zen mamba'", None), (f"export OTHER=${OVERRIDE}", None),
    (f"export {OVERRIDE}_OLD=zen", None), (f"export MY_{OVERRIDE}=zen", None),
    (f"export {OVERRIDE}", None), (f"export -n {OVERRIDE}=zen", None),
    (f"set {OVERRIDE} zen", None), (f'echo "export {OVERRIDE}=zen"', None),
    (f'export {OVERRIDE}="zen', None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), LINES)
def test_what_a_line_sets_is_read_as_shells_do(text: str, value: str | None) -> None:
    assert value_set(text, OVERRIDE) == value


@pytest.mark.parametrize(
    ("text", "program"),
    [("alias mamba=micromamba", "micromamba"), ("alias mamba micromamba", "micromamba"),
     ("alias mamba='X=1 /opt/bin/mamba -q'", "/opt/bin/mamba"), ("alias mamba='a", None),
     ("# alias mamba=micromamba", None), ("alias", None), ("alias mamba", None)],
)  # fmt: skip
def test_aliases_are_read_as_shells_do(text: str, program: str | None) -> None:
    assert aliases(text).get("mamba") == program
