"""FAQ drafts: those of a person's missions by state, and one to read, change and decide on."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.console.fields import read_number
from adapters.console.pages.library.documents import form_id, take_notices
from adapters.console.people import list_names
from adapters.console.rendering import (
    name_mission,
    render_page,
    render_text,
    see_other,
)
from adapters.console.site import CONSOLE, PERSON
from bot.admin.console.events import ConsoleAct
from bot.admin.desk.topics import load_topics
from bot.admin.faq.draft import QUESTION_CHARACTERS
from bot.admin.faq.duplicates import find_duplicates
from bot.admin.faq.faq_turn import FAQ_COMMAND
from bot.admin.faq.form import ANSWER_CHARACTERS, PARAPHRASE_LIMIT, write_form
from bot.admin.faq.publication import name_document
from bot.admin.faq.states import ADMIN_ACTS, list_acts
from bot.errors import UnknownCase
from bot.types import FaqDraft, FaqState
from knowledge.types import find_korean_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from adapters.bootstrap import App
    from adapters.console.people import ConsoleUser
    from bot.types import ConsoleNotice

ROUTES = web.RouteTableDef()

STATES: tuple[FaqState, ...] = ("submitted", "draft", "approved", "refused", "withdrawn")
OVERDUE = "overdue"  # a view: approved ones whose review is due
FORM_CHARACTERS = 2 * ANSWER_CHARACTERS + PARAPHRASE_LIMIT * QUESTION_CHARACTERS


@dataclass(frozen=True, slots=True)
class DraftFields:
    """What stands in the form of a draft: `review_by` as YYYY-MM-DD, `paraphrases` one a line."""

    question: str
    paraphrases: str
    topic: str
    countries: str
    review_by: str
    answer: str

    @classmethod
    def of(cls, draft: FaqDraft) -> DraftFields:
        """Those of a draft as it is."""
        return cls(
            draft.question, "\n".join(draft.paraphrases), draft.topic, ", ".join(draft.countries),
            draft.review_by.isoformat(), draft.answer,
        )  # fmt: skip

    @classmethod
    def sent(cls, form: Mapping[str, object]) -> DraftFields:
        """Those that somebody sent."""
        names = ("question", "paraphrases", "topic", "countries", "review_by", "answer")
        return cls(*(str(form.get(name, "")).replace("\r\n", "\n").strip() for name in names))

    def write(self, draft: FaqDraft) -> str:
        """The text that somebody would send back in the thread of the case."""
        others = tuple(" ".join(one.split()) for one in self.paraphrases.splitlines())
        text = write_form(replace(
            draft, question=" ".join(self.question.split()), paraphrases=others or ("",),
            topic=self.topic, countries=(" ".join(self.countries.split()),), answer=self.answer,
        ))  # fmt: skip
        stated = f"{draft.review_by:%Y-%m-%d}"
        return text.replace(
            f"\n검토일: {stated}\n", f"\n검토일: {' '.join(self.review_by.split())}\n", 1
        )


@ROUTES.get("/faq")
async def list_drafts(request: web.Request) -> web.StreamResponse:
    """The drafts of one state."""
    person, app = request[PERSON], request.app[CONSOLE].app
    view = request.query.get("state", STATES[0])
    view = view if view in (*STATES, OVERDUE) else STATES[0]
    today = find_korean_day(app.now())
    drafts = await asyncio.to_thread(find_drafts, app, person)
    return render_page(
        "drafts.html", person.session.language, person, view=view, views=(*STATES, OVERDUE),
        counts={one: len(select_view(drafts, one, today)) for one in (*STATES, OVERDUE)},
        drafts=select_view(drafts, view, today), today=today, notices=await take_notices(request),
        owners=await asyncio.to_thread(list_names, app),
        missions={one.mission: name_mission(app.missions.get(one.mission), person.session.language)
                  for one in drafts}, topics=load_topics().labels,
    )  # fmt: skip


@ROUTES.get(r"/faq/{number:\d{1,9}}")
async def show_draft(request: web.Request) -> web.StreamResponse:
    """One draft."""
    draft = await find_draft(request)
    return await render_draft_page(request, draft, await take_notices(request))


@ROUTES.post(r"/faq/{number:\d{1,9}}")
async def act_on_draft(request: web.Request) -> web.StreamResponse:
    """Save a draft, or decide on it. 409 with what was typed where somebody else changed it after the
    page was shown. Raises HTTPBadRequest for an act that there is not, and
    HTTPRequestEntityTooLarge."""
    person, console = request[PERSON], request.app[CONSOLE]
    draft, form = await find_draft(request), await request.post()
    act, fields = str(form.get("act", "")), None
    if act not in ("edit", "submit", *ADMIN_ACTS):
        raise web.HTTPBadRequest(text=f"{act!r} is no act.")
    text: str = act
    if act == "edit":
        fields = DraftFields.sent(form)
        text = fields.write(draft)
    if len(text) > FORM_CHARACTERS:
        too_long = render_text(
            "case.too_long", person.session.language, most=f"{FORM_CHARACTERS:,}"
        )
        raise web.HTTPRequestEntityTooLarge(FORM_CHARACTERS, text=too_long)
    seen = str(form.get("seen", ""))
    notice = await console.sender.send(ConsoleAct(
        form_id(form.get("id")), person.account, person.name, draft.case, FAQ_COMMAND, text,
        read_number(seen, draft.version), language=person.session.language,
    ))  # fmt: skip
    if notice is None:
        return see_other(f"/faq/{draft.case}?sent=later")
    await take_notices(request)
    if notice.kind == "done":
        return see_other(f"/faq/{draft.case}?done={act}")
    return await render_draft_page(
        request, await find_draft(request), (notice,), fields,
        status=409 if notice.kind == "newer" else 422,
    )  # fmt: skip


async def find_draft(request: web.Request) -> FaqDraft:
    """The draft of a request, if its person may read its case. Raises HTTPNotFound, the same for one that
    there is not and for one they may not read."""
    person, app = request[PERSON], request.app[CONSOLE].app
    number = int(request.match_info["number"])
    drafts = await asyncio.to_thread(find_drafts, app, person, number)
    if not drafts:
        text = render_text("draft.unknown", person.session.language, number=number)
        raise web.HTTPNotFound(text=text)
    return drafts[0]


def find_drafts(app: App, person: ConsoleUser, number: int | None = None) -> list[FaqDraft]:
    """The drafts that a person may read (only that of case `number`, if it is given), those whose review
    is due first."""
    if number is None:
        known = app.store.faq.list_all()
    else:
        found = app.store.faq.find(number)
        known = [found] if found else []
    mine = [one for one in known if person.sees_mission(one.mission)]
    return sorted(
        (one for one in mine if may_read_case(app, person, one.case)),
        key=lambda one: (one.review_by, one.case),
    )


def may_read_case(app: App, person: ConsoleUser, number: int) -> bool:
    """Whether a person may read the case of a draft; nothing is made of a sealed one."""
    try:
        case = app.store.get_case(number)
    except UnknownCase:
        return False
    return not case.sealed and person.may_read(case)


def select_view(drafts: Sequence[FaqDraft], view: str, today: date) -> list[FaqDraft]:
    """The drafts of one state, or the approved ones whose review is due."""
    if view == OVERDUE:
        return [one for one in drafts if is_review_due(one, today)]
    return [one for one in drafts if one.state == view]


def is_review_due(draft: FaqDraft, today: date) -> bool:
    """Whether an approved draft should have been looked at again by now."""
    return draft.state == "approved" and draft.review_by < today


async def render_draft_page(
    request: web.Request, draft: FaqDraft, notices: Sequence[ConsoleNotice],
    fields: DraftFields | None = None, status: int = 200,
) -> web.Response:  # fmt: skip
    """The page; `fields` are those that were sent and not taken."""
    person, app = request[PERSON], request.app[CONSOLE].app
    language = person.session.language
    done = request.query.get("done", "")
    view = await asyncio.to_thread(collect_draft, app, person, draft)
    return render_page(
        "draft.html", language, person, status=status, notices=notices, draft=draft,
        fields=fields or DraftFields.of(draft), form_id=uuid.uuid4().hex,
        done=done if done in ("edit", "submit", *ADMIN_ACTS) else "",
        is_late=request.query.get("sent") == "later",
        topics={id: labels[language] for id, labels in load_topics().labels.items()},
        mission=name_mission(app.missions.get(draft.mission), language),
        most_question=QUESTION_CHARACTERS, most_answer=ANSWER_CHARACTERS, **view,
    )  # fmt: skip


def collect_draft(app: App, person: ConsoleUser, draft: FaqDraft) -> dict[str, Any]:
    """What may be done with a draft, and what answers its question already."""
    acts = [one for one in list_acts(draft) if person.is_admin or one not in ADMIN_ACTS]
    services = app.assistant.build_services()
    others = app.store.faq.list_all("draft", "submitted", "approved")
    readable = [one for one in others if person.sees_mission(one.mission)]
    return {
        "acts": [one for one in acts if one != "edit"], "may_edit": "edit" in acts,
        "waits_for_admin": draft.state == "submitted" and not person.is_admin,
        "duplicates": find_duplicates(draft, services.ask, readable, services.now),
        "is_due": is_review_due(draft, find_korean_day(app.now())),
        "document": name_document(draft.case),
        "owner": list_names(app).get(draft.owner, draft.owner),
    }  # fmt: skip
