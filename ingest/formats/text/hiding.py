"""Whether a page's style takes words out of sight: off the page, clipped to nothing, or in the
colour of what is behind them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ZERO = re.compile(r"[-+]?0*\.?0*(px|pt|em|rem|%)?")
_FAR_AWAY = re.compile(r"-\d{3,}(\.\d+)?(px|pt|%|em|rem)?")  # no screen is so wide
_DOT_SIZE = re.compile(r"[01](\.0+)?(px)?")
_NOTHING_LEFT = re.compile(
    r"rect\((\s*([01]|0*\.0+)(px)?\s*[, )]){4}|inset\(\s*(50|100)%|circle\(\s*0", re.IGNORECASE
)
_SCALED_AWAY = re.compile(r"scale(3d|x|y)?\(\s*0(\.0+)?\s*[,)]")
_NO_COLOUR = re.compile(
    r"transparent|(rgba|hsla)\([^)]*[,/]\s*0*\.?0+%?\s*\)|#[0-9a-f]{6}00|#[0-9a-f]{3}0"
)
_WHITE = re.compile(
    r"white|#f{3}f?|#f{6}(ff)?|#fefefe|rgba?\(\s*255\s*[, ]\s*255\s*[, ]\s*255(\s*[,/]\s*1(\.0+)?)?\s*\)"
)


def is_out_of_sight(style: Mapping[str, str]) -> bool:
    """Whether an element with this style shows none of its words, wherever it stands.

    A height of nothing alone is none of it: that is how answers fold.
    """
    if any(_ZERO.fullmatch(style[key]) for key in ("opacity", "font-size") if key in style):
        return True
    if style.get("content-visibility") == "hidden" or _SCALED_AWAY.search(
        style.get("transform", "")
    ):
        return True
    if _FAR_AWAY.fullmatch(style.get("text-indent", "")):
        return True
    if style.get("position") not in ("absolute", "fixed"):
        return False
    clips = style.get("clip", ""), style.get("clip-path", "")
    moved = (style.get(key, "") for key in ("left", "right", "top", "margin-left"))
    is_dot = all(_DOT_SIZE.fullmatch(style.get(key, "")) for key in ("width", "height"))
    return (
        any(map(_NOTHING_LEFT.search, clips))
        or any(map(_FAR_AWAY.fullmatch, moved))
        or (is_dot and style.get("overflow") == "hidden")
    )


def is_colourless(color: str, ground: str | None) -> bool:
    """Whether words of this colour cannot be read on their ground.

    `ground` is the nearest colour behind them, "" if the page sets none, None if it may be set
    where it cannot be seen (another file, a picture).
    """
    if _NO_COLOUR.fullmatch(color):
        return True
    return (
        bool(_WHITE.fullmatch(color))
        and ground is not None
        and (not ground or bool(_WHITE.fullmatch(ground)))
    )


def find_ground(style: Mapping[str, str], ground: str | None) -> str | None:
    """What is behind the words of an element, given what is behind the element itself."""
    own = style.get("background-color", "")
    if not own or own in ("none", "inherit", "initial", "unset") or _NO_COLOUR.fullmatch(own):
        return ground
    return own if re.fullmatch(r"#[0-9a-f]+|[a-z]+|(rgb|hsl)a?\([^()]*\)", own) else None
