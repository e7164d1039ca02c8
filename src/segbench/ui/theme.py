"""Colours, fonts and the settings that all charts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Mode = Literal["light", "dark"]

FONT: Final = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'
)
SMALL: Final = 12
LARGE: Final = 15
"""Sizes of text in pixels: all of it, and titles."""

EDGE: Final = 12
"""Pixels between a figure's content and its border."""

LONGEST: Final = 48
"""How many signs of a name a title or an axis shows; pointing at its mark shows all of it."""

NARROW: Final = 400
"""The width in pixels that a figure fits in when it is not told how wide its pane is."""

CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "typesetMath": False,
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "filename": "segbench", "scale": 2},
}
"""For plotly.js: nothing leaves the page, `$` in a name is no formula, PNG works offline."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one mode; text has a contrast of at least 4.5:1 on `ground` and on `soft`.

    `ground` is the assumed colour behind the figure, which itself is transparent. `segments` are
    told apart in all kinds of colour blindness (the first after Okabe and Ito), as are `gain` and
    `loss`.
    `shades` run from none to all; `glass` is the opacity of circles, up to three on each other.
    """

    mode: Mode
    ground: str
    ink: str
    muted: str
    line: str
    soft: str
    gain: str
    loss: str
    total: str
    segments: tuple[str, ...]
    shades: tuple[str, ...]
    glass: float

    def segment(self, position: int) -> str:
        """The colour of the segment at a position; it stays the same in every chart."""
        return self.segments[position % len(self.segments)]

    def on(self, colour: str) -> str:
        """Black or white, whichever reads better on a colour."""
        return max("#000000", "#ffffff", key=lambda text: contrast(text, colour))


LIGHT: Final = Theme(
    mode="light",
    ground="#ffffff",
    ink="#1d2733",
    muted="#515c69",
    line="#d5dbe1",
    soft="#eef1f4",
    gain="#0072b2",
    loss="#c64f00",
    total="#5b6875",
    segments=(
        "#0072b2",
        "#d55e00",
        "#009e73",
        "#bf5091",
        "#735800",
        "#5a6873",
        "#1b91cc",
        "#66498c",
    ),
    shades=("#f3f7fb", "#c5dcee", "#7fb3d8", "#2f80b8", "#00487a"),
    glass=0.3,
)
DARK: Final = Theme(
    mode="dark",
    ground="#111111",
    ink="#e8ecf1",
    muted="#aab4bf",
    line="#3b444e",
    soft="#22282f",
    gain="#56b4e9",
    loss="#ff8f3f",
    total="#97a3b0",
    segments=(
        "#56b4e9",
        "#ff8f3f",
        "#2cc295",
        "#cc72ae",
        "#e6cd45",
        "#aeb7bf",
        "#85d6ff",
        "#b585cc",
    ),
    shades=("#1b2128", "#1f4058", "#2a6b96", "#4f9fd0", "#a9dcff"),
    glass=0.26,
)


def theme(mode: Mode) -> Theme:
    """The colours of a mode."""
    return DARK if mode == "dark" else LIGHT


def letter(position: int) -> str:
    """The sign of the segment at a position, so that colour never stands alone: A, B, ... Z, AA."""
    first, last = divmod(position, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)


def layout(theme: Theme, *, height: int, width: int | None = None, **more: Any) -> dict[str, Any]:
    """The layout that all figures start from: transparent, of a set height, not to be zoomed."""
    return {
        "height": height,
        "width": width,
        "autosize": width is None,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SMALL, "color": theme.ink},
        "hoverlabel": {
            "bgcolor": theme.soft,
            "bordercolor": theme.muted,
            "font": {"family": FONT, "size": SMALL, "color": theme.ink},
            "align": "left",
            "namelength": -1,
        },
        "modebar": {
            "bgcolor": "rgba(0,0,0,0)",
            "color": theme.muted,
            "activecolor": theme.ink,
        },
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "bargap": 0.3,
        "template": None,
        **more,
    }


def contrast(one: str, other: str) -> float:
    """The contrast of two `#rrggbb` colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def blend(low: str, high: str, share: float) -> str:
    """The colour at `share` (0 to 1) of the way from one colour to another."""
    parts = (
        round(int(low[at : at + 2], 16) * (1 - share) + int(high[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def faded(colour: str, opacity: float) -> str:
    """A `#rrggbb` colour that lets through what is behind it."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
