"""A lead without a messenger keeps the staff of a body whose room is on Telegram: forms without a browser."""

from __future__ import annotations

import pytest

from bot.context import Decision
from bot.types import StaffMember
from tests.harness.running_app import TELEGRAM_ADMIN
from tests.scenarios.console.conftest import LAWYER, ConsoleStage
from tests.scenarios.console.http_client import Client, HttpAnswer
from tests.scenarios.console.security_stage import EMAIL, admit_people, list_audit, sign_in

LEAD = "lead@example.org"
NEW = "2077"

pytestmark = pytest.mark.usefixtures("hasty")


@pytest.fixture(scope="module")
def lead(stage: ConsoleStage) -> Client:
    admit_people(stage)
    store, now = stage.house.app.store, stage.house.app.now()
    member = StaffMember(
        "vn-hanoi", "console", LEAD, "이총괄", "diplomat", "test", now, is_lead=True
    )
    store.commit_without_message("mail lead", Decision(new_staff=(member,)), now)
    store.console.accounts.add(EMAIL, "test", now)
    client = Client(stage.url)
    token = store.console.sessions.make_link(f"console:{LEAD}", now)
    assert client.open_link(f"{stage.url}/sign-in/{token}").leads_to == "/"
    return client


def act(client: Client, act: str, **fields: str) -> HttpAnswer:
    return client.post("/body/vn-hanoi/acts", {"act": act, "id": act, **fields})


def find_member(stage: ConsoleStage, account: str) -> StaffMember | None:
    members = stage.house.app.store.staff.list_members("vn-hanoi")
    return next((one for one in members if one.account == account), None)


def test_a_lead_without_a_messenger_admits_and_removes(stage: ConsoleStage, lead: Client) -> None:
    page = lead.get("/body?mission=vn-hanoi").text
    assert '<option value="telegram">' in page
    assert f'value="telegram:{LAWYER}"' in page and 'value="remove"' in page
    admitted = act(lead, "admit", channel="telegram", person=NEW, role="lawyer")
    assert admitted.status == 303, admitted.text
    member = find_member(stage, f"telegram:{NEW}")
    assert member and (member.role, member.admitted_by) == ("lawyer", f"console:{LEAD}")
    assert act(lead, "role", seat=f"console:{EMAIL}", role="customs").status == 303
    known = find_member(stage, f"console:{EMAIL}")
    assert known and known.role == "customs"
    for account in (f"telegram:{NEW}", f"console:{EMAIL}"):
        assert act(lead, "remove", seat=account, id=account).status == 303
        assert find_member(stage, account) is None
    assert stage.house.app.store.console.accounts.list_all() == []
    assert f"staff remove vn-hanoi telegram:{NEW}" in list_audit(stage)
    refused = act(lead, "admit", channel="console", person="new@example.org", role="lawyer")
    assert refused.status == 422 and find_member(stage, "console:new@example.org") is None


def test_an_admin_blocks_a_founder_and_gives_a_body_another_room(
    stage: ConsoleStage, lead: Client
) -> None:
    store, admin = stage.house.app.store, sign_in(stage, TELEGRAM_ADMIN)
    number, founder = stage.open_case()
    link = f"/records?view=privacy&amp;account=telegram%3A{founder.chat}#block"
    assert link in admin.get(f"/cases/{number}").text
    assert "#block" not in lead.get(f"/cases/{number}").text
    assert (
        f'value="telegram:{founder.chat}"'
        in admin.get(link.replace("&amp;", "&").removesuffix("#block")).text
    )
    form = {"account": "telegram:5005", "reason": "광고", "id": "b1"}
    assert lead.post("/records/blocks", form | {"act": "block"}).status == 404
    assert admin.post("/records/blocks", form | {"act": "block"}).status == 303
    assert [one.account for one in store.people.list_blocks()] == ["telegram:5005"]
    page = admin.get("/records?view=privacy").text
    assert 'value="unblock"' in page and "telegram:5005" in page
    assert admin.post("/records/blocks", form | {"act": "unblock", "id": "b2"}).status == 303
    assert store.people.list_blocks() == []
    assert act(lead, "bind").status == 422
    assert act(lead, "unbind").status == 303
    assert [one for one in store.list_bindings() if one.mission == "vn-hanoi"] == []
    assert act(admin, "bind").status == 303
    (room,) = [one for one in store.list_bindings() if one.mission == "vn-hanoi"]
    assert room.channel == "console"
    acts = list_audit(stage)
    for told in ("block telegram:5005: 광고", "unblock telegram:5005", "unbind vn-hanoi"):
        assert told in acts
