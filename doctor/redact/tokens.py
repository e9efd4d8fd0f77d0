"""Tokens that are known by how they begin, or by their form.

Beginnings are those that the services document, or that scanners of secrets look for.
"""

import re

_REST = "[A-Za-z0-9_-]"

BEGINNINGS = (
    # GitHub, GitLab, packages
    rf"(?:ghp|gho|ghu|ghs|ghr)_{_REST}{{12,}}", rf"github_pat_{_REST}{{20,}}",
    rf"gl(?:pat|rt|cbt|ptt|dt|ft|soat|agent|imt|oas|ffct)-{_REST}{{12,}}",
    rf"GR1348941{_REST}{{12,}}",
    rf"pypi-{_REST}{{12,}}", rf"(?:pfx|npm|rubygems|dckr_pat|dckr_oat)[_-]{_REST}{{12,}}",
    rf"cmVmdGtu{_REST}{{12,}}", rf"AKCp{_REST}{{10,}}",
    # clouds and their services
    r"A[KS]IA[A-Z0-9]{12,}", rf"AIza{_REST}{{30,}}", rf"ya29\.{_REST}{{12,}}",
    rf"GOCSPX-{_REST}{{12,}}",
    rf"(?:dapi|xox[abprs]|xapp|dop_v1|doo_v1|hf|nvapi|pul|shpat|lin_api)[_-]{_REST}{{12,}}",
    rf"ATATT3x{_REST}{{12,}}", r"SG\.[\w-]{12,}\.[\w-]{12,}", r"hv[sbr]\.[\w.-]{16,}",
    rf"sk-(?:proj-|ant-|or-|svcacct-)?(?=[\w-]{{0,60}}\d){_REST}{{20,}}",
    rf"[srp]k_(?:live|test)_{_REST}{{12,}}",
    # JSON web tokens, and anaconda.org's `aa-UUID`
    r"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}",
    r"[a-z]{2}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
)  # fmt: skip

TOKEN = re.compile(rf"(?<![A-Za-z0-9])((?:{'|'.join(BEGINNINGS)})=*)")

HALF = re.compile(
    r"(?m)(?<![\w.-])((?:(?:ghp|gho|ghu|ghs|ghr|pfx|hf|npm)_|github_pat_|gl(?:pat|rt|dt|ft)-|pypi-|"
    r"eyJ|dckr_pat_)[\w.-]{3,2000}+(?:\\?\r?\n[ \t]{0,200}[\w.+/=-]{3,2000}(?=[\"'\s]*$)){1,3})"
)
"""A token that ends with its line, and lines that hold nothing but more of it."""
