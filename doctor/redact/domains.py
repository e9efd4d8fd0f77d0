"""Names of machines: which of them everybody uses, and how they end."""

PUBLIC_DOMAINS = frozenset((
    "anaconda.org", "anaconda.com", "prefix.dev", "github.com", "githubusercontent.com",
    "github.io", "gitlab.com", "conda-forge.org", "conda.io", "pixi.sh",
    "readthedocs.io", "readthedocs.org", "python.org",
    "docker.com", "quay.io", "ghcr.io", "mamba.pm", "mirrors.tuna.tsinghua.edu.cn",
    "mirrors.ustc.edu.cn", "mirrors.sjtug.sjtu.edu.cn", "mirror.nju.edu.cn", "mirrors.bfsu.edu.cn",
    "kernel.org", "gnu.org", "intel.com", "amd.com", "arm.com", "apple.com", "microsoft.com",
    "nvidia.com", "sourceware.org", "w3.org", "json-schema.org",
))  # fmt: skip
"""Hosts that everybody uses: which one a channel is on matters for the diagnosis."""

TOP_LEVEL = (
    "com", "org", "net", "edu", "gov", "mil", "example", "invalid", "internal", "local", "lan",
    "corp", "intranet", "cluster", "localdomain", "cloud", "ac", "de", "fr", "ch", "nl", "uk", "it",
    "es", "se", "no", "fi", "dk", "at", "be", "cz", "eu", "us", "ca", "au", "jp", "cn", "br", "kr",
    "ru", "nz", "pt", "gr", "ie", "hu", "ro", "tw", "sg", "za", "mx", "il",
)  # fmt: skip
"""Ends of names of machines; those that are endings of files as well (`py`, `sh`) are not."""


def is_public(host: str) -> bool:
    """Whether everybody uses a host, so that its name tells nothing but what it serves."""
    small = host.lower().rstrip(".")
    own = small in ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")
    return own or any(small == d or small.endswith(f".{d}") for d in PUBLIC_DOMAINS)


def domain_of(name: str) -> str | None:
    """The domain of a machine: its last two names, three where they are those of a country."""
    parts = name.lower().strip(".").split(".")
    count = 3 if len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3 else 2
    domain = ".".join(parts[-count:])
    numeric = all(part.isdigit() for part in parts)
    return domain if len(parts) > count and not numeric and not is_public(domain) else None
