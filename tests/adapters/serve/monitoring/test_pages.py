"""/healthz, /readyz and /metrics of a running Naru."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.serve import health
from adapters.serve.monitoring.golden import NOT_ASKED
from adapters.serve.monitoring.monitor import STILL_PREPARING
from tests.adapters.serve.monitoring.reading import Samples, parse_samples
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramPerson
from tests.harness.running_app import AppFixtures, RunningApp, run_app, wait_until
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

PERSON = 700155501
CARD = "4111-1111-1111-1111"


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, furniture: AppFixtures, telegram: TelegramServer
) -> Iterator[RunningApp]:
    """One for all tests here: each leaves it as it was."""
    timings = {"library_first_check": 0.05, "library_check": 0.5}
    folder = tmp_path_factory.mktemp("house")
    with run_app(folder, furniture, telegram=telegram, timings=timings) as running:
        yield running


def fetch(house: RunningApp, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{house.url}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def fetch_problems(house: RunningApp, path: str) -> tuple[int, list[str]]:
    status, said = fetch(house, path)
    state: dict[str, Any] = json.loads(said)
    return status, state["problems"]


def fetch_samples(house: RunningApp) -> Samples:
    status, said = fetch(house, "/metrics")
    assert status == 200
    return parse_samples(said)


def test_a_message_is_seen_in_the_metrics_and_nobody_s_words_or_ids_are(
    house: RunningApp, telegram: TelegramServer
) -> None:
    telegram.open_private_chat(PERSON)
    mina = TelegramPerson(telegram, PERSON)
    mina.says(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    wait_until(lambda: fetch_samples(house).all("naru_sends_total"))
    samples = fetch_samples(house)
    assert samples.one("naru_sends_total", channel="telegram", outcome="sent") >= 1
    assert samples.one("naru_answers_total", verdict="answered", language="ko") >= 1
    for step in ("receive", "decide", "commit", "send"):
        count = samples.one("naru_step_seconds_count", step=step, channel="telegram")
        assert count >= 1, step
    assert samples.one("naru_step_seconds_count", step="retrieve", channel="library") >= 1
    assert samples.one("naru_decision_delay_seconds_count", channel="telegram") >= 1
    assert samples.one("naru_send_delay_seconds_count", channel="telegram") >= 1
    assert samples.one("naru_channel_up", channel="telegram") == 1
    mina.says(f"{CARD} kim@example.org")
    wait_until(lambda: house.app.store.inbox.count_events("waiting") == 0)
    _, page = fetch(house, "/metrics")
    assert str(PERSON) not in page and CARD not in page and "kim@" not in page
    assert "물류비" not in page


def test_ready_is_red_while_a_golden_question_differs(house: RunningApp) -> None:
    wait_until(lambda: fetch_problems(house, "/readyz") == (200, []))
    assert fetch_samples(house).one("naru_ready") == 1
    own = house.app.settings.data / "golden.yaml"
    entry = (
        f"- {{id: freight, language: ko, question: '{FREIGHT_QUESTION}', verdict: no_evidence}}\n"
    )
    own.write_text(entry, encoding="utf-8")
    wait_until(lambda: fetch_problems(house, "/readyz")[0] == 503)
    (problem,) = fetch_problems(house, "/readyz")[1]
    assert "freight: answered instead of no_evidence" in problem
    samples = fetch_samples(house)
    assert samples.one("naru_ready") == 0
    assert samples.one("naru_golden_questions_changed") == 1
    # It does not make anybody restart it, nor does it count as unwell.
    assert fetch_problems(house, "/healthz") == (200, [])
    assert house.fetch_health()["status"] == 200
    own.unlink()
    wait_until(lambda: fetch_problems(house, "/readyz") == (200, []))


def test_it_is_alive_until_every_worker_is_stuck(
    house: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch_problems(house, "/healthz") == (200, [])
    monkeypatch.setattr(health.WorkerWatch, "count_stuck", lambda _: 3)
    assert fetch_problems(house, "/healthz")[0] == 200
    monkeypatch.setattr(health.WorkerWatch, "count_stuck", lambda _: 4)
    status, (problem,) = fetch_problems(house, "/healthz")
    assert status == 503 and "restart" in problem


def test_a_database_that_does_not_answer_is_red_and_the_metrics_go_on(
    house: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def fail(*_: object) -> None:
        raise OperationalError("select 1", {}, Exception("gone"))

    monkeypatch.setattr("adapters.serve.monitoring.monitor.measure_queues", fail)
    status, (problem,) = fetch_problems(house, "/readyz")
    assert status == 503 and "database does not answer" in problem
    samples = fetch_samples(house)
    assert samples.one("naru_ready") == 0 and samples.one("process_resident_memory_bytes") > 0
    assert fetch_problems(house, "/healthz") == (200, [])


def test_it_is_not_ready_while_the_library_is_prepared(
    tmp_path: Path,
    furniture: AppFixtures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = threading.Event()
    monkeypatch.setattr("adapters.serve.preparation.Preparation._fill", lambda _: gate.wait(20))
    monkeypatch.setattr("adapters.serve.preparation.Preparation._open", lambda _: None)
    with (
        TelegramServer() as server,
        run_app(tmp_path, furniture, telegram=server, prepares=True) as house,
    ):
        status, problems = fetch_problems(house, "/readyz")
        assert status == 503 and problems == [STILL_PREPARING, NOT_ASKED]
        assert fetch_problems(house, "/healthz")[0] == 200
        gate.set()
        wait_until(
            lambda: not {STILL_PREPARING, NOT_ASKED} & {*fetch_problems(house, "/readyz")[1]}
        )
