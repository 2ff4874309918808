"""Twenty-five open consoles while five messages a second come in, to the real process."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from functools import partial
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.settings import Settings
from bot.context import Decision
from bot.types import StaffMember
from tests.fakes.telegram.server import TelegramServer
from tests.harness.load.consoles import OpenConsoles
from tests.harness.load.gauge import ProcessGauge, compute_slope
from tests.harness.load.trial import find_quantile
from tests.harness.messenger_drivers import TelegramRoom, bind_room_in
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    UNLIMITED,
    build_telegram_settings,
    find_free_port,
    is_port_open,
    wait_until,
)
from tests.harness.serve_process import ServeProcesses
from tests.load.conftest import SECONDS_VARIABLE

HANOI = -1001000000001
CONSOLES, INBOXES, RATE = 25, 5, 5.0  # pages, of these inboxes, messages a second
USUAL_SECONDS = 600.0
READY_SECONDS = 180.0
DRAIN_SECONDS = 60.0  # for the last lines to come
WARM_SHARE = 0.2  # of the time, in which memory may still grow
EVENT_LIMIT_SECONDS = 1.0
SLOPE_LIMIT = 1.0  # MB a minute
pytestmark = [pytest.mark.load, pytest.mark.timeout(1_800)]


def test_open_consoles_get_each_line_soon(shipped_data: Path, tmp_path: Path) -> None:
    folder, port, http = tmp_path / "data", find_free_port(), find_free_port()
    shutil.copytree(shipped_data, folder)
    seconds = float(os.environ.get(SECONDS_VARIABLE) or USUAL_SECONDS)
    processes = ServeProcesses(folder)
    with TelegramServer() as telegram:
        telegram.create_forum(HANOI)
        settings = build_telegram_settings(telegram, http) | UNLIMITED
        settings |= {
            "console_port": port,
            "http_port": http,
            "admins": f"telegram:{TELEGRAM_ADMIN}",
        }
        app = App(Settings(data=folder, _env_file=None, **settings))
        bind_room_in(app, "vn-hanoi", TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN))
        cookies = [add_member(app, 3000 + at) for at in range(CONSOLES)]
        try:
            process = processes.start(settings)
            wait_until(lambda: is_port_open(port) and telegram.webhook, READY_SECONDS)
            for chat in range(CONSOLES):
                telegram.user_says(1000 + chat, "/human 하노이 거래처가 대금을 주지 않습니다")
            telegram.wait_for(lambda t: len(t.topics(HANOI)) == CONSOLES, 60)
            consoles = OpenConsoles(f"http://127.0.0.1:{port}")
            with ProcessGauge(process.pid) as gauge:
                began, cpu = time.monotonic(), gauge.read_cpu_seconds()
                written = asyncio.run(play(consoles, telegram, cookies, seconds))
                share = (gauge.read_cpu_seconds() - cpu) / (time.monotonic() - began)
        finally:
            processes.kill_all()
            app.engine.dispose()
    warm = [one for one in gauge.samples if one.at - began >= WARM_SHARE * seconds]
    p95, slope = find_quantile(consoles.since_decided, 0.95), compute_slope(warm)
    print(  # noqa: T201
        f"\n{len(consoles.since_decided)} lines of {written} messages in {seconds:.0f} s: shown "
        f"{find_quantile(consoles.since_decided, 0.5):.2f} s after the decision, p95 {p95:.2f}; "
        f"after they were written p50 {find_quantile(consoles.since_written, 0.5):.2f}, "
        f"p95 {find_quantile(consoles.since_written, 0.95):.2f}; inbox fetched "
        f"{len(consoles.refreshes)} times, p95 {find_quantile(consoles.refreshes, 0.95):.2f} s; "
        f"processor {share:.0%} of one core; memory {slope:+.2f} MB a minute"
    )
    assert p95 < EVENT_LIMIT_SECONDS
    assert seconds < USUAL_SECONDS or slope < SLOPE_LIMIT


def add_member(app: App, user: int) -> str:
    """The cookie of a new member of the staff who signed in."""
    now, account = app.now(), f"telegram:{user}"
    member = StaffMember("vn-hanoi", "telegram", str(user), f"영사 {user}", "diplomat", "test", now)
    app.store.commit_without_message(f"staff:{user}", Decision(new_staff=(member,)), now)
    return app.store.console.sessions.begin(account, "load", "ko", now)


def has_shown(consoles: OpenConsoles, written: int) -> bool:
    """Whether the pages of cases have what came to their cases, of `written` messages to all."""
    rounds = written // CONSOLES  # each case gets one line in each
    return len(consoles.since_written) >= rounds * (CONSOLES - INBOXES)


async def play(
    consoles: OpenConsoles, telegram: TelegramServer, cookies: list[str], seconds: float
) -> int:
    """Write for `seconds` while the pages are open; how many messages."""
    stop, written = asyncio.Event(), 0
    pages = [
        consoles.watch_inbox(cookie, stop)
        if at < INBOXES
        else consoles.watch_case(cookie, at + 1, stop)
        for at, cookie in enumerate(cookies)
    ]
    tasks = [asyncio.create_task(page) for page in pages]
    await asyncio.sleep(2)
    began = time.monotonic()
    while (now := time.monotonic()) < began + seconds:
        text = f"추가로 말씀드립니다. T={time.time():.3f}"
        await asyncio.to_thread(telegram.user_says, 1000 + written % CONSOLES, text)
        written += 1
        await asyncio.sleep(max(0.0, began + written / RATE - now))
    shown = partial(has_shown, consoles, written)
    await asyncio.to_thread(wait_until, shown, DRAIN_SECONDS)
    stop.set()
    await asyncio.gather(*tasks)
    return written
