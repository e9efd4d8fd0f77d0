"""The words that people meet: what each is, in the standard terms, for every screen."""

from msgspec import Struct


class Term(Struct, frozen=True):
    """A word, what it is in a few words, and what one has to know about it."""

    word: str
    short: str
    long: str


TERMS = (
    Term(
        "level",
        "what a package may ask of a CPU: x86_64, x86_64_v2, _v3, _v4",
        "A set of CPU features that compilers and packages agree on (x86-64 psABI). Each level "
        "has all of the one below. A CPU runs every package up to its own level; a package of a "
        "higher one ends with Illegal instruction.",
    ),
    Term(
        "archspec name",
        "what the library archspec calls this CPU, such as zen4",
        "archspec compares the CPU's features with those of all microarchitectures that it knows, "
        "and gives the best that fits. conda and rattler tell that name to their solvers, mamba "
        "tells the level. A newer archspec can give the same CPU another name.",
    ),
    Term(
        "virtual package",
        "a fact about the machine that packages can depend on",
        "It begins with two underscores, is never downloaded and never installed: each client "
        "makes it up on the spot. __archspec=1=zen4 says that the CPU is a zen4. Packages depend "
        "on _x86_64-microarch-level, whose builds depend on __archspec.",
    ),
    Term(
        "override",
        "CONDA_OVERRIDE_ARCHSPEC replaces what a client would find",
        "A variable that is set for one command, to solve for another machine. Old mamba and old "
        "rattler ignore it, some versions take any word, misspelt or not. Set above the CPU's own "
        "level it installs programs that cannot run here.",
    ),
    Term(
        "spelling",
        "x86_64_v3 in conda and archspec, x86-64-v3 in GCC and glibc",
        "conda packages have underscores only. mamba 1.5.3 to 1.5.9 said x86_64-v3, which no "
        "build accepts.",
    ),
    Term(
        "needed level",
        "the highest level that an environment's packages ask for",
        "Not the version of the installed metapackage, which is the level of the CPU that the "
        "environment was solved on.",
    ),
    Term(
        "predicted, reported, proven",
        "by the rule for that version; said by the client; done by its solver",
        "Tables mark them ~ = and *. What nobody could find out is marked ? and called unknown.",
    ),
)
"""In the order in which they are met."""
