"""Papers to load and to send, letters that were given up, requests about one's data, lists by the page, and
a file that is too large: over HTTP, as forms without a browser."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from adapters.console.pages.library.answers import PAGE_ROWS
from adapters.console.security import SESSION_COOKIE
from bot.context import Decision
from bot.store import tables as t
from bot.store.readers.audit_log import PAGE_ENTRIES
from bot.types import LoggedAnswer, Meeting
from knowledge.database.engine import open_reader, write_transaction
from tests.harness.messenger_drivers import TelegramRoom, bind_room_in
from tests.harness.running_app import TELEGRAM_ADMIN, wait_until
from tests.scenarios.console.conftest import CONSUL, LAWYER, ConsoleStage
from tests.scenarios.console.http_client import Client
from tests.scenarios.console.security_stage import STRANGER, admit_people, sign_in

DESK = -1001000000002
LETTER = re.compile(r'name="letter" value="([^"]+)"')

pytestmark = pytest.mark.usefixtures("hasty")


def load(stage: ConsoleStage, client: Client, path: str) -> tuple[int, str, str, bytes]:
    """Status, type, name and bytes of a file."""
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=60)
    cookie = f"{SESSION_COOKIE}={client.cookies[SESSION_COOKIE]}"
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    data, heads = answer.read(), answer.headers
    connection.close()
    return answer.status, heads.get_content_type(), heads.get_filename() or "", data


def add_meeting(stage: ConsoleStage) -> None:
    """Hanoi's next one, so late that no agenda is due by itself."""
    app = stage.house.app
    meeting = Meeting("uid-of-hanoi", "vn-hanoi", app.now() + timedelta(days=90))
    app.store.meetings.add(meeting, [], app.now())


def make_lead(stage: ConsoleStage, user: int) -> None:
    store, now = stage.house.app.store, stage.house.app.now()
    known = store.staff.list_memberships("telegram", str(user))
    store.commit_without_message(
        f"lead:{user}", Decision(new_staff=tuple(replace(one, is_lead=True) for one in known)), now
    )


def test_the_agenda_and_the_invitation_are_files_of_those_of_the_body(stage: ConsoleStage) -> None:
    admit_people(stage)
    consul, stranger = sign_in(stage, LAWYER), sign_in(stage, STRANGER)
    page = "/meetings/vn-hanoi"
    assert load(stage, consul, f"{page}/invitation.ics")[0] == 404  # no meeting is planned
    add_meeting(stage)
    status, mime, name, data = load(stage, consul, f"{page}/invitation.ics")
    assert (status, mime) == (200, "text/calendar") and name.endswith(".ics")
    assert b"BEGIN:VEVENT" in data and b"uid-of-hanoi" in data
    status, mime, name, data = load(stage, consul, f"{page}/agenda.pdf")
    assert (status, mime) == (200, "application/pdf") and data.startswith(b"%PDF-")
    assert name.startswith("agenda-") and name.isascii() and name.endswith(".pdf")
    for file in ("invitation.ics", "agenda.pdf"):
        assert load(stage, stranger, f"{page}/{file}")[0] == 404

    # The room gets it once, from who leads the body.
    sent = consul.post(f"{page}/acts", {"act": "send"})
    assert sent.status == 403
    make_lead(stage, CONSUL)
    lead = sign_in(stage, CONSUL)
    assert lead.post(f"{page}/acts", {"act": "send"}).leads_to.endswith("said=sent")
    stage.founder.server.wait_for(lambda _: stage.room.staff_member().files())
    assert lead.post(f"{page}/acts", {"act": "send"}).leads_to.endswith("said=sent_before")


def test_the_digest_is_made_read_and_sent_once(stage: ConsoleStage) -> None:
    admin, consul = sign_in(stage, TELEGRAM_ADMIN), sign_in(stage, CONSUL)
    assert consul.get("/meetings/digest").status == 404
    assert admin.get("/meetings/digest").status == 200
    assert admin.get("/meetings/digest?quarter=2999-Q1").status == 404
    assert load(stage, admin, "/meetings/digest.pdf")[0] == 404  # not made yet
    for act in ("send", "make"):
        said = admin.post("/meetings/digest", {"act": act})
        assert said.leads_to.endswith("said=no_room" if act == "send" else "said=made")
    assert admin.post("/meetings/digest", {"act": "other"}).status == 400
    assert "<h1" in admin.get("/meetings/digest").text
    status, mime, name, data = load(stage, admin, "/meetings/digest.pdf")
    assert (status, mime) == (200, "application/pdf") and data.startswith(b"%PDF-")
    assert name.startswith("digest-") and name.isascii()
    assert load(stage, consul, "/meetings/digest.pdf")[0] == 404
    stage.founder.server.create_forum(DESK)
    desk = TelegramRoom(stage.founder.server, DESK, TELEGRAM_ADMIN)
    bind_room_in(stage.house.app, "domestic", desk)
    first = admin.post("/meetings/digest", {"act": "send"}).leads_to
    assert first.endswith(("said=sent", "said=sent_before"))  # Naru itself may have been first
    stage.founder.server.wait_for(lambda _: desk.staff_member().files())
    assert admin.post("/meetings/digest", {"act": "send"}).leads_to.endswith("said=sent_before")
    wait_until(lambda: len(desk.staff_member().files()) == 1)


def bury_letter(stage: ConsoleStage, key: str) -> None:
    """An event that was given up, which no one wrote."""
    app = stage.house.app
    given_up = {
        "channel": "telegram", "event_key": key, "lane": "telegram:1", "payload": json.dumps({"x": key}),
        "state": "dead", "attempts": 3, "ready_at": app.now(), "received_at": app.now(),
    }  # fmt: skip
    with write_transaction(app.engine) as connection:
        connection.execute(insert(t.inbox).values(given_up))


def test_letters_that_were_given_up_are_tried_again_or_dropped(stage: ConsoleStage) -> None:
    app = stage.house.app
    admin, consul = sign_in(stage, TELEGRAM_ADMIN), sign_in(stage, CONSUL)
    bury_letter(stage, "lost-1")
    bury_letter(stage, "lost-2")
    letters = LETTER.findall(admin.get("/records?view=dead").text)
    first, second = sorted(set(letters))
    for act in ("retry", "drop"):
        refused = consul.post("/records/dead", {"act": act, "letter": first})
        assert refused.status in (403, 404)
    assert app.store.inbox.count_events("dead") == 2
    assert admin.post("/records/dead", {"act": "burn", "letter": first}).status == 400
    done = admin.post("/records/dead", {"act": "retry", "letter": first})
    assert done.leads_to.endswith("said=retry")
    done = admin.post("/records/dead", {"act": "drop", "letter": second})
    assert done.leads_to.endswith("said=drop")
    wait_until(lambda: app.store.dead_letters.find(second) is None)
    gone = admin.post("/records/dead", {"act": "retry", "letter": second})
    assert gone.leads_to.endswith("said=gone")
    shown = admin.get("/records").text
    assert first in shown and second in shown and f"telegram:{TELEGRAM_ADMIN}" in shown


def test_requests_about_ones_data_are_on_record_for_admins_alone(stage: ConsoleStage) -> None:
    app = stage.house.app
    admin, consul = sign_in(stage, TELEGRAM_ADMIN), sign_in(stage, CONSUL)
    told = Decision(audit=("telegram:1001", "a copy of their records was given to the founder"))
    app.store.commit_without_message("copy", told, app.now())
    assert "a copy of their records" in admin.get("/records?view=privacy").text
    assert "a copy of their records" not in consul.get("/records?view=privacy").text


def count_acts(stage: ConsoleStage) -> int:
    """Of the console, in the inbox."""
    query = select(func.count()).select_from(t.inbox).where(t.inbox.c.channel == "console")
    with open_reader(stage.house.app.engine).connect() as connection:
        return connection.scalar(query) or 0


def test_a_file_over_the_limit_is_refused_in_a_sentence_and_nothing_is_kept(
    stage: ConsoleStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.console.site.UPLOAD_LIMIT_BYTES", 2 * 2**20)
    admin, app = sign_in(stage, TELEGRAM_ADMIN), stage.house.app
    account, acts = f"telegram:{TELEGRAM_ADMIN}", count_acts(stage)
    before = {path for path in app.settings.data.rglob("*") if "upload" in str(path)}
    head = f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{admin.token}\r\n--b\r\n'
    file = 'Content-Disposition: form-data; name="files"; filename="large.md"\r\n\r\n'
    body = (head + file).encode() + b"x" * (2 * 2**20 + 1) + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Sec-Fetch-Site": "same-origin"}
    answer = admin.send("POST", "/documents", body, headers)
    assert answer.status == 413 and "2 MB" in answer.text and "나누어 보내" in answer.text
    assert {path for path in app.settings.data.rglob("*") if "upload" in str(path)} == before
    assert not app.upload_store.list_tokens(account) and count_acts(stage) == acts


@pytest.mark.parametrize("count", [8_001, 25_000])  # of which the second is too large a form
def test_words_that_are_too_many_are_on_the_page_that_refuses_them(
    stage: ConsoleStage, count: int
) -> None:
    lead, words = sign_in(stage, TELEGRAM_ADMIN), "회의록" * (count // 3 + 1)
    assert "8,000자" in lead.get("/meetings?mission=vn-hanoi").text
    for path, act in (("/meetings/vn-hanoi/acts", "minutes"), ("/cases/1/acts", "note")):
        answer = lead.post(path, {"act": act, "text": words, "id": "long"})
        assert answer.status in (413, 422) and "8,000자" in answer.text
        assert words in answer.text


def test_lists_are_read_by_the_page_to_their_end(stage: ConsoleStage) -> None:
    app, admin = stage.house.app, sign_in(stage, TELEGRAM_ADMIN)
    for number in range(PAGE_ENTRIES + 1):
        noted = Decision(audit=("test-pages", f"entry {number:03}."))
        app.store.commit_without_message(f"entry:{number}", noted, app.now())
    page = admin.get("/records?who=test-pages").text
    assert f"entry {PAGE_ENTRIES:03}." in page and "entry 000." not in page
    (older,) = re.findall(r'name="before" value="(\d+)"', page)
    page = admin.get(f"/records?who=test-pages&before={older}").text
    assert "entry 000." in page and "entry 001." not in page
    assert 'name="before"' not in page

    for number in range(PAGE_ROWS + 1):
        logged = LoggedAnswer(f"c{number}", "answered", "ko", f"질문 {number:03}.", "답", "tax", "VN",
                              "vn-hanoi", app.now())  # fmt: skip
        app.store.commit_without_message(f"answer:{number}", Decision(logged=logged), app.now())
    page = admin.get("/answers?topic=tax").text
    assert f"질문 {PAGE_ROWS:03}." in page and "질문 000." not in page
    for last in ("2", "999999999", "2&x=1"):
        page = admin.get(f"/answers?topic=tax&page={last}").text
        assert "질문 000." in page and "질문 001." not in page, last
    for odd in ("0", "-1", "x"):
        assert "질문 000." not in admin.get(f"/answers?topic=tax&page={odd}").text
