"""Who is at the console in the tests of its security, and every way in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from adapters.console.pages import PAGES
from adapters.console.security import SESSION_COOKIE
from bot.context import Decision
from bot.store import tables as t
from bot.store.console.sessions import compute_digest
from bot.types import StaffMember
from tests.scenarios.console.conftest import ConsoleStage
from tests.scenarios.console.http_client import Client

OFFICER, STRANGER = 2003, 2004  # of sealed cases in Hanoi; of staff in Ho Chi Minh City
EMAIL = "kim@example.org"
ROUTES = [
    (route.method, re.sub(r"\{[^}]*\}", "1", route.path))  # type: ignore[attr-defined]
    for table in PAGES
    for route in table
]
INNER = [(method, path) for method, path in ROUTES if not path.startswith("/sign-in")]
FORMS = [path for method, path in ROUTES if method == "POST"]


def admit_people(stage: ConsoleStage) -> None:
    """An officer of sealed cases, one without a messenger, and staff of another mission."""
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


def seal_case(stage: ConsoleStage) -> int:
    """The number of a new case that is sealed."""
    store = stage.house.app.store
    number, _ = stage.open_case()
    case = replace(store.get_case(number), sealed=True)
    store.commit_without_message(f"seal:{number}", Decision(case=case), stage.house.app.now())
    return number


def make_stale(stage: ConsoleStage, client: Client) -> None:
    """As if the person had signed in six minutes ago."""
    now = stage.house.app.now()
    stage.house.app.store.console.sessions.confirm(
        compute_digest(client.cookies[SESSION_COOKIE]), now - timedelta(minutes=6)
    )


def list_audit(stage: ConsoleStage) -> list[str]:
    with stage.house.app.engine.connect() as connection:
        return list(connection.execute(select(t.audit.c.act)).scalars())


def count_mails(stage: ConsoleStage, address: str) -> int:
    """How many mails to an address there were, gone out or not."""
    o = t.outbox.c
    query = select(o.address).where(o.channel == "console")
    with stage.house.app.engine.connect() as connection:
        return sum(one["chat"] == address for one in connection.execute(query).scalars())
