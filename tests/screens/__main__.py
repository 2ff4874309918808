"""`make screens`: draw the twelve pictures of docs/screens again from what Naru says now, and those of
the console and of an agenda in docs/pictures."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from adapters.settings import read_settings
from tests.screens.agenda_paper import draw_agenda
from tests.screens.console_pages import photograph_console
from tests.screens.photograph import NoBrowser, find_browser, photograph
from tests.screens.play import play_screens
from tests.screens.slack_look import WIDTH as SLACK_WIDTH
from tests.screens.slack_look import draw_slack
from tests.screens.telegram_look import WIDTH as TELEGRAM_WIDTH
from tests.screens.telegram_look import draw_telegram

DOCS = Path(__file__).parents[2] / "docs"
SCREENS, PICTURES = DOCS / "screens", DOCS / "pictures"


def main() -> int:
    """Draw them; returns the exit code."""
    data = read_settings().data
    if not (data / "naru.db").exists():
        sys.stderr.write(f"No library in {data}. Run `naru ingest` first.\n")
        return 1
    try:
        browser = find_browser()
    except NoBrowser as error:
        sys.stderr.write(f"{error}\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="naru-screens-") as folder:
        for screen in play_screens(data, Path(folder)):
            telegram = screen.messenger == "telegram"
            page = draw_telegram(screen) if telegram else draw_slack(screen)
            width = TELEGRAM_WIDTH if telegram else SLACK_WIDTH
            size = photograph(page, width, SCREENS / f"{screen.name}.png", browser)
            _tell(f"{screen.name}.png", size)
    with tempfile.TemporaryDirectory(prefix="naru-screens-") as folder:
        for name, size in photograph_console(data, Path(folder), PICTURES, browser):
            _tell(name, size)
    _tell("agenda-ko.png", draw_agenda(PICTURES / "agenda-ko.png"))
    return 0


def _tell(name: str, size: int) -> None:
    sys.stderr.write(f"{name}  {size // 1000} kB\n")


if __name__ == "__main__":
    sys.exit(main())
