"""One module per check: what its page says, and `check`, a pure function to findings.

A check sees a report only: no host, no files. Words about a finding live in the check itself.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from doctor.checks import (
    apple_silicon_emulation,
    archspec_missing_in_base,
    archspec_version_zero,
    arm64_has_no_levels,
    build_metapackage,
    ci_cache_without_level,
    client_did_not_answer,
    client_itself_sigills,
    clients_differ,
    conda_lock_defaults,
    conda_too_old,
    condarc_override_ignored,
    cpu_unknown_to_feedstock,
    cpu_unreadable,
    cuda_clients_disagree,
    cuda_missing_here,
    empty_override,
    environment_above_cpu,
    environment_flags,
    environment_foreign_subdir,
    environment_graph_tool_level4,
    environment_level_one,
    environment_of_several_clients,
    environment_old_metapackage,
    environment_silent_fallback,
    environment_unread,
    exported_yaml_pins_cpu_build,
    foreign_subdir,
    glibc_too_old,
    hyphenated_archspec,
    image_above_cpu,
    level_above_this_machine,
    level_disagreement,
    level_lower_than_host,
    level_one_only,
    mamba1_info,
    mixed_base,
    musl_host,
    old_client_in_project,
    osx_64_under_rosetta,
    osx_version_10_16,
    override_ignored,
    override_in_project_file,
    override_left_set,
    override_misspelt,
    pixi_042_archspec,
    pixi_platform_accepted,
    pixi_solver_ignores_host,
    pixi_system_requirements,
    processors_differ,
    project_unread,
    recipe_depends_on_archspec_directly,
    recipe_exact_level,
    recipe_level_not_tested,
    recipe_level_without_lower_build,
    recipe_misspelt_level,
    recipe_prefers_slow_build,
    recipe_regex_requirement,
    recipe_windows_without_level,
    regex_level_builds,
    reported_differs,
    several_roots,
    shell_function_shadows,
    solver_plugin,
    vm_masks_features,
    windows_archspec,
    wsl_without_cuda,
)
from doctor.model import Finding, Report, Severity


class Check(Protocol):
    """What a check's module offers: its page of the catalogue, and the check itself.

    `GROUP` is one of GROUPS; `SYMPTOM` is what users say, `CAUSE` why that happens, `DETECTED`
    how it is told offline; `REMEDIES` names modules of `doctor.remedies` in order of safety
    (`advice` where words are all there is); `SOURCES` are the threads and files that show it.
    A check may have `ADVICE` too: the words behind `advice`, as far as they hold for everybody.
    """

    ID: str
    GROUP: str
    SYMPTOM: str
    CAUSE: str
    DETECTED: str

    @property
    def REMEDIES(self) -> tuple[str, ...]:
        """Read-only, as modules have tuples of various lengths."""

    @property
    def SOURCES(self) -> tuple[str, ...]:
        """Likewise."""

    def check(self, report: Report) -> Iterator[Finding]:
        """Findings in this report, none if all is well."""


CHECKS: tuple[Check, ...] = (
    hyphenated_archspec,
    cpu_unknown_to_feedstock,
    environment_above_cpu,
    image_above_cpu,
    override_left_set,
    override_misspelt,
    empty_override,
    override_ignored,
    level_one_only,
    archspec_missing_in_base,
    conda_too_old,
    level_disagreement,
    several_roots,
    reported_differs,
    foreign_subdir,
    clients_differ,
    mamba1_info,
    processors_differ,
    vm_masks_features,
    environment_flags,
    environment_silent_fallback,
    environment_old_metapackage,
    environment_of_several_clients,
    environment_level_one,
    environment_graph_tool_level4,
    environment_foreign_subdir,
    cuda_missing_here,
    cuda_clients_disagree,
    wsl_without_cuda,
    glibc_too_old,
    musl_host,
    archspec_version_zero,
    osx_64_under_rosetta,
    windows_archspec,
    pixi_042_archspec,
    condarc_override_ignored,
    mixed_base,
    solver_plugin,
    shell_function_shadows,
    apple_silicon_emulation,
    arm64_has_no_levels,
    osx_version_10_16,
    client_itself_sigills,
    client_did_not_answer,
    environment_unread,
    cpu_unreadable,
    exported_yaml_pins_cpu_build,
    regex_level_builds,
    level_lower_than_host,
    level_above_this_machine,
    override_in_project_file,
    build_metapackage,
    old_client_in_project,
    ci_cache_without_level,
    pixi_platform_accepted,
    pixi_system_requirements,
    pixi_solver_ignores_host,
    conda_lock_defaults,
    recipe_level_without_lower_build,
    recipe_exact_level,
    recipe_regex_requirement,
    recipe_depends_on_archspec_directly,
    recipe_misspelt_level,
    recipe_windows_without_level,
    recipe_prefers_slow_build,
    recipe_level_not_tested,
    project_unread,
)

ENVIRONMENTS: tuple[Check, ...] = (
    environment_above_cpu,
    image_above_cpu,
    environment_flags,
    environment_silent_fallback,
    environment_old_metapackage,
    environment_of_several_clients,
    environment_level_one,
    environment_graph_tool_level4,
    environment_foreign_subdir,
    cuda_missing_here,
    environment_unread,
)
"""Those of CHECKS that look at environments."""

PROJECTS: tuple[Check, ...] = CHECKS[CHECKS.index(exported_yaml_pins_cpu_build) :]
"""Those of CHECKS that look at project files and recipes."""

GROUPS = (
    "clients", "cpu", "overrides", "environments", "project files", "recipes", "system",
    "envdoctor",
)  # fmt: skip
"""What checks are about, in the order of lists."""

BROKEN = "envdoctor"
"""Subject of the finding that says that a check broke."""

ORDER = (Severity.ERROR, Severity.WARNING, Severity.UNKNOWN, Severity.NOTE, Severity.OK)


def run(report: Report, selected: Iterable[str] | None = None) -> tuple[Finding, ...]:
    """Findings of all checks, or of those selected by id, worst first."""
    wanted = None if selected is None else set(selected)
    found: list[Finding] = []
    for check in CHECKS:
        if wanted is None or check.ID in wanted:
            found.extend(examined(check, report))
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))


def examined(check: Check, report: Report) -> list[Finding]:
    """A check that breaks is itself a finding: what it looks for was not wholly examined."""
    found: list[Finding] = []
    try:
        for finding in check.check(report):
            found.append(finding)
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
        found.append(
            Finding(
                check.ID,
                BROKEN,
                Severity.UNKNOWN,
                f"The check {check.ID} broke: {type(error).__name__}: {error}",
                "What it looks for was not wholly examined. Please report this to envdoctor.",
            )
        )
    return found
