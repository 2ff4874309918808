"""The memory of `naru serve` over a library: `python -m tests.bench.serve_memory data`, a folder that
`naru ingest` has filled; it is copied, not written to."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from adapters.bootstrap import App
from adapters.settings import Settings
from tests.fakes.telegram.server import TelegramServer
from tests.harness.running_app import build_telegram_settings, find_free_port, wait_until
from tests.harness.serve_process import ServeProcesses

QUESTIONS = 100
WITHIN_SECONDS = 600.0


def measure_serve(data: Path) -> tuple[int, int]:
    """The MiB of a `naru serve` over a copy of `data` after QUESTIONS answers on Telegram, now and at
    most. The questions are headings of the library, from all over it."""
    with tempfile.TemporaryDirectory() as folder, TelegramServer() as telegram:
        copy = Path(folder) / "data"
        shutil.copytree(data, copy)
        headings = _list_headings(copy)
        processes = ServeProcesses(copy)
        settings = build_telegram_settings(telegram) | {"http_port": find_free_port()}
        process = processes.start(settings)
        try:
            for chat in range(1, QUESTIONS + 1):
                telegram.user_says(chat, headings[chat * len(headings) // (QUESTIONS + 1)])
            wait_until(
                lambda: all(telegram.bot_texts(chat) for chat in range(1, QUESTIONS + 1)),
                within=WITHIN_SECONDS,
            )
            return process.read_memory()
        finally:
            processes.kill_all()


def _list_headings(data: Path) -> list[str]:
    app = App(Settings(_env_file=None, data=data))
    edition = app.catalogue.get_active_edition()
    assert edition, "run `naru ingest` first"
    passages = [one for version in app.catalogue.load_versions(edition) for one in version.passages]
    app.engine.dispose()
    return list(dict.fromkeys(one.heading[-1] for one in passages if len(one.heading) > 1))


if __name__ == "__main__":
    now, most = measure_serve(Path(sys.argv[1]))
    sys.stdout.write(f"naru serve after {QUESTIONS} answers: {now} MiB, at most {most} MiB\n")
