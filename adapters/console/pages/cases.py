"""A case: its record from all messengers, what Naru found, and what can be done with it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from adapters.console.fields import read_number
from adapters.console.pages.confirming import render_confirm
from adapters.console.people import ConsoleUser
from adapters.console.rendering import (
    MOST_CHARACTERS,
    name_mission,
    name_state,
    render_page,
    render_target,
    render_text,
    see_other,
)
from adapters.console.site import CONSOLE, PERSON
from bot.admin.console.events import (
    CONSOLE_ACTS,
    NOTE,
    REPLY,
    REPLY_LIMIT_CHARACTERS,
    ConsoleAct,
)
from bot.cases.card import CARD_ACTIONS
from bot.cases.linked.answering import LINKED_ACTS
from bot.cases.reminders.timers import find_case_due
from bot.cases.seats.handing import list_case_seats
from bot.cases.staff_turn import NOTE_PREFIX
from bot.cases.states import is_open, may_become_faq
from bot.context import Decision
from bot.errors import UnknownCase
from bot.routing.route_text import render_reason, spell_place
from bot.types import HELD_STATES, Case, ConsoleNotice, Mission
from knowledge.types import Language

if TYPE_CHECKING:
    from adapters.bootstrap import App

ROUTES = web.RouteTableDef()

NOTHING: Mapping[str, str] = MappingProxyType({})  # drafts and problems of a page as it is

ACTS_WITH_WORDS = ("wait", "authority", "reassign", "merge", "relay", "hand")
ACTS_OF_OPEN_CASES = ("merge", "relay", "hand")  # apart from those on the card


@ROUTES.get(r"/cases/{number:\d+}")
async def show_case(request: web.Request) -> web.StreamResponse:
    """The page of a case."""
    person, app = request[PERSON], request.app[CONSOLE].app
    case = await find_case(request)
    if case.sealed and not person.is_fresh(app.now()):
        return see_other(f"/confirm?next=/cases/{case.number}")
    notices = await asyncio.to_thread(
        app.store.console.notices.take_unseen, person.account, app.now()
    )
    return await render_case_page(request, case, notices)


@ROUTES.post(r"/cases/{number:\d+}/acts")
async def act_on_case(request: web.Request) -> web.StreamResponse:
    """Do something with a case. 409 with the draft, and with what came in, where somebody else
    replied after the page was shown. Raises HTTPBadRequest for an act that there is not."""
    person, console = request[PERSON], request.app[CONSOLE]
    case, form = await find_case(request), await request.post()
    if case.sealed and not person.is_fresh(console.app.now()):
        return render_confirm(request, f"/cases/{case.number}", form)
    act, text = str(form.get("act", "")), str(form.get("text", "")).replace("\r\n", "\n").strip()
    if act not in CONSOLE_ACTS:
        raise web.HTTPBadRequest(text=render_text("error.no_act", person.session.language))
    if key := find_problem(act, text):
        problem = render_text(key, person.session.language, most=MOST_CHARACTERS)
        return await render_case_page(
            request, case, (), drafts={act: text}, problems={act: problem}, status=422
        )
    sent = ConsoleAct(
        str(form.get("id") or uuid.uuid4().hex)[:64], person.account, person.name, case.number,
        act, text, read_number(str(form.get("seen", ""))), language=person.session.language,
    )  # fmt: skip
    notice = await console.sender.send(sent)
    # It tells the page whose draft is not kept any longer.
    done = f"/cases/{case.number}?done={quote(sent.id, safe='')}"
    if notice is None:
        return see_other(f"{done}&sent=later")
    await asyncio.to_thread(
        console.app.store.console.notices.take_unseen, person.account, console.app.now()
    )
    if notice.kind == "done":
        return see_other(done)
    fresh = await find_case(request)  # it may have moved or been sealed since
    if fresh.sealed and not person.is_fresh(console.app.now()):
        return render_confirm(request, f"/cases/{case.number}", form)
    status = 409 if notice.kind == "newer" else 422
    return await render_case_page(request, fresh, (notice,), drafts={act: text}, status=status)


def find_problem(act: str, text: str) -> str:
    """The key of the text that says why the words of an act are not taken; "" if they are."""
    if len(text) > REPLY_LIMIT_CHARACTERS:
        return "case.too_long"
    if act == REPLY and text.startswith(NOTE_PREFIX):  # it would be one, and never be sent
        return "case.looks_like_note"
    return "case.empty" if act in (REPLY, NOTE) and not text else ""


async def find_case(request: web.Request) -> Case:
    """The case of a request, if its person may read it. Raises HTTPNotFound, the same for one that
    there is not and for one they may not read."""
    person, app = request[PERSON], request.app[CONSOLE].app
    number = read_number(request.match_info["number"])
    try:
        case = await asyncio.to_thread(app.store.get_case, number)
    except UnknownCase:
        case = None
    if case is None or not person.may_read(case):
        text = render_text("case.unknown", person.session.language, number=number)
        raise web.HTTPNotFound(text=text)
    return case


async def render_case_page(
    request: web.Request,
    case: Case,
    notices: Sequence[ConsoleNotice],
    *,
    drafts: Mapping[str, str] = NOTHING,
    problems: Mapping[str, str] = NOTHING,
    status: int = 200,
) -> web.Response:
    """The page, and for a sealed case first the entry in the audit log. `drafts` are words that were
    not taken, and `problems` why, by act."""
    person, app = request[PERSON], request.app[CONSOLE].app
    if case.sealed:
        audit = Decision(audit=(person.account, f"read sealed case {case.number} in the console"))
        key = f"console-read:{uuid.uuid4().hex}"
        await asyncio.to_thread(app.store.commit_without_message, key, audit, app.now())
    view = await asyncio.to_thread(collect_case, app, case, person)
    return render_page(
        "case.html", person.session.language, person, status=status, notices=notices, drafts=drafts,
        problems=problems, form_id=uuid.uuid4().hex, is_late=request.query.get("sent") == "later",
        is_done="done" in request.query and "sent" not in request.query,
        **view,
    )  # fmt: skip


def collect_case(app: App, case: Case, person: ConsoleUser) -> dict[str, Any]:
    """What the page of a case shows."""
    services, store = app.build_services(), app.store
    record = store.console.notices.list_record(case.number)
    due = (
        find_case_due(case, store.list_log(case.number), services.missions)
        if is_open(case)
        else None
    )
    language, mission = person.session.language, services.missions.get(case.mission)
    allowed = list_acts(case)
    draft = store.faq.find(case.number)
    threads = [one for one in store.list_staff_threads(case.number) if one.current]
    return {
        "case": case, "record": record, "last": max((number for number, _ in record), default=0),
        "due": due, "is_overdue": due is not None and due < app.now(),
        "state": describe_state(case, mission, language), "holder": describe_holder(case, language),
        "mission": name_mission(mission, language),
        "place": spell_place(case.place, language) if case.place else "",
        "clock": partial(render_target, zone=mission.zone, language=language),
        "target": render_target(due, mission.zone, language=language) if due else "",
        "missions": [name_mission(one, "ko") for one in services.missions],
        "seats": [(one.account, describe_person(one.member.name or one.account, one.role, language))
                  for one in list_case_seats(services, case) if one.account != case.taken_by],
        "faq": draft if draft and draft.state not in ("refused", "withdrawn") else None,
        "reason": "" if case.parent else render_reason(case, services.missions, language),
        "plain_acts": [one for one in allowed if one not in ACTS_WITH_WORDS],
        "worded_acts": [one for one in allowed if one in ACTS_WITH_WORDS],
        "linked": store.list_linked(case.number), "merged": store.list_merged(case.number),
        "parent": store.get_case(case.parent) if case.parent else None,
        "present": store.console.notices.list_present(case.number, person.account, app.now()),
        "may_write": bool(threads), "founder": find_founder(app, case) if person.is_admin else "",
        **describe_reply(case, is_heard=store.find_conversation(case.conversation) is not None),
    }  # fmt: skip


def describe_reply(case: Case, *, is_heard: bool) -> dict[str, str]:
    """The texts that say where a reply to a case goes, "" for nowhere, and what else is to be known
    before, "" for nothing. `is_heard`: its founder's conversation is there."""
    kind = "linked" if case.parent is not None else "founder"
    if kind == "founder" and not is_heard:
        return {"reply_to": "", "fate": "case.unheard"}
    return {
        "reply_to": f"case.goes_to_{kind}",
        "fate": "" if is_open(case) else f"case.ended_{kind}",
    }


def find_founder(app: App, case: Case) -> str:
    """The account of a case's founder, for those who may block it; "" for none and for one who is gone."""
    talk = app.store.find_conversation(case.conversation) if case.conversation else None
    return talk.account if talk else ""


def describe_state(case: Case, mission: Mission, language: Language) -> str:
    """What became of a case, who has it, and until when it waits."""
    if case.merged_into:
        return render_text("state.merged_into", language, number=case.merged_into)
    if case.parent is not None and case.state == "closed":
        return render_text("state.asked_back", language)
    text = render_text(name_state(case), language)
    if case.state in HELD_STATES and case.taken_name:
        text = render_text("state.held", language, state=text, who=case.taken_name)
    if case.wait_until is None:
        return text
    return render_text(
        "state.until", language, state=text, day=mission.find_day(case.wait_until).isoformat()
    )


def describe_holder(case: Case, language: Language) -> str:
    """Who has a case, by what is known of them; "" for no one."""
    if not case.taken_by:
        return ""
    return describe_person(case.taken_name or "", case.taken_role or "staff", language)


def describe_person(name: str, role: str, language: Language) -> str:
    """A member of the staff by name and role, or by the role alone."""
    known = render_text(f"role.{role}", language)
    return render_text("case.who", language, name=name, role=known) if name else known


def list_acts(case: Case) -> list[str]:
    """What can be done with a case in its state, apart from writing."""
    allowed: list[str] = [
        one for one in CARD_ACTIONS[case.state] if one != "faq" or may_become_faq(case)
    ]
    if is_open(case):
        allowed += ACTS_OF_OPEN_CASES
    if case.parent is not None:
        return [one for one in allowed if one in LINKED_ACTS]
    return allowed
