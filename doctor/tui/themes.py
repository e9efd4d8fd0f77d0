"""Themes: Textual's dark and light, two of high contrast, and the terminal's own colours."""

from textual.theme import BUILTIN_THEMES, Theme

_BLACK, _WHITE = "#000000", "#ffffff"


_FRONT = (
    "text", "text-muted", "text-disabled", "foreground-muted", "block-cursor-blurred-background",
    "footer-foreground", "footer-description-foreground", "input-cursor-background", "scrollbar",
    "border", "border-blurred",
)  # fmt: skip
_BACK = (
    "block-cursor-foreground", "block-cursor-blurred-foreground", "block-hover-background",
    "footer-background", "input-cursor-foreground", "input-selection-foreground",
    "screen-selection-foreground", "scrollbar-background", "scrollbar-background-hover",
    "scrollbar-background-active",
)  # fmt: skip
_STRONG = (
    "block-cursor-background", "input-selection-background", "screen-selection-background",
    "scrollbar-hover", "scrollbar-active",
)  # fmt: skip
"""Textual's variables that are drawn in each of three colours."""


def _high_contrast(name: str, dark: bool) -> Theme:
    """Text at 7 to 1 and more against everything that it stands on, also where it is dimmed."""
    back, front = (_BLACK, _WHITE) if dark else (_WHITE, _BLACK)
    strong, raised = ("#ffff00", "#1a1a1a") if dark else ("#00008b", "#e0e0e0")
    variables = {
        **dict.fromkeys(_FRONT, front),
        **dict.fromkeys(_BACK, back),
        **dict.fromkeys(_STRONG, strong),
        "footer-key-foreground": strong if dark else front,
    }
    return Theme(
        name=name,
        dark=dark,
        primary=strong,
        secondary=front,
        accent=strong,
        warning=strong,
        error=front,
        success=front,
        foreground=front,
        background=back,
        surface=raised,
        panel=raised,
        boost=back,
        text_alpha=1.0,
        variables=variables,
    )


_PLAIN = "ansi_default"

TERMINAL = Theme(
    name="terminal",
    ansi=True,
    dark=True,
    primary=_PLAIN,
    secondary=_PLAIN,
    accent=_PLAIN,
    warning="ansi_yellow",
    error="ansi_red",
    success=_PLAIN,
    foreground=_PLAIN,
    background=_PLAIN,
    surface=_PLAIN,
    panel=_PLAIN,
    boost=_PLAIN,
    variables={
        "ansi-background": _PLAIN,
        "ansi-foreground": _PLAIN,
        "text-disabled": _PLAIN,
        "text-muted": _PLAIN,
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-text-style": "bold",
        "footer-key-foreground": _PLAIN,
        "border": _PLAIN,
        "border-blurred": _PLAIN,
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_white",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_white",
        "screen-selection-foreground": "ansi_black",
        "scrollbar": _PLAIN,
        "scrollbar-hover": _PLAIN,
        "scrollbar-active": _PLAIN,
        "scrollbar-background": _PLAIN,
        "scrollbar-background-hover": _PLAIN,
        "scrollbar-background-active": _PLAIN,
    },
)
"""Bold, underlined and reversed, since nobody knows how the shades of a terminal look together.

Black on white is drawn reversed: see `doctor.tui.filters`.
"""

BY_NAME = {
    "dark": BUILTIN_THEMES["textual-dark"],
    "light": BUILTIN_THEMES["textual-light"],
    "high-contrast": _high_contrast("high-contrast", dark=True),
    "high-contrast-light": _high_contrast("high-contrast-light", dark=False),
    "terminal": TERMINAL,
}
"""By the name that the setting has."""
