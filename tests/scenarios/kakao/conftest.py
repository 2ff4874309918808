"""A Naru with KakaoTalk, alone or next to Telegram."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.kakao.server import KakaoServer
from tests.harness.running_app import AppFixtures, RunningApp, run_app

SECRET = "a-secret-of-the-tests"
# A slow machine is no reason to fail: how Naru keeps to Kakao's five seconds has tests of its own.
PATIENCE_SECONDS, REPLY_SECONDS = 30.0, 20.0
RunKakao = Callable[..., AbstractContextManager[RunningApp]]


@pytest.fixture
def kakao() -> Iterator[KakaoServer]:
    with KakaoServer() as server:
        server.patience_seconds = PATIENCE_SECONDS
        yield server


@pytest.fixture
def run_kakao(kakao: KakaoServer, tmp_path: Path, furniture: AppFixtures, hasty: None) -> RunKakao:
    """Runs Naru over one folder, also again after its end."""

    @contextmanager
    def run(**more: Any) -> Iterator[RunningApp]:
        settings = {"kakao_secret": SECRET, "kakao_callback_hosts": "127.0.0.1"}
        more["timings"] = {"kakao_reply": REPLY_SECONDS} | more.get("timings", {})
        with run_app(tmp_path, furniture, **(settings | more)) as house:
            kakao.skill_url = f"{house.url}/kakao/skill"
            kakao.headers = {"X-Naru-Secret": SECRET}
            yield house

    return run
