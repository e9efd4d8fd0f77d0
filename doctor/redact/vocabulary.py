"""Words that tell nothing about anybody: they stay readable, also where somebody is called so."""

import re

FOLDERS = frozenset((
    # of systems
    "home", "users", "user", "root", "usr", "bin", "sbin", "lib", "lib64", "libexec", "opt", "etc",
    "var", "tmp", "proc", "sys", "dev", "mnt", "media", "srv", "run", "local", "share", "cache",
    "caches", "state", "config", "data", "scratch", "work", "project", "projects", "src",
    "appdata", "roaming", "programdata", "program", "files", "documents", "desktop", "downloads",
    "applications", "system", "volumes", "private", "library", "snap", "module", "modules", "apps",
    "software", "class", "dmi", "id", "driver", "nvidia", "nvidiactl", "cuda", "wsl",
    "x86_64-linux-gnu", "sys_vendor", "product_name", "cpuinfo", "cmdline", "cgroup",
    "os-release", "debian_version", "version", "version.json", "zsh", "fish", "environment",
    "profile.d", "activate.d", "conda.sh", "config.fish",
    # of clients
    "envs", "env", "pkgs", "conda-meta", "condabin", "scripts", "site-packages", "dist-info",
    "conda", "mamba", "micromamba", "pixi", "rattler", "anaconda", "anaconda3", "miniconda",
    "miniconda3", "miniforge", "miniforge3", "mambaforge", "express", "base", "default", "test",
    "prod", "python", "python3", "pythonw", "venv", "homebrew", "linuxbrew", "cellar",
    "caskroom", "repodata", "environments.txt", "archspec", "json", "cpu",
    "microarchitectures.json", "history", "hook", "nvidia-smi",
    # of projects
    "github", "workflows", "recipe", "ci", "ci_support", "circleci", "azure-pipelines", "binder",
    "devcontainer", "docker", "containers", "workflow", "environments", "noarch", "linux-64",
    "linux-aarch64", "linux-ppc64le", "osx-64", "osx-arm64", "win-64",
    # start-up files
    "bashrc", "bash_profile", "bash_login", "bash.bashrc", "profile", "zshrc", "zprofile",
    "zshenv", "tcshrc", "cshrc", "xonshrc", "condarc", "mambarc", "dockerenv", "containerenv",
    # users and machines that are called like nobody
    "node", "gpu", "login", "compute", "localhost", "admin", "runner", "ubuntu", "debian",
    "centos", "nobody", "daemon", "vagrant", "jovyan", "mambauser",
))  # fmt: skip
"""Names of folders and files, and of users and machines that are called like nobody."""

FILE_WORDS = frozenset((
    "yml", "yaml", "toml", "lock", "txt", "json", "def", "sh", "bat", "md", "cfg", "ini", "in",
    "environment", "environments", "environ", "env", "envs", "dev", "test", "tests", "testing",
    "docs", "doc", "build", "host", "run", "base", "prod", "production", "ci", "cd", "all", "min",
    "minimal", "full", "latest", "stable", "lint", "release", "explicit", "spec", "specs", "list",
    "conda", "mamba", "micromamba", "pixi", "pip", "packages", "requirements", "requirement",
    "constraints", "dockerfile", "containerfile", "singularity", "recipe", "meta", "variants",
    "config", "conda_build_config", "azure", "pipelines", "gitlab", "github", "travis", "appveyor",
    "workflow", "workflows", "virtual", "pyproject", "linux", "osx", "win", "windows", "macos",
    "unix", "noarch", "64", "arm64", "aarch64", "ppc64le", "x86", "x86_64", "cpu", "gpu", "cuda",
    "py", "python", "postbuild", "start", "apt", "locked", "unlocked", "file", "deps",
    "dependencies", "level", "archspec", "log", "logs", "debug", "main", "mod", "setup", "index",
    "init", "conf", "readme", "license", "info", "state", "urls", "pinned", "cache", "history",
    "rs", "cc", "cpp", "hpp", "f90", "go", "js", "ts", "jl", "pl", "csv", "xml", "html", "ipynb",
    "rc", "crt", "pem", "db", "img", "sif", "tcl", "lua", "tar", "zip", "zst", "bz2", "gz", "dll",
    "exe", "pyc", "ps1", "cmd", "fish", "bash", "zsh", "csh", "tcsh", "xonsh", "jsonc",
    "current", "repodata", "activate", "deactivate", "vars", "settings", "install", "installer",
))  # fmt: skip
"""Words of files' names that say what is in them."""

VERSION = r"v?\d{1,5}(?:\.\d+)*(?:[._-]?(?:a|b|rc|dev|post|alpha|beta)\d*)*"
"""A version, or a number that is as short as a part of one."""

_VERSION = re.compile(VERSION)
_PROGRAM = re.compile(
    r"(?:python|pip|conda|mamba|micromamba|pixi)\d?(?:\.\d+)?t?(?:\.(?:exe|bat|sh))?|"
    r"(?:ld-linux|ld-musl|libcuda|libc)[\w-]{0,30}\.so[\w.]{0,20}|@\w+@?|\*\.?\w{0,9}"
)


def is_common(word: str) -> bool:
    """Whether a word of a path or text says nothing about anybody."""
    small = word.lower().strip(".")
    return (
        small in FOLDERS
        or len(small) < 2
        or re.fullmatch(r"[a-z]:", small) is not None
        or _VERSION.fullmatch(small) is not None
        or _PROGRAM.fullmatch(small) is not None
    )
