"""A founder asks on the page /ask, is passed on, and reads the reply of the mission there."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.types import RetentionPeriods
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import TelegramRoom, bind_room
from tests.harness.running_app import (
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    run_app,
    wait_until,
)
from tests.samples.stub_library import FREIGHT_ANSWER, FREIGHT_QUESTION

pytestmark = [pytest.mark.usefixtures("hasty"), pytest.mark.server]

HANOI = -1001000000001
SITE = "https://mission.example"


@dataclass
class AskedPage:
    """What a browser shows after a request: its status, headers, address and text."""

    status: int
    headers: dict[str, str]
    url: str
    body: str

    @property
    def text(self) -> str:
        return html.unescape(re.sub(r"<[^>]+>", "", self.body))

    def find_form(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.body)
        assert found, self.body
        return html.unescape(found[1])

    def find_press(self, label: str) -> str:
        """The key of the button with a label."""
        found = re.search(rf'name="press" value="([^"]*)">{re.escape(label)}<', self.body)
        assert found, self.body
        return html.unescape(found[1])


@dataclass
class AskVisitor:
    """Somebody with a browser without scripts and cookies."""

    url: str

    def opens(self, address: str = "/ask") -> AskedPage:
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.url, address)))

    def sends(self, page: AskedPage, **fields: str) -> AskedPage:
        """Fill in the form of a page and send it."""
        sent = {"id": page.find_form("id"), "lang": page.find_form("lang")} | fields
        address = urllib.parse.urljoin(page.url, self._find_action(page))
        body = urllib.parse.urlencode(sent).encode()
        return self._ask(urllib.request.Request(address, body, {"Sec-Fetch-Site": "same-origin"}))

    def _find_action(self, page: AskedPage) -> str:
        found = re.search(r'<form class="words" method="post" action="([^"]+)"', page.body)
        assert found, page.body
        return found[1]

    def _ask(self, request: urllib.request.Request) -> AskedPage:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return AskedPage(
                    answer.status, dict(answer.headers), answer.url, answer.read().decode()
                )
        except urllib.error.HTTPError as error:
            with error:
                return AskedPage(error.code, dict(error.headers), error.url, error.read().decode())


@dataclass
class AskStage:
    """Naru with the page and a room of Hanoi's staff."""

    house: RunningApp
    room: TelegramRoom
    visitor: AskVisitor


@pytest.fixture
def stage(tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer) -> Iterator[AskStage]:
    telegram.create_forum(HANOI)
    room = TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram, web_ask=SITE) as house:
        bind_room(house, "vn-hanoi", room)
        yield AskStage(house, room, AskVisitor(house.url))


def test_a_question_is_answered_with_its_source(stage: AskStage) -> None:
    start = stage.visitor.opens()
    assert start.status == 200 and "Set-Cookie" not in start.headers
    assert f"frame-ancestors {SITE}" in start.headers["Content-Security-Policy"]
    shown = stage.visitor.sends(start, text=FREIGHT_QUESTION)
    assert FREIGHT_ANSWER in shown.text and "물류전용 수출바우처" in shown.text
    assert '<a href="https://www.mss.go.kr/freight"' in shown.body
    assert "Set-Cookie" not in shown.headers and shown.headers["Referrer-Policy"] == "no-referrer"
    again = stage.visitor.opens(shown.url)
    assert again.text.count(FREIGHT_ANSWER) == 1


def test_what_is_passed_on_is_answered_under_the_same_address(stage: AskStage) -> None:
    visitor = stage.visitor
    asked = visitor.sends(visitor.opens(), text=FREIGHT_QUESTION)
    asked = visitor.sends(asked, press=asked.find_press("담당자가 필요합니다"))
    assert "어느 나라" in asked.text
    opened = visitor.sends(asked, text="하노이")
    wait_until(lambda: "#1" in visitor.opens(opened.url).text)
    thread = stage.room.wait_for_case()
    thread.says("선적 서류를 확인했습니다. <b>내일</b> 전화드립니다.")
    wait_until(lambda: "선적 서류를" in visitor.opens(opened.url).text)
    shown = visitor.opens(opened.url)
    assert "<b>내일" not in shown.body and "<b>내일</b>" in shown.text
    visitor.sends(shown, text="감사합니다. {{7*7}} <script>alert(1)</script>")
    thread.hears("{{7*7}} <script>alert(1)</script>")
    assert "<script>" not in visitor.opens(opened.url).body


def test_a_button_goes_with_what_it_could_do_for_its_case(stage: AskStage) -> None:
    visitor = stage.visitor
    asked = visitor.sends(visitor.opens(), text=FREIGHT_QUESTION)
    asked = visitor.sends(asked, press=asked.find_press("담당자가 필요합니다"))
    opened = visitor.sends(asked, text="하노이")
    wait_until(lambda: 'value="fix:place:1"' in visitor.opens(opened.url).body)
    stage.room.wait_for_case().presses("resolve:1")
    wait_until(lambda: 'value="reopen:1"' in visitor.opens(opened.url).body)
    ended = visitor.opens(opened.url)
    assert 'value="settled:1"' in ended.body and 'value="fix:' not in ended.body
    again = visitor.sends(ended, press="reopen:1")
    wait_until(lambda: stage.house.app.store.get_case(1).state == "routed")
    assert 'value="reopen:1"' not in visitor.opens(again.url).body


def test_the_same_form_counts_once_and_a_wrong_one_keeps_its_words(stage: AskStage) -> None:
    visitor = stage.visitor
    start = visitor.opens()
    first = visitor.sends(start, text=FREIGHT_QUESTION)
    form = first.find_form("id")
    for _ in range(2):
        visitor.sends(first, id=form, text="관세는 어떻게 계산합니까?")
    assert visitor.opens(first.url).text.count("관세는 어떻게 계산합니까?") == 1
    empty = visitor.sends(first, text="  ")
    assert empty.status == 422 and "보내실 글을 써 주십시오" in empty.text
    long = visitor.sends(first, text="가" * 4001)
    assert long.status == 422 and "가" * 4001 in long.text
    assert visitor.opens("/ask/" + "x" * 43).status == 404
    sent = urllib.parse.urlencode({"id": "a", "text": "다른 사이트"}).encode()
    foreign = urllib.request.Request(first.url, sent, {"Sec-Fetch-Site": "cross-site"})
    assert visitor._ask(foreign).status == 422
    assert "다른 사이트" not in visitor.opens(first.url).text


def test_no_words_are_lost_by_a_double_click_or_by_going_back(stage: AskStage) -> None:
    visitor = stage.visitor
    start = visitor.opens()
    first, second = (visitor.sends(start, text=FREIGHT_QUESTION) for _ in range(2))
    assert first.url == second.url and first.text == second.text
    back = visitor.sends(start, text="하나 더 묻겠습니다.")
    assert back.url == first.url
    visitor.sends(first, text="첫 글입니다.")
    assert "둘째 글입니다." in visitor.sends(first, text="둘째 글입니다.").text
    form = {"id": "short"}
    assert len({visitor.sends(start, text="같은 이름", **form).url for _ in range(2)}) == 2
    gone = replace(first, body=re.sub(r"/ask/[\w-]+", "/ask/" + "x" * 43, first.body))
    refused = visitor.sends(gone, text="오래 쓴 글")
    assert refused.status == 404 and "오래 쓴 글</textarea>" in refused.body
    assert visitor._find_action(refused) == "/ask"


def test_forms_of_an_odd_shape_are_refused(
    stage: AskStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = [
        ("application/x-www-form-urlencoded; charset=klingon", b"text=a"),
        ("application/x-www-form-urlencoded; charset=unicode_escape", b"text=\\ud800"),
        ("application/x-www-form-urlencoded", b"text=a%00b"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n-'),
    ]  # fmt: skip
    address = stage.visitor.url + "/ask"
    for kind, body in odd:
        request = urllib.request.Request(address, body, {"Content-Type": kind})
        assert stage.visitor._ask(request).status == 400
    monkeypatch.setattr("adapters.messaging.request_body.FORM_READ_SECONDS", 0.1)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "9"}
    assert stage.visitor._ask(urllib.request.Request(address, b"text=", form)).status == 408


def test_one_address_may_not_flood(stage: AskStage) -> None:
    visitor = stage.visitor
    page = visitor.opens()
    for number in range(31):
        page = visitor.sends(page, press=f"none-{number}")
        if page.status == 422:
            break
    assert "너무 많이 보내셨습니다" in page.text and number == 30


def test_a_conversation_goes_when_it_is_forgotten_or_old(stage: AskStage) -> None:
    visitor, store = stage.visitor, stage.house.app.store
    asked = visitor.sends(visitor.opens(), text=FREIGHT_QUESTION)
    other = visitor.sends(visitor.opens(), text=FREIGHT_QUESTION)
    sure = visitor.sends(asked, text="기록 삭제")
    visitor.sends(sure, press=re.findall(r'name="press" value="(forget[^"]*)"', sure.body)[0])
    wait_until(lambda: FREIGHT_QUESTION not in visitor.opens(asked.url).text)
    later = stage.house.app.now() + timedelta(days=31)
    assert FREIGHT_QUESTION in visitor.opens(other.url).text
    assert store.sweep(RetentionPeriods(), later)["web_lines"] > 0
    assert visitor.opens(other.url).status == 404


def test_without_the_setting_there_is_no_page(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        assert AskVisitor(house.url).opens().status == 404
