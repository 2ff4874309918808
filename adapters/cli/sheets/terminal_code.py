"""A QR code that a phone reads off the terminal."""

from __future__ import annotations

import io


def draw_code(text: str) -> str:
    """The code of a text in half blocks, for a dark or a light terminal."""
    import segno

    drawn = io.StringIO()
    segno.make(text, error="l").terminal(drawn, border=2, compact=True)
    return drawn.getvalue().rstrip("\n")
