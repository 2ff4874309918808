"""`make screens`: draw the twelve pictures of docs/screens again from what Naru says now, and those of
the console and of an agenda in docs/pictures. `make screens ONLY=console` draws one of PARTS."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import closing
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
PARTS = ("messengers", "console", "agenda")


def main(words: Sequence[str] = ()) -> int:
    """Draw the parts that are named, all without any; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.screens")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    wanted = parser.parse_args(words).parts or PARTS
    if unknown := sorted(set(wanted) - set(PARTS)):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(PARTS)}")
    data = read_settings().data
    if not (data / "naru.db").exists():
        sys.stderr.write(f"No library in {data}. Run `naru ingest` first.\n")
        return 1
    try:
        browser = find_browser()
    except NoBrowser as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for part in wanted:
        with (
            tempfile.TemporaryDirectory(prefix="naru-screens-") as folder,
            # closed here: what fails while a page is drawn must not leave Naru serving
            closing(_draw(part, data, Path(folder), browser)) as drawn,
        ):
            for name, size in drawn:
                sys.stderr.write(f"{name}  {size // 1000} kB\n")
    return 0


def _draw(part: str, data: Path, folder: Path, browser: str) -> Generator[tuple[str, int]]:
    """The name and the bytes of each picture of a part."""
    if part == "agenda":
        yield "agenda-ko.png", draw_agenda(PICTURES / "agenda-ko.png")
    elif part == "console":
        yield from photograph_console(data, folder, PICTURES, browser)
    else:
        with closing(play_screens(data, folder)) as screens:
            for screen in screens:
                telegram = screen.messenger == "telegram"
                page = draw_telegram(screen) if telegram else draw_slack(screen)
                width = TELEGRAM_WIDTH if telegram else SLACK_WIDTH
                target = SCREENS / f"{screen.name}.png"
                yield target.name, photograph(page, width, target, browser)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
