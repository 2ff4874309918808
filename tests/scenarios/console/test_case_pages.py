"""A case on the console, between its founder and colleagues on Telegram."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, Route, expect

from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleClient, ConsoleStage

SCRIPT = "**/static/console.js"
PREDICATE = "return event.isComposing || event.keyCode === 229 || composing;"
# Counts what a page sends, and sends nothing.
COUNT_SENT = """() => {
  window.sent = 0;
  addEventListener("submit", (event) => { window.sent += 1; event.preventDefault(); }, true);
}"""


def test_a_reply_from_the_console_reaches_the_founder_and_the_thread(
    stage: ConsoleStage, page: Page
) -> None:
    number, founder = stage.open_case()
    stage.sign_in(page, CONSUL)
    expect(page.locator(".cases .question").first).to_contain_text("90일째")
    link = page.locator(f".cases .question a[href='/cases/{number}']")
    expect(link).to_contain_text(re.compile(rf"^#{number} .*90일째"))
    expect(link.locator("[lang=ko]")).not_to_contain_text("#")  # no word of the founder's
    link.click()
    page.get_by_role("button", name="맡기").click()
    expect(page.locator("#state")).to_contain_text("김영사")
    page.get_by_label("답변", exact=True).fill("계약서와 선적 서류를 보내 주십시오.")
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.locator("#record")).to_contain_text("계약서와 선적 서류를")
    assert "계약서와 선적 서류를" in founder.hears("선적 서류를")
    thread = stage.room.wait_for_case(number)
    assert "계약서와 선적 서류를" in thread.hears("콘솔에서 김영사(외교관)")
    founder.says("내일 보내겠습니다.")
    expect(page.locator("#record")).to_contain_text("내일 보내겠습니다.")  # without a reload
    moments = page.locator("#record time")
    for text in (moments.first, moments.last):  # of the page, and of a line that came later
        expect(text).to_contain_text("(UTC+7)")


def test_words_that_were_not_taken_are_kept(stage: ConsoleStage, page: Page) -> None:
    number, _ = stage.open_case()
    stage.sign_in(page, CONSUL)
    page.goto(f"{stage.url}/cases/{number}")
    page.get_by_label("답변", exact=True).fill("오래 쓴 답변입니다.")
    sessions, now = stage.house.app.store.console.sessions, stage.house.app.now
    sessions.revoke(f"telegram:{CONSUL}", now())
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.locator("#kept")).to_have_value("오래 쓴 답변입니다.")
    stage.sign_in(page, CONSUL)
    for _ in range(2):
        page.goto(f"{stage.url}/cases/{number}")
        expect(page.get_by_label("답변", exact=True)).to_have_value("오래 쓴 답변입니다.")
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.locator("#record")).to_contain_text("오래 쓴 답변입니다.")
    page.goto(f"{stage.url}/cases/{number}")
    expect(page.get_by_label("답변", exact=True)).to_have_value("")


def test_of_two_replies_the_later_is_held_back_with_its_draft(
    stage: ConsoleStage, browser: Browser, page: Page
) -> None:
    number, founder = stage.open_case()
    stage.sign_in(page, CONSUL)
    other = browser.new_context(locale="ko-KR", java_script_enabled=False).new_page()
    stage.sign_in(other, LAWYER)
    for one in (page, other):
        one.goto(f"{stage.url}/cases/{number}")
    page.get_by_label("답변", exact=True).fill("먼저 보낸 답변입니다.")
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.locator("#record")).to_contain_text("먼저 보낸 답변입니다.")
    other.get_by_label("답변", exact=True).fill("나중에 쓴 답변입니다.")
    with other.expect_response(lambda one: "/acts" in one.url) as caught:
        other.get_by_role("button", name="답변 보내기").click()
    assert caught.value.status == 409
    expect(other.locator("#reply .notice.newer")).to_contain_text("다른 담당자가 먼저 답했습니다")
    expect(other.get_by_label("답변", exact=True)).to_have_value("나중에 쓴 답변입니다.")
    expect(other.locator("#record")).to_contain_text("먼저 보낸 답변입니다.")
    other.get_by_role("button", name="답변 보내기").click()  # having read it
    expect(other.locator("#record")).to_contain_text("나중에 쓴 답변입니다.")
    founder.hears("나중에 쓴 답변입니다.")
    assert sum("나중에 쓴" in text for text in founder.received_texts()) == 1
    expect(page.locator("#newer")).to_be_visible()  # a colleague's, while the page is open
    other.context.close()


def test_the_reply_box_says_that_a_case_has_ended_and_what_a_reply_does(
    stage: ConsoleStage, page: Page
) -> None:
    number, founder = stage.open_case()
    stage.sign_in(page, CONSUL)
    page.goto(f"{stage.url}/cases/{number}")
    expect(page.locator("#fate")).to_be_empty()
    stage.make_client(LAWYER).act(number, "resolve")
    expect(page.locator("#fate")).to_contain_text("끝난 건입니다")  # while the page is open
    page.get_by_label("답변", exact=True).fill("하나 빠뜨린 것이 있습니다.")
    page.get_by_role("button", name="답변 보내기").click()
    founder.hears("하나 빠뜨린 것이 있습니다.")
    expect(page.locator("#state")).to_have_text("종결")
    expect(page.locator("#fate")).to_contain_text("창업자에게 전하지만")
    sessions, app = stage.house.app.store.console.sessions, stage.house.app
    english = sessions.begin(f"telegram:{CONSUL}", "test", "en", app.now())
    shown = ConsoleClient(stage.port, english).get(f"/cases/{number}").body
    assert "This case has ended. What you send still goes to the founder" in shown


def press(page: Page, key: str) -> None:
    """Press a key, once the page's script listens to it."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def test_a_case_is_claimed_answered_and_resolved_by_keys_alone(
    stage: ConsoleStage, page: Page
) -> None:
    number, founder = stage.open_case()
    stage.sign_in(page, CONSUL)
    link = page.locator(f"#list a[href='/cases/{number}']")
    for _ in range(page.locator("#list .question a").count()):
        press(page, "j")
        if link.evaluate("(one) => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{stage.url}/cases/{number}")
    press(page, "c")
    expect(page.locator("#state")).to_contain_text("김영사")
    press(page, "n")
    page.keyboard.type("재외공관 기록을 먼저 보겠습니다")
    page.reload()  # the draft outlives it
    expect(page.locator("#note")).to_have_value("재외공관 기록을 먼저 보겠습니다")
    page.locator("#note").press("Control+Enter")
    expect(page.locator("#record .line.note")).to_contain_text("재외공관 기록을")
    expect(page.locator("#note")).to_have_value("")
    press(page, "r")
    page.keyboard.type("rce 계약서를 보내 주십시오.")  # letters that are keys elsewhere
    page.keyboard.press("Control+Enter")
    expect(page.locator("#record .line.staff")).to_contain_text("rce 계약서를")
    founder.hears("rce 계약서를")
    press(page, "e")
    expect(page.locator("#state")).to_contain_text("종결")
    assert not any("재외공관 기록을" in text for text in founder.received_texts())
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("단축키")
    page.keyboard.press("Escape")
    page.goto(f"{stage.url}/sessions")
    page.get_by_role("button", name="글자 단축키 끄기").click()
    page.goto(f"{stage.url}/cases/{number}")
    press(page, "?")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_a_case_is_claimed_answered_and_resolved_without_javascript(
    stage: ConsoleStage, browser: Browser
) -> None:
    number, founder = stage.open_case()
    context = browser.new_context(locale="ko-KR", java_script_enabled=False)
    page = context.new_page()
    stage.sign_in(page, LAWYER)
    page.locator(f".cases a[href='/cases/{number}']").click()
    page.get_by_role("button", name="맡기").click()
    expect(page.locator("#state")).to_contain_text("김변")
    page.get_by_text("다른 건과 합치기").click()
    page.get_by_label("합칠 건의 번호").fill("99999")
    page.get_by_role("button", name="합치기", exact=True).click()
    expect(page.locator("#notices")).not_to_be_empty()  # why it was refused
    expect(page.get_by_label("합칠 건의 번호")).to_have_value("99999")
    page.get_by_label("답변", exact=True).fill("내용증명부터 보내십시오.")
    page.get_by_role("button", name="답변 보내기").click()
    expect(page.locator("#record")).to_contain_text("내용증명부터")
    founder.hears("내용증명부터")
    page.get_by_role("button", name="종결").click()
    expect(page.locator("#state")).to_contain_text("종결")
    page.get_by_role("button", name="FAQ로 만들기").click()
    expect(page.locator(".ties")).to_contain_text("FAQ 초안")
    assert stage.house.app.store.faq.find(number) is not None
    context.close()


def test_enter_that_ends_a_syllable_sends_nothing(stage: ConsoleStage, page: Page) -> None:
    number, _ = stage.open_case()
    stage.sign_in(page, CONSUL)
    assert count_sent(stage, page, number) == (0, 1)

    def plant_bug(route: Route) -> None:
        served = route.fetch()
        assert PREDICATE in served.text()
        route.fulfill(response=served, body=served.text().replace(PREDICATE, "return false;"))

    page.route(SCRIPT, plant_bug)
    assert count_sent(stage, page, number) == (1, 2)


def count_sent(stage: ConsoleStage, page: Page, number: int) -> tuple[int, int]:
    """How often a reply was sent by Ctrl+Enter within a syllable, and after it as well."""
    page.goto(f"{stage.url}/cases/{number}")
    page.evaluate(COUNT_SENT)
    page.locator("#text").focus()
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    enter = {"key": "Enter", "code": "Enter", "modifiers": 2, "windowsVirtualKeyCode": 229}
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    within = page.evaluate("window.sent")
    keys.send("Input.insertText", {"text": "한"})
    page.evaluate("new Promise((done) => setTimeout(done, 10))")  # after the end of composition
    assert page.locator("#text").input_value() == "한"
    page.keyboard.press("Control+Enter")
    page.locator("#text").evaluate("(field) => { field.value = ''; localStorage.clear(); }")
    return within, page.evaluate("window.sent")
