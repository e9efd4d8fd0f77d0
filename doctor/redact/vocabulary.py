"""Words that tell nothing about anybody: they stay readable, also where somebody is called so."""

import re

FOLDERS = frozenset((
    "home", "users", "root", "usr", "bin", "sbin", "lib", "lib64", "libexec", "opt", "etc", "var",
    "tmp", "proc", "sys", "dev", "mnt", "media", "srv", "run", "local", "share", "cache", "state",
    "config", "data", "scratch", "work", "project", "projects", "src", "envs", "env", "pkgs",
    "conda-meta", "condabin", "scripts", "library", "site-packages", "dist-info", "appdata",
    "roaming", "programdata", "program", "files", "documents", "desktop", "downloads",
    "applications", "system", "volumes", "private", "conda", "mamba", "micromamba", "pixi",
    "rattler", "anaconda", "anaconda3", "miniconda", "miniconda3", "miniforge", "miniforge3",
    "mambaforge", "express", "base", "default", "test", "dev", "prod", "python", "python3",
    "venv", "homebrew", "linuxbrew", "cellar", "caskroom", "snap", "module", "modules", "apps",
    "software", "environments.txt", "activate.d", "profile.d", "conda-lock.yml",
    "environment.yml", "environment.yaml", "pixi.toml", "pixi.lock", "pyproject.toml",
    "dockerfile", "meta.yaml", "recipe.yaml", "github", "workflows", "gitlab-ci.yml", "recipe",
    "noarch", "linux-64", "linux-aarch64", "linux-ppc64le", "osx-64", "osx-arm64", "win-64",
    "bashrc", "profile", "condarc", "mambarc", "zshrc", "node", "gpu", "login", "compute",
    "localhost", "user", "admin", "runner", "ubuntu", "debian", "centos",
))  # fmt: skip
"""Names of folders and files, and of users and machines that are called like nobody."""

PUBLIC_HOSTS = frozenset((
    "conda.anaconda.org", "anaconda.org", "repo.anaconda.com", "prefix.dev", "repo.prefix.dev",
    "github.com", "conda-forge.org", "docs.conda.io", "mamba.readthedocs.io", "gitlab.com",
    "conda.io", "pixi.sh", "fast.prefix.dev", "raw.githubusercontent.com",
))  # fmt: skip
"""Hosts that everybody uses: which one a channel is on matters for the diagnosis."""

_VERSION = re.compile(r"v?\d+(\.\d+)*([._-]?(a|b|rc|dev|post|alpha|beta)\d*)*")
_PROGRAM = re.compile(r"python\d?(\.\d+)?t?|lib\w{0,30}\.so[\w.]{0,20}|[\w-]{1,40}\.(exe|bat|sh)")


def is_common(word: str) -> bool:
    """Whether a word of a path or text says nothing about anybody."""
    small = word.lower().strip(".")
    return (
        small in FOLDERS
        or len(small) < 2
        or _VERSION.fullmatch(small) is not None
        or _PROGRAM.fullmatch(small) is not None
    )
