"""Tokens that are known by how they begin, or by their form: patterns of them.

Beginnings are those that the services document, or that scanners of secrets look for.
"""

_REST = "[A-Za-z0-9_-]"

SURE = (
    # GitHub, GitLab, packages
    rf"(?:ghp|gho|ghu|ghs|ghr)_{_REST}{{12,}}", rf"github_pat_{_REST}{{20,}}",
    rf"gl(?:pat|rt|cbt|ptt|dt|ft|soat|agent|imt|oas|ffct)-{_REST}{{12,}}",
    rf"GR1348941{_REST}{{12,}}", rf"dckr_(?:pat|oat)_{_REST}{{12,}}",
    rf"pypi-AgE{_REST}{{12,}}", rf"cmVmdGtu{_REST}{{12,}}", rf"AKCp{_REST}{{10,}}",
    # clouds and their services
    r"A[KS]IA[A-Z0-9]{12,}", rf"AIza{_REST}{{30,}}", rf"ya29\.{_REST}{{12,}}",
    rf"GOCSPX-{_REST}{{12,}}", rf"xox[abprs]-{_REST}{{12,}}",
    rf"ATATT3x{_REST}{{12,}}", r"SG\.[\w-]{12,}\.[\w-]{12,}", r"hv[sbr]\.[\w.-]{16,}",
    rf"[srp]k_(?:live|test)_{_REST}{{12,}}",
    # JSON web tokens
    r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}",
)  # fmt: skip
"""Nothing else begins so: hidden wherever anything is shown."""

LIKELY = (
    rf"pypi-{_REST}{{12,}}", rf"(?:pfx|npm|rubygems|dckr_pat|dckr_oat)[_-]{_REST}{{12,}}",
    rf"(?:dapi|xox[abprs]|xapp|dop_v1|doo_v1|hf|nvapi|pul|shpat|lin_api)[_-]{_REST}{{12,}}",
    rf"sk-(?:proj-|ant-|or-|svcacct-)?(?=[\w-]{{0,60}}\d){_REST}{{20,}}",
    # anaconda.org's `aa-UUID`
    r"[a-z]{2}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
)  # fmt: skip
"""Some names of packages and files begin so too: hidden in what leaves the machine."""


def any_of(shapes: tuple[str, ...]) -> str:
    """A pattern of whole tokens, as its one group."""
    return rf"(?<![A-Za-z0-9])((?:{'|'.join(shapes)})=*)"
