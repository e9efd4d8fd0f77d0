"""Names of folders that say what is in them and nothing about anybody: they stay in paths.

Only there: a machine, a user or a password of such a name is hidden in any other text.
"""

import re

from doctor.redact.vocabulary import VERSION, is_common

_PLACES = frozenset((
    # of systems
    "share", "lib32", "libs", "include", "man", "doc", "docs", "init", "init.d", "rc.d", "systemd",
    "services", "sysroot", "net", "nfs", "gpfs", "lustre", "beegfs", "ceph", "afs", "efs", "fsx",
    "export", "exports", "shared", "public", "pub", "common", "global", "site", "sites", "vol",
    "disk", "archive", "application support", "application", "support", "program files",
    "program files (x86)", "frameworks", "containers", "cloudstorage", "mobile documents",
    "localstate", "packages", "package", "store", "profiles", "per-user", "current-system", "x64",
    "x86", "amd64", "x86_64", "aarch64", "arm64", "ppc64le", "linux", "darwin", "windows", "amd",
    "intel", "arm", "generic", "logs", "log", "lock", "locks", "spool", "backup", "trash",
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "hosts", "passwd", "group", "resolv.conf", "motd",
    "temp", "shm", "user-data", "ssl", "certs", "pki", "tls", "xdg", "autostart",
    # of installed software
    "sw", "soft", "tools", "toolchain", "toolchains", "stack", "stacks", "compiler", "compilers",
    "core", "compat", "all", "arch", "install", "installs", "installed", "installation",
    "installations", "versions", "latest", "current", "stable", "dist", "target", "release",
    "debug", "build", "builds", "stage", "overrides", "stubs", "targets", "pe", "hpc", "hpcc",
    "cluster", "clusters", "nodes", "modulefiles", "modulefile", "bundles", "collections",
    "shims", "dist-packages", "conda_envs", "conda-envs", "condaenvs", "conda_pkgs", "conda-pkgs",
    "env_vars.d", "deactivate.d", "venvs", "virtualenvs", "wheels", "http", "archive-v0", "trusted",
    "repodata-cache", "notices", "conda-bld", "nonexistent", "uv-cache", "micromamba-root",
    "feedstock_root", "build_artifacts", "recipe_root", "conda-recipe", "mamba-root", "root-prefix",
    "menu", "completions", "plugins", "settings", "credentials", "kernels", "overlay", "overlays",
    "images", "container", "rootfs", "lower", "upper", "merged", "diff", "image", "layers",
    # of services that build and run
    "workspace", "workspaces", "_work", "_temp", "hostedtoolcache", "app", "jobs", "job", "tests",
    "pytest-0", "notebooks", "home-envs", "sandbox", "runtime", "buildkite", "artifacts",
))  # fmt: skip

SOFTWARE = frozenset((
    "spack", "easybuild", "eb", "lmod", "lua", "tcl", "tmod", "environment-modules", "modules",
    "guix", "nix", "gnu", "linuxbrew", "brew", "pyenv", "asdf", "mise", "rtx", "rye", "cargo",
    "rustup", "uv", "pipx", "pip", "poetry", "pypoetry", "pdm", "hatch", "virtualenv", "venv",
    "conda", "mamba", "micromamba", "pixi", "rattler", "anaconda", "anaconda2", "anaconda3",
    "miniconda", "miniconda2", "miniconda3", "miniforge", "miniforge3", "mambaforge",
    "mambaforge3", "python", "python3", "pypy", "pypy3", "intelpython", "intelpython3", "oneapi",
    "mkl", "cuda", "cudnn", "nccl", "hpcx", "hpc_sdk", "nvhpc", "rocm", "hip", "aocc", "aocl",
    "gcc", "gcccore", "llvm", "clang", "icc", "foss", "gompi", "gomkl", "iimpi", "iomkl",
    "fosscuda", "intelcuda", "openmpi", "mpich", "mvapich2", "impi", "mpi", "openblas",
    "singularity", "apptainer", "docker", "podman", "enroot", "charliecloud", "slurm", "pbs",
    "torque", "sge", "lsf", "flux", "ohpc", "cray", "eessi", "cvmfs", "jenkins", "gitlab-runner",
    "vscode-server", "vscode", "code-server", "jupyter", "jupyterhub", "jupyterlab", "notebook",
    "rapids", "pytorch", "torch", "tensorflow", "tensorflow-gpu", "keras", "snakemake",
    "nextflow", "r", "rstudio", "julia", "matlab", "gromacs", "lammps", "texlive", "perl", "ruby",
    "node", "go", "java", "rust", "cmake", "ninja", "git", "bash", "zsh", "fish", "env",
    "archspec", "graph-tool",
    # who publishes images of clients: which one it is must stay readable
    "mambaorg", "mamba-org", "condaforge", "continuumio",
))  # fmt: skip
"""Software that has folders of its own, often with a version behind its name."""

_HOSTS = frozenset((
    "software.eessi.io", "pilot.eessi-hpc.org", "soft.computecanada.ca",
    "restricted.computecanada.ca", "oasis.opensciencegrid.org", "sft.cern.ch", "grid.cern.ch",
    "singularity.opensciencegrid.org",
))  # fmt: skip
"""Repositories of software that everybody may mount."""

_NUMBERED = re.compile(
    r"(?:home|users?|scratch|data|work|vol|volume|disk|export|nfs|projects?|software|sw|apps|tools|"
    r"gpfs|lustre|fs|nas|storage)\d{1,3}"
)
_HASH = r"[a-z0-9]{32}"
"""What Spack and Nix add to a name; alone it may be anything."""

_OF_SPACK = re.compile(
    r"(?:linux|darwin|cray|windows)-(?:rocky|rhel|centos|almalinux|ubuntu|debian|sles|sle_hpc|"
    r"opensuse_leap|amzn|amazonlinux|fedora|alpine|ol|oracle|scientific|cray|bigsur|monterey|"
    r"ventura|sonoma|sequoia|tahoe)[\d._]{0,8}-[a-z0-9_]{2,20}"
)
_ARCHITECTURE = re.compile(r"(?:linux|darwin|windows|osx|win|macos)[-_](?:x86_64|aarch64|arm64|64)")


def is_common_part(part: str) -> bool:
    """Whether one part of a path says nothing about anybody.

    Software with its version, as EasyBuild, Spack and pyenv name their folders, is common too.
    """
    small = part.lower().strip(".")
    if is_common(part) or small in _PLACES or small in SOFTWARE or small in _HOSTS:
        return True
    if any(form.fullmatch(small) for form in (_NUMBERED, _OF_SPACK, _ARCHITECTURE, _VERSIONED)):
        return True
    return _HASHED.fullmatch(small) is not None


_NAMES = "|".join(sorted(map(re.escape, SOFTWARE), key=lambda name: (-len(name), name)))
_VERSIONED = re.compile(
    rf"(?:(?:{_NAMES})[-_]?)?{VERSION}(?:-\d{{1,3}})?(?:-(?:latest|{_NAMES})(?:-{VERSION})?)?|"
    rf"(?:{_NAMES})-latest"
)
_HASHED = re.compile(rf"(?:{_NAMES})-{VERSION}-{_HASH}|{_HASH}-(?:{_NAMES})(?:-{VERSION})?")
