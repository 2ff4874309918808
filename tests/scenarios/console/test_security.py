"""What the console refuses: forged, replayed, foreign and guessed requests, and words that are code."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from adapters.console import navigation
from adapters.console.navigation import MenuEntry
from adapters.console.pages import PAGES
from adapters.console.security import (
    HEADERS,
    SESSION_COOKIE,
    SIGN_IN_COOKIE,
    make_form_token,
)
from bot.context import Decision
from bot.store import tables as t
from bot.store.console.sessions import compute_digest
from bot.types import StaffMember
from tests.harness.messenger_drivers import TelegramPerson
from tests.harness.running_app import TELEGRAM_ADMIN, wait_until
from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleStage
from tests.scenarios.console.http_client import OWN_FORM, Client

OFFICER, STRANGER = 2003, 2004  # of sealed cases in Hanoi; of staff in Ho Chi Minh City
EMAIL = "kim@example.org"
ROUTES = [
    (route.method, re.sub(r"\{[^}]*\}", "1", route.path))  # type: ignore[attr-defined]
    for table in PAGES
    for route in table
]
INNER = [(method, path) for method, path in ROUTES if not path.startswith("/sign-in")]
FORMS = [path for method, path in ROUTES if method == "POST"]
EVIL = ('{{7*7}}', "{% for x in (1).__class__.mro() %}", "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "{number}", "</textarea><b id=evil>")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _people(stage: ConsoleStage) -> None:
    """An officer of sealed cases, and staff of another mission."""
    now = stage.house.app.now()
    members = (
        StaffMember("vn-hanoi", "telegram", str(OFFICER), "이영사", "diplomat", "test", now,
                    reads_sealed=True),
        StaffMember("vn-hcmc", "telegram", str(STRANGER), "박영사", "diplomat", "test", now),
        StaffMember("vn-hanoi", "console", EMAIL, "한영사", "diplomat", "test", now, reads_sealed=True),
    )  # fmt: skip
    store = stage.house.app.store
    store.commit_without_message("more staff", Decision(new_staff=members), now)


def sign_in(stage: ConsoleStage, user: int) -> Client:
    client = Client(stage.url)
    answer = client.open_link(stage.make_link(user))
    assert (answer.status, answer.leads_to) == (303, "/")
    return client


@pytest.fixture(scope="module")
def consul(stage: ConsoleStage, _people: None) -> Client:
    return sign_in(stage, CONSUL)


@pytest.fixture
def sealed(stage: ConsoleStage) -> Iterator[int]:
    """The number of a case that is sealed."""
    store = stage.house.app.store
    number, _ = stage.open_case()
    case = replace(store.get_case(number), sealed=True)
    store.commit_without_message(f"seal:{number}", Decision(case=case), stage.house.app.now())
    yield number


def make_stale(stage: ConsoleStage, client: Client) -> None:
    """As if the person had signed in six minutes ago."""
    now = stage.house.app.now()
    stage.house.app.store.console.sessions.confirm(
        compute_digest(client.cookies[SESSION_COOKIE]), now - timedelta(minutes=6)
    )


def list_audit(stage: ConsoleStage) -> list[str]:
    with stage.house.app.engine.connect() as connection:
        return list(connection.execute(select(t.audit.c.act)).scalars())


# --- who comes in ----------------------------------------------------------------------------------


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
    assert client.get("/").status == 200
    client.cookies.clear()
    assert enter(code) == 403  # it is spent
    assert enter(spare[0].upper()) == 303
    client.cookies.clear()
    assert enter(spare[0]) == 403
    for _ in range(4):
        enter("111111")
    assert enter(spare[1]) == 403  # five wrong ones: it waits


# --- forms of others -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "SELF"},
    ],
)  # fmt: skip
def test_a_form_of_another_site_is_refused(
    stage: ConsoleStage, consul: Client, headers: dict[str, str]
) -> None:
    sent = {name: stage.url if value == "SELF" else value for name, value in headers.items()}
    body = f"token={consul.token}&session=x"
    kind = {"Content-Type": OWN_FORM["Content-Type"]}
    for path in FORMS:
        assert consul.send("POST", path, body, kind | sent).status == 403, path
    own = kind | {"Origin": stage.url}  # an old browser
    assert consul.send("POST", "/language", f"token={consul.token}&language=ko", own).status == 303


def test_a_form_needs_the_token_of_its_session(stage: ConsoleStage, consul: Client) -> None:
    foreign = sign_in(stage, LAWYER).token
    for method, path in INNER:
        if method != "POST":
            continue
        for token in ("", "x", foreign, make_form_token("")):
            assert consul.post(path, {"token": token}).status == 403, path


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "naru@evil"]
)
def test_another_name_for_the_console_is_refused(
    stage: ConsoleStage, consul: Client, host: str
) -> None:
    for path in ("/", "/sign-in", "/static/console.css", "/cases/1"):
        assert consul.get(path, Host=host).status in (400, 421)
    assert consul.get("/", Host=f"localhost:{stage.port}").status == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "////evil.example", "/\\evil.example", "\\\\evil",
     "/\t/evil.example", "javascript:alert(1)", "http:evil.example", " //evil.example", "//[evil",
     "/%0d%0aSet-Cookie:x=1"],
)  # fmt: skip
def test_no_next_page_is_of_another_site(stage: ConsoleStage, consul: Client, target: str) -> None:
    led = consul.post("/language", {"language": "ko", "next": target}).leads_to
    assert re.fullmatch(r"/(?!/)[^\\\s]*", led)
    link = stage.make_link(CONSUL).removeprefix(stage.url)
    client = Client(stage.url)
    form = {"nonce": client.get(link).token, "next": target}
    assert re.fullmatch(r"/(?!/)[^\\\s]*", client.post(link, form).leads_to)


# --- what a person may not see ---------------------------------------------------------------------


def test_a_case_one_may_not_read_is_like_one_there_is_not(stage: ConsoleStage, sealed: int) -> None:
    stranger, lawyer = sign_in(stage, STRANGER), sign_in(stage, LAWYER)
    for client, number in ((stranger, 1), (stranger, sealed), (lawyer, sealed)):
        for method, path in INNER:
            if not path.startswith("/cases/1"):
                continue
            ask = client.post if method == "POST" else client.get
            own = ask(path.replace("/1", f"/{number}", 1))
            unknown = ask(path.replace("/1", "/987654", 1))
            assert own.status == unknown.status == 404
            assert own.text.replace(str(number), "") == unknown.text.replace("987654", "").replace(
                str(number), ""
            )
    assert "90일째" not in stranger.get("/").text


def test_a_page_that_is_not_in_ones_menu_is_closed(
    stage: ConsoleStage, consul: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = sign_in(stage, TELEGRAM_ADMIN)
    for entry in navigation.MENU:
        assert admin.get(entry.path).status == 200
    for user in (CONSUL, STRANGER):
        client = sign_in(stage, user)
        menu = client.get("/").text
        for entry in navigation.MENU:
            is_shown = f'href="{entry.path}"' in menu
            assert client.get(entry.path).status == (200 if is_shown else 403)
            for method, path in INNER:
                if not is_shown and path.startswith(f"{entry.path}/"):
                    ask = client.post if method == "POST" else client.get
                    assert ask(path).status == 403
    closed = MenuEntry("/sessions", "inbox", lambda person: person.is_admin)
    token = consul.token
    monkeypatch.setattr(navigation, "MENU", (*navigation.MENU, closed))
    assert consul.get("/sessions").status == 403
    assert consul.post("/cases/1/presence", {"token": token}).status == 200
    body = f"token={token}&keys=on"
    assert consul.send("POST", "/sessions/keys", body, OWN_FORM).status == 403
    assert admin.get("/sessions").status == 200


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


# --- what founders write ---------------------------------------------------------------------------


def test_what_founders_write_is_shown_as_they_wrote_it(stage: ConsoleStage, consul: Client) -> None:
    number, founder = stage.open_case()
    for words in EVIL:
        founder.says(f"한 줄 {words} 끝")
        stage.wait_for_line(number, words)
    name = '"><img src=x onerror=alert(1)>{{7*7}}.pdf'
    founder.uploads(name, b"%PDF-1.4\n%%EOF", "application/pdf", "서류입니다")
    stage.wait_for_line(number, "서류입니다")
    for path in (f"/cases/{number}", "/", f"/?view={EVIL[2]}"):
        page = consul.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<b id=evil" not in page
        assert "한 줄 49" not in page
    record = consul.get(f"/cases/{number}").text
    assert "한 줄 {{7*7}} 끝" in record
    assert "{number}" in record
    draft = consul.post(f"/cases/{number}/acts", {"act": "reassign", "text": EVIL[-1]}).text
    assert "<b id=evil" not in draft


def test_agents_and_addresses_are_shown_as_they_are(stage: ConsoleStage) -> None:
    client = Client(stage.url)
    path = stage.make_link(CONSUL).removeprefix(stage.url)
    page = client.get(path, **{"User-Agent": EVIL[2]})
    assert "<script>alert" not in page.text
    client.send("POST", path, f"nonce={page.token}", OWN_FORM | {"User-Agent": EVIL[3]})
    assert "<img" not in client.get("/sessions").text


# --- what each answer holds ------------------------------------------------------------------------


def test_every_answer_has_the_headers(stage: ConsoleStage, consul: Client) -> None:
    for client in (consul, Client(stage.url)):
        for method, path in (*ROUTES, ("GET", "/nowhere"), ("GET", "/static/console.js"),
                             ("PUT", "/"), ("GET", "/static/../site.py")):  # fmt: skip
            if path.endswith("/events") and client is consul:
                continue  # it does not end
            answer = client.send(method, path, "" if method == "POST" else None, {})
            for name, value in HEADERS.items():
                assert answer.headers.get(name.lower()) == value, (method, path, name)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=x", b"no boundary here", 400),
        ("application/x-www-form-urlencoded; charset=klingon", b"token=x", 400),
        ("application/x-www-form-urlencoded", b"text=" + b"x" * 300_000, 413),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00=%00", 400),
    ],
)
def test_forms_that_are_none_are_refused_in_words(
    stage: ConsoleStage, consul: Client, kind: str, body: bytes, status: int
) -> None:
    headers = OWN_FORM | {"Content-Type": kind}
    for client, path in ((consul, "/cases/1/acts"), (Client(stage.url), "/sign-in")):
        answer = client.send("POST", path, body, headers)
        assert answer.status in (status, 403), answer.text
        assert "<h1>" in answer.text


def test_errors_are_in_the_language_of_the_reader(stage: ConsoleStage, consul: Client) -> None:
    assert "그런 쪽이 없습니다" in consul.get("/nowhere").text
    english = {"Accept-Language": "en-GB"}
    unknown = Client(stage.url)
    assert "another site" in unknown.send("POST", "/sign-in", "", english).text
    assert "The session is over" in unknown.get("/events", **english).text
    assert "such page" in unknown.get("/sign-in/one/two", **english).text


def test_a_form_that_comes_too_slowly_is_given_up(
    stage: ConsoleStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.console.security.FORM_SECONDS", 0.1)
    with socket.create_connection(("127.0.0.1", stage.port), timeout=8) as slow:
        slow.sendall(
            f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{stage.port}\r\nSec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nemail=".encode()
        )
        assert b" 408 " in slow.recv(200)
