"""What a browser is called by those who use it, of what it calls itself."""

from __future__ import annotations

UNKNOWN_LIMIT_CHARACTERS = 60  # of one that is none of these
# Each calls itself by the names of those after it as well.
BROWSERS = (
    ("Edg", "Edge"), ("SamsungBrowser/", "Samsung Internet"), ("Whale/", "Whale"), ("OPR/", "Opera"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def name_browser(agent: str) -> str:
    """The browser and the system that the header User-Agent tells: "Chrome · Windows"; of an unknown
    one the beginning of what it says."""
    found = [
        next((name for mark, name in names if mark in agent), None) for names in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found)) or agent[:UNKNOWN_LIMIT_CHARACTERS]
