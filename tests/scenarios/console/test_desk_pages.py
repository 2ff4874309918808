"""The pages about bodies in a real browser: a meeting, minutes, a seat, a holiday, the records."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.context import Decision
from bot.types import SeatRules
from tests.harness.running_app import TELEGRAM_ADMIN
from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleStage

pytestmark = pytest.mark.usefixtures("hasty")


def make_lead(stage: ConsoleStage, user: int) -> None:
    store, now = stage.house.app.store, stage.house.app.now()
    known = store.staff.list_memberships("telegram", str(user))
    lead = tuple(replace(one, is_lead=True) for one in known)
    store.commit_without_message("lead", Decision(new_staff=lead), now)


def test_a_lead_keeps_the_body_from_the_console_and_the_room_hears_of_it(
    stage: ConsoleStage, browser: Browser, page: Page
) -> None:
    make_lead(stage, CONSUL)
    store = stage.house.app.store
    stage.sign_in(page, CONSUL)
    # Minutes become resolutions, and are settled.
    page.get_by_role("link", name="회의", exact=True).click()
    expect(page.locator(".paper")).to_contain_text("90일째")
    page.get_by_label("결정한 내용").fill("세무법인 연락처를 회람한다")
    page.get_by_label("맡은 분").fill("김영사")
    page.get_by_label("기한").fill("2030-01-31")
    page.get_by_role("button", name="적어 두기").click()
    expect(page.get_by_role("row", name="세무법인 연락처를 회람한다").first).to_contain_text(
        "2030-01-31"
    )
    stage.room.staff_member().hears("콘솔에서 김영사")
    page.get_by_role("button", name="완료: 결정").click()
    expect(page.get_by_text("진행 중인 결정 사항이 없습니다.")).to_be_visible()
    # A meeting is planned, and its invitation can be had.
    page.get_by_text("회의 잡기").click()
    page.get_by_label("시작 일시").fill("2030-02-05T10:00")
    page.get_by_label("장소").fill("대사관 회의실")
    page.get_by_role("button", name="저장하고 알리기").click()
    expect(page.locator(".notice.done").last).to_contain_text("회의를 잡았습니다")
    stage.room.staff_member().hears("대사관 회의실")
    with page.expect_download() as caught:
        page.get_by_role("link", name="초대 파일").click()
    assert b"BEGIN:VEVENT" in caught.value.path().read_bytes()
    # A seat and a holiday, in a browser without scripts.
    other = browser.new_context(locale="ko-KR", java_script_enabled=False).new_page()
    stage.sign_in(other, CONSUL)
    other.get_by_role("link", name="협의체", exact=True).click()
    seat = other.locator(".seats > li").filter(has=other.get_by_role("heading", name="김변"))
    seat.locator("summary").click()
    seat.get_by_label("최대 건수").fill("3")
    seat.get_by_role("button", name="건수 저장").click()
    expect(seat).to_contain_text("최대 3건")
    assert [one.capacity for one in list_rules(stage) if one.user == str(LAWYER)] == [3]
    other.get_by_text("모두 보기").click()
    row = other.get_by_role("row").filter(has_text="New Year").first
    row.get_by_role("button").click()
    other.get_by_role("link", name="앞으로 1년의 휴일").click()  # it opens what it leads to
    expect(other.locator("td", has_text="이 공관은 근무").first).to_be_visible()
    assert store.seats.list_hours()[0].off_holidays
    # Who leads nothing keeps no records, sees no digest and no other body, and changes no seat.
    stage.sign_in(other, LAWYER)
    for path in (
        "/records",
        "/meetings/digest",
        "/body?mission=jp-tokyo",
        "/meetings?mission=domestic",
    ):
        assert other.request.get(f"{stage.url}{path}").status in (403, 404), path
    other.goto(f"{stage.url}/body")
    assert other.locator(".seats form").count() == 1  # their own absence
    other.locator(".seats summary", has_text="설정").click()
    other.get_by_label("첫날").fill("2030-03-01")
    other.get_by_role("button", name="부재 저장").click()
    expect(other.locator(".seats > li").filter(has_text="2030-03-01 – 2030-03-01")).to_be_visible()
    other.close()
    # An admin finds all of it in the audit log, and that Naru is well.
    stage.sign_in(page, TELEGRAM_ADMIN)
    page.goto(f"{stage.url}/records?who=telegram:{CONSUL}")
    for act in (
        "minutes of vn-hanoi",
        "meeting of vn-hanoi: planned",
        "hours vn-hanoi",
        "capacity",
    ):
        expect(page.get_by_role("cell", name=act).first).to_be_visible()
    page.goto(f"{stage.url}/records?view=health")
    expect(page.locator(".notice").first).to_contain_text("/healthz")


def list_rules(stage: ConsoleStage) -> list[SeatRules]:
    return [rules for _, rules in stage.house.app.store.seats.list_seats("vn-hanoi")]
