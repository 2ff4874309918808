"""Who gets in to the console, for how long, and to a sealed case."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from pydantic import SecretStr

from adapters.console.security import SESSION_COOKIE, SIGN_IN_COOKIE, make_form_token
from bot.context import Decision
from bot.types import StaffMember
from tests.harness.messenger_drivers import TelegramPerson
from tests.harness.running_app import wait_until
from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleStage
from tests.scenarios.console.http_client import OWN_FORM, Client
from tests.scenarios.console.security_stage import (
    EMAIL,
    INNER,
    OFFICER,
    admit_people,
    count_mails,
    list_audit,
    make_stale,
    seal_case,
    sign_in,
)


@pytest.fixture(scope="module", autouse=True)
def _people(stage: ConsoleStage) -> None:
    admit_people(stage)


@pytest.fixture
def sealed(stage: ConsoleStage) -> int:
    return seal_case(stage)


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "\xff\xfe", "a" * 3000])
def test_a_forged_cookie_opens_nothing(stage: ConsoleStage, cookie: str) -> None:
    for method, path in INNER:
        client = Client(stage.url, {SESSION_COOKIE: cookie})
        form = {"token": make_form_token(cookie)}
        answer = client.post(path, form) if method == "POST" else client.get(path)
        assert (answer.status, answer.leads_to) in ((303, "/sign-in"), (401, "")), (method, path)


def test_a_link_preview_spends_nothing_and_a_link_works_once(stage: ConsoleStage) -> None:
    link = stage.make_link(CONSUL)
    path = link.removeprefix(stage.url)
    for method in ("GET", "HEAD", "GET"):
        seen = Client(stage.url).get(path, method=method)
        assert seen.status == 200
        assert SESSION_COOKIE not in seen.cookies
    first = Client(stage.url)
    assert first.open_link(link).leads_to == "/"
    assert first.get("/").status == 200
    again = Client(stage.url).open_link(link)
    assert (again.status, again.cookies) == (410, {})
    assert Client(stage.url).get(f"/sign-in/{'x' * 43}").status == 410


def test_a_link_is_spent_only_in_the_browser_that_opened_it(stage: ConsoleStage) -> None:
    link = stage.make_link(CONSUL).removeprefix(stage.url)
    nonce = Client(stage.url).get(link).token
    other = Client(stage.url)
    assert other.post(link, {"nonce": nonce}).status == 403  # it has no cookie
    other.get("/sign-in")
    assert other.post(link, {"nonce": nonce}).status == 403  # it has another
    assert other.post(link).status == 403
    assert Client(stage.url).open_link(stage.url + link).status == 303  # and it is still good


def test_a_cookie_that_was_there_before_signing_in_is_worth_nothing(stage: ConsoleStage) -> None:
    planted = "planted" * 6
    client = Client(stage.url, {SESSION_COOKIE: planted})
    client.open_link(stage.make_link(CONSUL))
    assert client.cookies[SESSION_COOKIE] != planted
    assert SIGN_IN_COOKIE not in client.cookies
    assert Client(stage.url, {SESSION_COOKIE: planted}).get("/").leads_to == "/sign-in"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(stage: ConsoleStage) -> None:
    client = Client(stage.url)
    path = stage.make_link(CONSUL).removeprefix(stage.url)
    page = client.get(path)
    entered = client.post(path, {"nonce": page.token})
    for answer in (page, entered):
        set_cookie = answer.headers["set-cookie"]
        for mark in ("__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert mark in set_cookie


def test_one_no_longer_staff_is_out_with_the_next_request(stage: ConsoleStage) -> None:
    app, user = stage.house.app, 2050
    member = StaffMember("vn-hanoi", "telegram", str(user), "새 사람", "staff", "test", app.now())
    app.store.commit_without_message("come", Decision(new_staff=(member,)), app.now())
    client, spare = sign_in(stage, user), stage.make_link(user)
    assert client.get("/cases/1").status == 200
    token = client.token
    gone = replace(member, removed_at=app.now())
    app.store.commit_without_message("go", Decision(new_staff=(gone,)), app.now())
    assert client.get("/cases/1").leads_to == "/sign-in"
    form = {"token": token, "act": "reply", "text": "아직 여기 있습니다"}
    assert client.send("POST", "/cases/1/acts", "&".join(f"{k}={v}" for k, v in form.items()).encode(),
                       OWN_FORM).status == 401  # fmt: skip
    assert Client(stage.url).open_link(spare).status == 403


def test_not_me_ends_every_session_and_link(stage: ConsoleStage) -> None:
    person = TelegramPerson(stage.founder.server, LAWYER)
    person.sends_command("console")
    link = re.search(r"http\S+", person.hears("/sign-in/"))
    assert link
    first, spare = Client(stage.url), stage.make_link(LAWYER)
    first.open_link(link.group())
    second = sign_in(stage, LAWYER)
    person.hears("콘솔에 접속하셨습니다", times=2)
    person.presses("console:revoke")
    person.hears("모든 콘솔 접속을 끊었습니다")
    for client in (first, second):
        assert client.get("/").leads_to == "/sign-in"
    assert Client(stage.url).open_link(spare).status == 410


@pytest.mark.parametrize("is_set", [True, False])
def test_the_bot_is_named_only_where_a_messenger_is_set_up(
    stage: ConsoleStage, monkeypatch: pytest.MonkeyPatch, *, is_set: bool
) -> None:
    if not is_set:
        settings = stage.house.app.settings
        monkeypatch.setitem(vars(settings), "telegram_token", SecretStr(""))
    client = Client(stage.url)
    for path in ("/sign-in", "/sign-in/none"):
        assert ("/console을" in client.get(path).text) == is_set, path


def test_signing_in_by_code(stage: ConsoleStage) -> None:
    app = stage.house.app
    secret, spare = app.store.console.accounts.add(EMAIL, "test", app.now())
    client = Client(stage.url)

    def enter(code: str, **more: str) -> int:
        page = client.get("/sign-in")
        form = {"nonce": page.token, "email": f" {EMAIL.upper()} ", "code": code, **more}
        return client.post("/sign-in", form).status

    code = pyotp.TOTP(secret).at(app.now())
    assert enter("000000") == 403
    assert enter("１２３４５６") == 403
    assert enter(code) == 303
    assert "지난번 접속" not in client.get("/").text
    client.cookies.clear()
    assert enter(code) == 403  # it is spent
    assert enter(spare[0].upper()) == 303
    assert "지난번 접속" in client.get("/").text  # which no messenger tells them of
    assert client.get("/sessions").text.split("sign-ins-head")[-1].count("<li>") == 2
    assert count_mails(stage, EMAIL) == 2
    client.cookies.clear()
    assert enter(spare[0]) == 403
    for _ in range(4):
        enter("111111")
    soon = app.now() + timedelta(seconds=30)
    assert enter(pyotp.TOTP(secret).at(soon)) == 403  # five wrong ones: it waits
    assert enter(spare[1]) == 303  # which cannot be guessed


def test_a_sealed_case_opens_to_a_fresh_officer_and_each_view_is_written_first(
    stage: ConsoleStage, sealed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, line = sign_in(stage, OFFICER), f"read sealed case {sealed} in the console"
    path = f"/cases/{sealed}"
    assert "90일째" in officer.get(path).text
    assert list_audit(stage).count(line) == 1
    assert officer.get(f"{path}/events").status == 404
    store = stage.house.app.store
    with monkeypatch.context() as patch:
        patch.setattr(type(store), "commit_without_message", _fail)
        assert "90일째" not in officer.get(path).text
    make_stale(stage, officer)
    assert officer.get(path).leads_to == f"/confirm?next={path}"
    assert officer.post(f"{path}/presence", {"tab": "x"}).status == 403
    held = officer.post(
        f"{path}/acts", {"act": "note", "text": "오래 쓴 메모", "id": "n1", "seen": "0"}
    )
    assert held.status == 403
    assert "오래 쓴 메모" in held.text
    assert list_audit(stage).count(line) == 1
    lead = sign_in(stage, LAWYER).get("/").text
    assert f"#{sealed}" in lead
    entry = lead[lead.index(f"#{sealed}") :].partition("</li>")[0]
    assert "90일째" not in entry
    assert "하노이" not in entry


def _fail(*_: object) -> None:
    raise OSError("the disk is full")


def test_an_officer_confirms_by_a_link_in_their_chat(stage: ConsoleStage, sealed: int) -> None:
    officer, person = sign_in(stage, OFFICER), TelegramPerson(stage.founder.server, OFFICER)
    path = f"/cases/{sealed}"
    make_stale(stage, officer)
    target = {"next": path}
    assert "개인 대화가 없어" in officer.post("/confirm", {**target, "send": "yes"}).text
    person.sends_command("start")
    wait_until(lambda: stage.house.app.store.list_conversations(f"telegram:{OFFICER}"))
    kept = {"act": "note", "text": "확인 뒤에 남는 메모", "id": "kept1", "seen": "0"}
    sent = officer.post("/confirm", {**target, **kept, "send": "yes"})
    assert (sent.status, "확인 뒤에 남는 메모" in sent.text) == (200, True)
    found = re.search(r"http\S+", person.hears("본인 확인 주소"))
    assert found
    cookie = officer.cookies[SESSION_COOKIE]
    link = found.group()
    assert link.endswith(f"?next={path}")
    page = officer.get(link.removeprefix(stage.url))
    plain = link.removeprefix(stage.url).partition("?")[0]
    led = officer.post(plain, {"nonce": page.token, "next": path})
    assert led.leads_to == path
    assert officer.cookies[SESSION_COOKIE] == cookie  # the same session, confirmed
    assert officer.get(path).status == 200
    again = officer.post("/confirm", {**target, **kept})
    assert (again.status, again.leads_to) == (307, f"{path}/acts")
    officer.post(again.leads_to, kept)
    stage.wait_for_line(sealed, "확인 뒤에 남는 메모")
    assert "confirmed who they are in the console" in list_audit(stage)


def test_an_officer_without_a_messenger_confirms_by_code(stage: ConsoleStage, sealed: int) -> None:
    app = stage.house.app
    _, spare = app.store.console.accounts.add(EMAIL, "test", app.now())
    cookie = app.store.console.sessions.begin(f"console:{EMAIL}", "test", "ko", app.now())
    client = Client(stage.url, {SESSION_COOKIE: cookie})
    make_stale(stage, client)
    target = {"next": f"/cases/{sealed}"}
    assert client.post("/confirm", {**target, "code": "123"}).status == 403
    assert client.get(target["next"]).status == 303
    assert client.post("/confirm", {**target, "code": spare[0]}).leads_to == target["next"]
    assert client.get(target["next"]).status == 200
    consul = sign_in(stage, CONSUL)
    make_stale(stage, consul)
    assert consul.post("/confirm", {**target, "code": spare[1]}).status == 403  # not their code
