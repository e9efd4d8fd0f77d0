"""Texts that only one problem prints, with what to say where no check of this machine says more.

Source: the clients' own messages, as recorded and as quoted in the threads that `link` names.
"""

from msgspec import Struct

from doctor.triage import crashes


class Sign(Struct, frozen=True):
    """A text by which a scenario is known; `pattern` is searched in single lines.

    `like` are texts of it for comparison; `more` is further advice, and `sources` further threads,
    for the page of a scenario that has no check.
    """

    scenario: str
    pattern: str
    title: str
    consequence: str
    advice: str
    command: str | None = None
    link: str | None = None
    like: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


SIGNS = (
    Sign(
        crashes.UNMARKED, crashes.PATTERN,
        "a program used an instruction that this CPU does not have",
        "It was built for a newer CPU, and nothing in its package's metadata says so: no client "
        "could have refused it, and no override helps.",
        crashes.ADVICE[0], None, "https://github.com/bbuchfink/diamond/issues/686", crashes.LIKE,
        crashes.ADVICE[1:],
        (
            "https://github.com/bluenote-1577/sylph/issues/2",
            "https://github.com/bluenote-1577/fairy/issues/1",
            "https://github.com/pmelsted/bifrost/issues/20",
            "https://github.com/luntergroup/octopus/issues/39",
            "https://github.com/bioconda/bioconda-recipes/issues/16335",
            "https://github.com/manodeep/Corrfunc/issues/236",
        ),
    ),
    Sign(
        "regex-level-builds-vs-conda-mamba",
        r'Error parsing version "1\.\*\^"|Found invalid version predicate',
        "this solver cannot read the level builds that rattler's can",
        "It stops while it explains the failure, so that its text hides the reason.",
        "Leave exact builds such as 4_level3 out of what is asked for; legacy builds remain.",
        None, "https://github.com/prefix-dev/pixi/issues/6652",
    ),
    Sign(
        "archspec-missing-in-base", r"ModuleNotFoundError: No module named 'archspec'",
        "conda cannot import archspec in its base environment",
        "conda 23.11 and newer do not start to solve without it.",
        "Install archspec into base, from the channel that base came from.",
        "conda install -n base archspec", "https://github.com/conda/conda/pull/13213",
    ),
    Sign(
        "override-misspelt",
        r"is not a known archspec microarchitecture|Ignoring CONDA_OVERRIDE_ARCHSPEC",
        "CONDA_OVERRIDE_ARCHSPEC is no name that archspec knows",
        "rattler refuses it, pixi ignores it, conda and mamba take it and then nothing matches.",
        "Spell it as archspec does (x86_64_v3, with underscores), for one command only.",
        None, "https://github.com/mamba-org/mamba/issues/3446",
    ),
    Sign(
        "pixi-system-requirements-archspec-ignored",
        r"archspec system-requirement is deprecated and not used",
        "pixi ignores archspec among its system-requirements",
        "The solve is for the baseline of the platform, which has level 1.",
        "Declare it in a platform entry (pixi 0.71 or newer), or delete the line.",
        "envdoctor project", "https://github.com/prefix-dev/pixi/issues/1804",
    ),
    Sign(
        "pixi-042-archspec-regression",
        r"Virtual package '__archspec.*does not match any of the available virtual packages",
        "this pixi compares the lock's __archspec with the CPU's own name",
        "pixi around 0.42 refuses environments that would run here.",
        "Upgrade pixi.", "pixi self-update", "https://github.com/prefix-dev/pixi/issues/3280",
    ),
    Sign(
        "cuda-missing-on-login-node",
        r"__cuda\b.{0,200}(?:missing on the system|does not match any of the available|"
        r"no candidates were found)|nothing provides __cuda\b",
        "the machine that solves has no __cuda",
        "A GPU package is asked for where no driver is seen: a login node, an image build.",
        "Solve on a GPU node, or set CONDA_OVERRIDE_CUDA to that node's driver for one command.",
        None, "https://github.com/conda-forge/pytorch-cpu-feedstock/issues/364",
    ),
    Sign(
        "glibc-too-old",
        r"nothing provides __glibc\b|__glibc\b.{0,200}(?:missing on the system|"
        r"no candidates were found|does not match any of the available)",
        "packages need a newer C library than this system has",
        "They would not start here. An override only moves the failure to run time.",
        "Take older builds, or run in a container with a newer C library.",
        None, "https://github.com/mamba-org/mamba/issues/3443",
    ),
    Sign(
        "musl-host", r"glibc version not found \(virtual package skipped\)",
        "this system has no glibc",
        "Packages of linux-64 are built for glibc and do not start here.",
        "Use an image that has glibc.", None, "https://github.com/mamba-org/mamba/issues/3514",
    ),
    Sign(
        "mixed-mamba1-and-conda-in-one-base",
        r"cannot import name 'ensure_name_or_prefix'|has no attribute 'QueryFormat'|"
        r"(?:libmamba|libsolv|bindings\.).{0,300}GLIBCXX_3\.4\.\d+' not found|"
        r"GLIBCXX_3\.4\.\d+' not found.{0,300}(?:libmamba|libsolv|bindings\.)",
        "conda, mamba and libmambapy of one base do not fit together",
        "One of them was updated without the others.",
        "Update them in one transaction, with the classic solver.",
        "CONDA_NO_PLUGINS=true conda install --solver classic -n base conda-libmamba-solver "
        "libmambapy",
        "https://github.com/conda/conda-libmamba-solver/issues/540",
    ),
    Sign(
        "shell-function-shadows-binary",
        r"Run 'mamba init' to be able to run mamba|__conda_reactivate: command not found|"
        r"The following arguments were not expected: bash init",
        "the shell's start-up block is of another mamba than the one installed",
        "Activation fails, although the program itself works.",
        "Write the block anew, then open a new shell.",
        "mamba shell reinit", "https://github.com/mamba-org/mamba/issues/1819",
    ),
    Sign(
        "mamba-info-empty-or-other-key",
        r"KeyError: '(?:virtual_pkgs|virtual packages|envs_dirs|envs directories)'",
        "a program reads `info --json` of another client than it was written for",
        "conda and mamba 1 write virtual_pkgs and envs_dirs; micromamba and mamba 2 write virtual "
        "packages and envs directories, so that it finds nothing.",
        "Have the program read both keys, or give it the client that it was written for.",
        None, "https://github.com/macro128/pdm-conda/issues/2",
    ),
    Sign(
        "several-conda-roots", r"Command 'mamba' not found, did you mean: command 'samba'",
        "mamba is not on PATH",
        "It is not installed, or its root is not activated in this shell.",
        "See which clients there are, and call the one that is wanted by its full path.",
        "envdoctor clients", "https://github.com/mamba-org/mamba/issues/2125",
    ),
    Sign(
        "solver-plugin-outdated-or-broken",
        r"non-default solver backend \(\S{1,40}\) but it was not recognized|"
        r"argument --solver: invalid choice",
        "conda's configured solver is not installed",
        "conda refuses to solve at all.",
        "Install the plug-in, or use the classic solver for one command.",
        "conda install -n base --solver classic conda-libmamba-solver",
        "https://github.com/conda/conda-libmamba-solver/issues/540",
    ),
)  # fmt: skip
