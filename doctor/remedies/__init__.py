"""One module per remedy: `NAME`, `TITLE`, `WHY`, and `offer`, which makes it as data.

A remedy is offered for what is installed here; where it does not apply it is `blocked` and says
why, since that is what people ask next. None of them names a level above the CPU's own.
"""

from typing import Protocol

from doctor.remedies import (
    archspec_in_base,
    ask_for_newer,
    correct_line,
    cuda_for_one_command,
    lock_per_level,
    matched_set,
    override_for_one_command,
    pixi_platform,
    rebuild_image,
    remove_build_package,
    remove_override,
    shell_block,
    solve_for_this_cpu,
    upgrade_client,
    use_another_client,
    use_another_solver,
)


class Kind(Protocol):
    """What a remedy's module offers beside its `offer`.

    `TITLE` is what it does in a few words, `WHY` the reason for its place among the others.
    """

    NAME: str
    TITLE: str
    WHY: str


REMEDIES: tuple[Kind, ...] = (
    use_another_solver,
    use_another_client,
    override_for_one_command,
    cuda_for_one_command,
    ask_for_newer,
    remove_override,
    correct_line,
    shell_block,
    lock_per_level,
    rebuild_image,
    solve_for_this_cpu,
    remove_build_package,
    pixi_platform,
    archspec_in_base,
    upgrade_client,
    matched_set,
)
"""From the safest on: what holds for one command first, what changes a base environment last."""

BY_NAME: dict[str, Kind] = {kind.NAME: kind for kind in REMEDIES}
