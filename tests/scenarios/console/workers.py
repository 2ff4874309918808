"""`naru serve` as processes over one database, each with a console of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from adapters.bootstrap import App
from adapters.settings import Settings
from tests.fakes.telegram.server import TelegramServer
from tests.harness.chaos.altered_serve import Alteration
from tests.harness.chaos.forking import ForkingProcesses
from tests.harness.messenger_drivers import TelegramPerson, TelegramRoom, bind_room_in
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    build_telegram_settings,
    find_free_port,
    is_port_open,
    wait_until,
)
from tests.harness.serve_process import ServeProcess
from tests.scenarios.console.conftest import HANOI, ConsoleStage, admit_staff

START_SECONDS = 90.0  # on a machine that does much else


@dataclass
class Workers:
    """`app` has the database of those that serve, and the settings of the console of the first."""

    app: App
    processes: ForkingProcesses
    settings: Mapping[str, Any]

    def start(self, console_port: int) -> ServeProcess:
        """One more, as on a machine of its own; it has come up when its console listens."""
        name = f"worker-{len(self.processes.started)}"
        ports = {"http_port": find_free_port(), "console_port": console_port}
        command = Alteration(lean=True, host=name).to_arguments()
        process = self.processes.start({**self.settings, **ports}, command)
        wait_until(lambda: is_port_open(console_port), START_SECONDS)
        return process


@contextmanager
def open_workers(
    data: Path, database: Mapping[str, str], telegram: TelegramServer
) -> Iterator[tuple[ConsoleStage, Workers]]:
    """A stage without anybody who serves it yet, nor a case. `database` is empty, or has the setting."""
    telegram.create_forum(HANOI)
    settings = {
        "admins": f"telegram:{TELEGRAM_ADMIN}",
        **build_telegram_settings(telegram),
        **database,
    }
    app = App(Settings(data=data, console_port=find_free_port(), _env_file=None, **settings))
    room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    bind_room_in(app, "vn-hanoi", room)
    admit_staff(app)
    workers = Workers(app, ForkingProcesses(data), settings)
    try:
        yield ConsoleStage(workers, TelegramPerson(telegram, 1001), room, count(1001)), workers
    finally:
        workers.processes.kill_all()
        app.engine.dispose()
