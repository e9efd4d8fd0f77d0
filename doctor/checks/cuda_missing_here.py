"""An environment holds packages for GPUs, and no NVIDIA driver was seen on this machine."""

from collections.abc import Iterator

from doctor.model import Environment, Evidence, Finding, Remedy, Report, Severity
from doctor.remedies import cuda_for_one_command

ID = "cuda-missing-on-login-node"
GROUP = "system"
SYMPTOM = "__cuda, which is missing on the system, where there is no GPU"
CAUSE = (
    "__cuda is detected from the driver of the machine that solves, not of the one that runs: "
    "login nodes, image builds and CI have none."
)
DETECTED = (
    "An installed package depends on __cuda, and there is neither a driver's file in the usual "
    "places nor nvidia-smi on PATH. In a log it is told by the solver's sentence about __cuda."
)
REMEDIES = ("advice", "cuda-for-one-command")
ADVICE = (
    "Change such an environment in a job on a GPU node: there __cuda is detected.",
    'For pixi 0.71.0 or newer, say `cuda = "12"` in the platform entry: a workspace is solved for '
    "what it declares.",
)
SOURCES = (
    "https://github.com/conda-forge/pytorch-cpu-feedstock/issues/364",
    "https://github.com/Imageomics/pybioclip/issues/101",
    "https://github.com/prefix-dev/pixi/issues/2072",
    "https://github.com/prefix-dev/pixi/issues/3008",
)


def check(report: Report) -> Iterator[Finding]:
    """A note per environment; none where the variable already says which CUDA is meant."""
    if report.machine.system.cuda is not False or report.machine.settings.get(
        cuda_for_one_command.VARIABLE
    ):
        return
    for environment in report.environments or ():
        if environment.gpu:
            yield _finding(report, environment)


def _finding(report: Report, environment: Environment) -> Finding:
    source = f"{environment.path}/conda-meta"
    names = list(dict.fromkeys(record.name for record in environment.gpu))
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return Finding(
        ID,
        environment.path,
        Severity.NOTE,
        f"{environment.path} is for GPUs, and no NVIDIA driver was seen here",
        f"On this machine {shown} find no GPU, and the next install or update with a client that "
        "detects __cuda is refused or takes builds without CUDA. On a GPU node it is as it should "
        "be.",
        (),
        (
            *(Evidence(_asks(record.title, record.depends), source) for record in environment.gpu),
            Evidence("no sign of an NVIDIA driver was found", "machine facts"),
        ),
        tuple(_remedies(report, environment)),
        SOURCES[0],
    )


def _asks(title: str, depends: tuple[str, ...]) -> str:
    asked = [text for text in depends if "__cuda" in text]
    return f"{title} depends on {', '.join(asked)}"


def _remedies(report: Report, environment: Environment) -> Iterator[Remedy]:
    yield Remedy(ADVICE[0])
    if "pixi" in environment.written_by:
        yield Remedy(ADVICE[1])
    why = (
        "Or say for one command which CUDA the GPU node's driver offers (nvidia-smi prints it "
        "there), no more."
    )
    yield from cuda_for_one_command.offer(report, why, None)
