"""Lock again with conda-lock for a named level, told by a virtual-packages.yml."""

from doctor.model import Cost, Remedy, Run, Type

NAME = "lock-per-level"
TITLE = "Lock again for a level"
WHY = "Writes a new lock file; what is installed stays as it is."


def offer(level: int) -> Remedy:
    """`level` is one that every machine which installs it has: no more than this CPU's."""
    return Remedy(
        f"If every machine that installs it has level {level}, say so in virtual-packages.yml, "
        f'__archspec: "1 x86_64_v{level}", and lock again; name such lock files by level.',
        (Type(str(Run(("conda-lock", "-f", "environment.yml", "--virtual-package-spec",
                       "virtual-packages.yml")))),),
        NAME,
        Cost.FILE,
        changes="the lock file",
        network=True,
        undo="put the old lock file back",
        verify="envdoctor project",
        by_hand="it needs a virtual-packages.yml that says what all machines have",
    )  # fmt: skip
