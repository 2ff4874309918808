"""How other people's words are shown inside ours."""

from __future__ import annotations

QUOTE_MARK = "│ "  # before the lines of somebody's words that could look like another's


def quote_lines(text: str) -> str:
    """`text` with every line after its first marked, so that no line of it can look like the
    beginning of another author's words."""
    return f"\n{QUOTE_MARK}".join(text.splitlines())


def mark_lines(text: str, head: str = "") -> str:
    """A staff member's `text` as founders read it below the line that names its author: of several
    lines each is marked, so that none can look like such a line. `head` stands above or before it."""
    lines = text.splitlines()
    if len(lines) < 2:
        return f"{head}{text}"
    marked = "\n".join(f"{QUOTE_MARK}{line}".rstrip() for line in lines)
    return f"{head.rstrip()}\n{marked}" if head else marked


def shorten_text(text: str, limit: int = 60) -> str:
    """`text` on one line of at most `limit` characters; a cut, after a word, is marked with "…"."""
    flat = " ".join(text.split())
    words = flat[: limit - 1].rpartition(" ")[0].rstrip(" ,;:·–—-")
    cut = f"{words} …" if len(words) >= limit // 2 else flat[: limit - 1] + "…"  # one long word
    return flat if len(flat) <= limit else cut
