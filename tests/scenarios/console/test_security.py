"""What the console refuses: foreign and guessed requests, and words that are code."""

from __future__ import annotations

import re
import socket
from urllib.parse import urlencode

import pytest
from sqlalchemy.exc import SQLAlchemyError

from adapters.console import navigation
from adapters.console.navigation import MenuEntry
from adapters.console.security import HEADERS, make_form_token
from tests.harness.running_app import TELEGRAM_ADMIN
from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleStage
from tests.scenarios.console.http_client import OWN_FORM, Client
from tests.scenarios.console.security_stage import (
    FORMS,
    INNER,
    ROUTES,
    STRANGER,
    admit_people,
    seal_case,
    sign_in,
)

EVIL = ('{{7*7}}', "{% for x in (1).__class__.mro() %}", "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "{number}", "</textarea><b id=evil>")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _people(stage: ConsoleStage) -> None:
    admit_people(stage)


@pytest.fixture
def sealed(stage: ConsoleStage) -> int:
    return seal_case(stage)


@pytest.fixture(scope="module")
def consul(stage: ConsoleStage, _people: None) -> Client:
    return sign_in(stage, CONSUL)


# --- forms of others -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {},
        {"Origin": "http://localhost.evil.example"}, {"Origin": "http://["},
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


@pytest.mark.parametrize(
    "head",
    [
        'name="a"\r\nContent-Transfer-Encoding: klingon', 'name="_charset_"', 'name="a"\r\nX: ' + "y" * 9_000,
        'name="a"\r\nContent-Encoding: klingon', "",
    ],
)  # fmt: skip
def test_forms_of_an_odd_shape_are_refused(stage: ConsoleStage, head: str) -> None:
    body = f"--x\r\nContent-Disposition: form-data; {head}\r\n\r\nklingon\r\n--x--\r\n"
    headers = OWN_FORM | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = Client(stage.url).send("POST", "/sign-in", body, headers)
    assert answer.status in (400, 403) and "<h1>" in answer.text


def test_what_no_database_takes_is_refused(stage: ConsoleStage, consul: Client) -> None:
    for address in ("/answers?topic=%00", "/figures?mission=%00", "/sign-in/%00"):
        assert consul.get(address).status == 400
    token = consul.token
    for kind, text in (("utf-8", "%00"), ("unicode_escape", "\\ud800"), ("utf-7", "+2AA-")):
        headers = OWN_FORM | {"Content-Type": f"application/x-www-form-urlencoded; charset={kind}"}
        sent = f"token={token}&act=note&text={text}"
        assert consul.send("POST", "/cases/1/acts", sent, headers).status == 400


def test_numbers_and_days_that_are_none_break_no_page(stage: ConsoleStage) -> None:
    admin = sign_in(stage, TELEGRAM_ADMIN)
    for name in ("since", "until", "page"):
        for value in ("0001-01-01", "9999-12-31", "9" * 5_000, "٣"):
            assert admin.get(f"/answers?{urlencode({name: value})}").status == 200
    for value in ("first=0001-01-01", "last=9999-12-31", "before=" + "9" * 5_000):
        assert admin.get(f"/records?{value}").status == 200
    assert admin.get("/figures?quarter=9999-Q4").status == 200
    note = {"act": "note", "text": "적어 둡니다.", "seen": "9" * 5_000}
    assert admin.post("/cases/1/acts", note).status == 303
    for when in ("9999-12-31T23:59", "0001-01-01T00:00+14:00", "-"):
        plan = {"act": "plan", "when": when, "minutes": "9" * 5_000}
        answer = admin.post("/meetings/vn-hanoi/acts", plan)
        assert answer.leads_to.endswith("&said=no_time")


def test_a_reply_that_would_be_a_note_is_not_taken(stage: ConsoleStage, consul: Client) -> None:
    reply = {"act": "reply", "text": "//example.org 을 보십시오.", "seen": "9999"}
    answer = consul.post("/cases/1/acts", reply)
    assert answer.status == 422 and "내부 메모가 됩니다" in answer.text
    assert not any("//example" in line.text for _, line in stage.read_record(1))
    assert consul.get("/cases/0000000001").status == 404


def test_words_that_cannot_be_stored_are_shown_again(
    stage: ConsoleStage, consul: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise SQLAlchemyError

    note = {"act": "note", "text": "<오래> 쓴 글"}
    with monkeypatch.context() as patch:
        patch.setattr("adapters.console.acting.ActSender.send_event", fail)
        answer = consul.post("/cases/1/acts", note)
    assert answer.status == 503 and "&lt;오래&gt; 쓴 글</textarea>" in answer.text
    foreign = consul.post("/cases/1/acts", note, Sec_Fetch_Site="cross-site")
    assert foreign.status == 403 and "오래" not in foreign.text


def test_errors_are_in_the_language_of_the_reader(stage: ConsoleStage, consul: Client) -> None:
    assert "그런 화면이 없습니다" in consul.get("/nowhere").text
    english = {"Accept-Language": "en-GB"}
    unknown = Client(stage.url)
    assert "another site" in unknown.send("POST", "/sign-in", "", english).text
    assert "The session is over" in unknown.get("/events", **english).text
    assert "such page" in unknown.get("/sign-in/one/two", **english).text


def test_a_form_that_comes_too_slowly_is_given_up(
    stage: ConsoleStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.messaging.request_body.FORM_READ_SECONDS", 0.1)
    with socket.create_connection(("127.0.0.1", stage.port), timeout=8) as slow:
        slow.sendall(
            f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{stage.port}\r\nSec-Fetch-Site: same-origin\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nemail=".encode()
        )
        assert b" 408 " in slow.recv(200)
