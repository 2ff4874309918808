"""Replies to requests of KakaoTalk: by callback, at once, or with the founder's next words."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from adapters.kakao.inbound import READ_KEY
from tests.fakes.kakao.server import CALLBACK, KakaoServer
from tests.harness.running_app import RunningApp, wait_until
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION
from tests.scenarios.kakao.conftest import RunKakao

MINA = "user-mina"


def count_events(house: RunningApp, state: str) -> int:
    return house.app.store.inbox.count_events(state)


def slow_down(house: RunningApp, seconds: float) -> None:
    """Every question takes at least so long."""
    ask = house.app.chain.ask

    def wait(*args: object) -> object:
        time.sleep(seconds)
        return ask(*args)  # type: ignore[arg-type]

    house.app.chain.ask = wait  # type: ignore[assignment, method-assign]


def test_a_question_is_answered_by_callback(kakao: KakaoServer, run_kakao: RunKakao) -> None:
    with run_kakao() as house:
        exchange = kakao.user_says(MINA, FREIGHT_QUESTION)
        assert exchange.reply["useCallback"] and "1분" in exchange.reply["data"]["text"]
        shown = kakao.sees(MINA, FREIGHT_ANSWER)
        assert "https://www.mss.go.kr/freight" in shown
        kakao.wait_for(lambda one: one.calls_of(CALLBACK))
        assert [call.result["status"] for call in kakao.calls_of(CALLBACK)] == ["SUCCESS"]
        outbox = house.app.store.outbox
        wait_until(lambda: outbox.find_oldest_open() is None)
        assert outbox.count_messages("waiting") == 0
        health = house.fetch_health()
        assert health["kakao"] == "on" and health["kakao_waiting_requests"] == 0
        assert health["problems"] == [] and health["places_refusing"] == 0


def test_without_callbacks_the_answer_is_the_response(
    kakao: KakaoServer, run_kakao: RunKakao
) -> None:
    kakao.has_callback = False
    with run_kakao():
        exchange = kakao.user_says(MINA, FREIGHT_QUESTION)
        assert exchange.status == 200
        kakao.reads_until(MINA, FREIGHT_ANSWER)
        assert kakao.calls_of(CALLBACK) == []


def test_a_slow_answer_is_handed_out_when_it_is_asked_for(
    kakao: KakaoServer, run_kakao: RunKakao
) -> None:
    kakao.has_callback = False
    with run_kakao(timings={"kakao_reply": 0.5}) as house:
        slow_down(house, 1.0)
        exchange = kakao.user_says(MINA, FREIGHT_QUESTION)
        assert exchange.seconds < 1.5
        assert "답을 찾고 있습니다" in kakao.texts(MINA)[0]
        assert [one["label"] for one in kakao.quick_replies(MINA)] == ["답 보기"]
        assert not kakao.count_shown(MINA, FREIGHT_ANSWER)
        wait_until(lambda: house.app.store.outbox.count_messages("waiting") > 0)
        assert house.fetch_health()["problems"] == []
        kakao.user_presses(MINA, READ_KEY)
        kakao.sees(MINA, FREIGHT_ANSWER)
        assert kakao.texts(MINA)[1].startswith("그동안 도착한 글입니다.")
        kakao.user_says(MINA, "답 보기")  # typed, and nothing is left
        assert kakao.texts(MINA)[-1] == "아직 새로 도착한 글이 없습니다."
        assert kakao.count_shown(MINA, FREIGHT_ANSWER) == 1


def test_an_answer_that_misses_its_callback_waits(kakao: KakaoServer, run_kakao: RunKakao) -> None:
    with run_kakao(timings={"kakao_callback": 0.3}) as house:
        slow_down(house, 1.0)
        kakao.user_says(MINA, FREIGHT_QUESTION)
        kakao.sees(MINA, "답을 찾고 있습니다. 잠시 뒤 ‘답 보기’를 눌러 주십시오.")
        wait_until(lambda: house.app.store.outbox.count_messages("waiting") > 0)
        kakao.user_presses(MINA, READ_KEY)
        kakao.sees(MINA, FREIGHT_ANSWER)
        assert kakao.count_shown(MINA, FREIGHT_ANSWER) == 1


def test_a_callback_that_fails_loses_nothing(kakao: KakaoServer, run_kakao: RunKakao) -> None:
    kakao.valid_seconds = 0.0
    with run_kakao() as house:
        kakao.user_says(MINA, FREIGHT_QUESTION)
        kakao.wait_for(lambda one: one.calls_of(CALLBACK))
        wait_until(lambda: house.app.store.outbox.count_messages("waiting") > 0)
        kakao.valid_seconds = 60.0
        kakao.fail_next(CALLBACK, status=502)
        kakao.user_says(MINA, "답 보기")
        kakao.wait_for(lambda one: any(call.status == 502 for call in one.calls_of(CALLBACK)))
        wait_until(lambda: house.app.store.outbox.count_messages("sending") == 0)
        kakao.user_says(MINA, "답 보기")
        kakao.sees(MINA, FREIGHT_ANSWER)
        assert kakao.count_shown(MINA, FREIGHT_ANSWER) == 1


def test_a_callback_elsewhere_is_not_used(kakao: KakaoServer, run_kakao: RunKakao) -> None:
    with run_kakao(kakao_callback_hosts="kakao.com"):
        kakao.user_says(MINA, FREIGHT_QUESTION)
        kakao.reads_until(MINA, FREIGHT_ANSWER)
        assert kakao.calls_of(CALLBACK) == []


def test_a_pressed_button_is_a_press(kakao: KakaoServer, run_kakao: RunKakao) -> None:
    with run_kakao():
        kakao.user_says(MINA, FREIGHT_QUESTION)
        kakao.sees(MINA, FREIGHT_ANSWER)
        keys = [one["extra"]["naru"] for one in kakao.quick_replies(MINA)]
        assert "human" in keys and keys[0].startswith("ok")
        kakao.user_presses(MINA, "human")
        kakao.sees(MINA, "어느 나라, 어느 도시의 일입니까?")


def test_quick_messages_are_one_question_with_one_answer(
    kakao: KakaoServer, run_kakao: RunKakao
) -> None:
    kakao.has_callback = False
    with run_kakao(timings={"kakao_reply": 4.0}):
        kakao.user_starts_saying(MINA, "안녕하세요.")
        time.sleep(0.02)
        kakao.user_says(MINA, FREIGHT_QUESTION)
        kakao.reads_until(MINA, FREIGHT_ANSWER)
        kakao.wait_for(lambda one: len(one.exchanges) == 2)
        assert kakao.count_shown(MINA, FREIGHT_ANSWER) == 1


def test_a_repeated_request_has_one_effect(kakao: KakaoServer, run_kakao: RunKakao) -> None:
    with run_kakao() as house:
        for _ in range(3):
            kakao.user_says(MINA, FREIGHT_QUESTION, token="the-same")
        kakao.sees(MINA, FREIGHT_ANSWER)
        kakao.has_callback = False
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda _: kakao.user_says("user-two", FREIGHT_QUESTION), range(3)))
        kakao.reads_until("user-two", FREIGHT_ANSWER)
        assert count_events(house, "done") == 2
        assert kakao.count_shown(MINA, FREIGHT_ANSWER) == 1
        assert kakao.count_shown("user-two", FREIGHT_ANSWER) == 1


def test_a_flood_is_answered_and_kept(kakao: KakaoServer, run_kakao: RunKakao) -> None:
    """All get a reply in time, though most of the answers come later."""
    kakao.has_callback = False
    with run_kakao(timings={"kakao_reply": 0.5}) as house:
        users = [f"user-{number}" for number in range(25)]
        with ThreadPoolExecutor(len(users)) as pool:
            exchanges = list(pool.map(lambda user: kakao.user_says(user, "안녕하세요"), users))
        assert {one.status for one in exchanges} == {200}
        wait_until(lambda: count_events(house, "done") == len(users))
        for user in users:
            kakao.reads_until(user, "궁금한 점을 그대로")
        assert all(kakao.count_shown(user, "궁금한 점을 그대로") == 1 for user in users)
