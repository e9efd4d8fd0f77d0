"""A machine of replayed clients: real processes that print what real clients printed.

`machine_of_2024` has micromamba 1.5.8 beside conda 26.7.1; its micromamba can update itself to
2.8.1, and both keep a note of every command that would have changed something.
"""

from pathlib import Path

from tests import prefixes, replay
from tests.scenes import CONDA_PARTS, conda_probe, transcript

LEVEL = "_x86_64-microarch-level"
SOLVED = f"B_native_c2024_{LEVEL}"


class Replayed:
    """A folder with replayed programs: `home`, `bin`, `root`, and what was changed."""

    def __init__(self, folder: Path) -> None:
        """Nothing is installed yet."""
        self.folder = folder
        self.bin = folder / "bin"
        self.root = folder / "miniforge3"
        self.home = folder / "home"
        self.changed = folder / "changed"

    def env(self, **more: str) -> dict[str, str]:
        """The environment in which envdoctor meets them."""
        return replay.surroundings(self.home, (self.bin, self.root / "bin"), more)

    @property
    def changes(self) -> list[str]:
        """Commands that would have changed something, first to last."""
        return self.changed.read_text().splitlines() if self.changed.exists() else []

    def conda_rolls_back(self) -> None:
        """conda links packages until it is asked to stop, and rolls back then."""
        replay.script(
            self.root / "bin" / "conda",
            f"trap 'echo rolled back >> {replay.quote(self.changed)}; exit 1' INT",
            "echo linking packages",
            f"until [ -e {replay.quote(self.folder / 'never')} ]; do sleep 0.1; done",
        )

    def micromamba(self, version: str, later: str | None = None) -> None:
        """A micromamba whose `self-update` puts `later` in its place."""
        said = self.folder / f"micromamba-{version}"
        replay.replay(said / "info", transcript("micromamba", version, "A_info_json"))
        replay.replay(said / "create", transcript("micromamba", version, SOLVED))
        for value in ("x86_64", "x86_64_v3"):
            case = f"{SOLVED}_ovr_{value}" if version.startswith("2") else SOLVED
            replay.replay(said / f"create-{value}", transcript("micromamba", version, case))
        program, note = self.bin / "micromamba", replay.quote(self.changed)
        lines = [
            f"folder={replay.quote(said)}",
            'case "$*" in',
            '  info*) exec "$folder/info" ;;',
            '  --version) echo ' + version + ' ;;',
            '  create*--dry-run*)',
            '    value="$CONDA_OVERRIDE_ARCHSPEC"',
            '    [ -n "$value" ] && [ -e "$folder/create-$value" ] && exec "$folder/create-$value"',
            '    exec "$folder/create" ;;',
            f'  self-update*) echo "micromamba $*" >> {note}',
        ]  # fmt: skip
        if later is None:
            lines += ["    echo already the newest ;;"]
        else:
            self.micromamba(later)
            newer = self.folder / "newer"
            program.rename(newer)
            lines += ["    echo Linking micromamba", f'    mv {replay.quote(newer)} "$0" ;;']
        lines += [f'  *) echo "micromamba $*" >> {note}; echo done ;;', "esac"]
        replay.script(program, *lines)

    def conda(self, parts: dict[str, str] = CONDA_PARTS) -> None:
        """conda 26.7.1 in a root; its Python answers our probe and the dry runs."""
        meta = self.root / "conda-meta"
        meta.mkdir(parents=True)
        (meta / "history").write_text("")
        for name, version in parts.items():
            (meta / f"{name}-{version}-0.json").write_text(prefixes.record(name, version, "0"))
        said = self.folder / "conda-said"
        replay.replay(said / "probe", conda_probe("26.7.1"))
        solved = transcript("conda", "26.7.1", "solve-head/classic/legacy/level/ovr-unset")
        replay.replay(said / "solve", solved)
        replay.script(
            self.root / "bin" / "python",
            f"folder={replay.quote(said)}",
            'case "$1" in -c) exec "$folder/probe" ;; *) exec "$folder/solve" ;; esac',
        )
        note = replay.quote(self.changed)
        replay.script(self.root / "bin" / "conda", f'echo "conda $*" >> {note}', "echo done")


def machine_of_2024(folder: Path) -> Replayed:
    """micromamba 1.5.8, which can update itself, beside conda 26.7.1."""
    machine = Replayed(folder)
    machine.micromamba("1.5.8", later="2.8.1")
    machine.conda()
    return machine
