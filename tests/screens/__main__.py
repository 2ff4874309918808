"""`make screens`: draw the twelve pictures of docs/screens again from what Naru says now."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from adapters.settings import read_settings
from tests.screens.photograph import NoBrowser, find_browser, photograph
from tests.screens.play import play_screens
from tests.screens.slack_look import WIDTH as SLACK_WIDTH
from tests.screens.slack_look import draw_slack
from tests.screens.telegram_look import WIDTH as TELEGRAM_WIDTH
from tests.screens.telegram_look import draw_telegram

FOLDER = Path(__file__).parents[2] / "docs/screens"


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
            size = photograph(page, width, FOLDER / f"{screen.name}.png", browser)
            sys.stderr.write(f"{screen.name}.png  {size // 1000} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
