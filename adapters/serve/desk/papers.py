"""Agendas and digests of a running Naru: what they are made of is read here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from adapters.serve.desk.pdf import convert_to_pdf
from adapters.serve.desk.templates import render_html, render_markdown
from bot.admin.desk.agenda import Agenda, build_agenda, find_period_start
from bot.admin.desk.digest import Digest, build_digest, load_digest
from bot.admin.desk.insight.selection import select_answers, select_insights
from bot.admin.desk.quarters import Quarter
from bot.admin.desk.topics import TopicFinder
from bot.cases.reminders.timers import find_case_due

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.bootstrap import App
    from bot.admin.desk.papers import DeskPaper
    from bot.types import Case

PaperFormat = Literal["md", "html", "pdf"]
FORMATS: tuple[PaperFormat, ...] = ("md", "html", "pdf")
MIME_TYPES: dict[PaperFormat, str] = {
    "md": "text/markdown", "html": "text/html", "pdf": "application/pdf",
}  # fmt: skip


def collect_agenda(app: App, mission: str) -> Agenda:
    """The agenda of a body as of now. Raises UnknownMission."""
    missions, now, meetings = app.build_services().missions, app.now(), app.store.meetings
    found = missions.get(mission)

    def find_due(case: Case) -> datetime | None:
        return find_case_due(case, app.store.list_log(case.number), missions)

    last = meetings.find_last(found.id, now)
    since = find_period_start(last, now)
    agenda = build_agenda(
        found, meetings.find_next(found.id, now), last,
        app.store.list_cases(mission=found.id),
        meetings.list_resolutions(found.id, settled_since=since),
        select_insights(app.store.insights.list_insights(), found, since), now,
        TopicFinder(app.glossary).find, find_due,
        select_answers(app.store.insights.list_answers(), found, since),
    )  # fmt: skip
    due = app.store.faq.list_expired(found.find_day(now))
    return replace(agenda, reviews=tuple(one for one in due if one.mission == found.id))


def fetch_digest(app: App, quarter: Quarter) -> Digest:
    """The digest of a quarter that has ended: the one that is kept, else made now and kept."""
    kept = app.store.digests.find(quarter.name)
    if kept is None:
        digest = build_digest(
            quarter, app.store.list_cases(), app.missions, TopicFinder(app.glossary).find,
            lambda case: find_firm(app, case), app.store.founders.list_scores(),
        )  # fmt: skip
        kept = app.store.digests.keep(quarter.name, digest.to_json(), app.now())
    return load_digest(kept)


def find_kept_digest(app: App, quarter: Quarter) -> Digest | None:
    """The digest of a quarter; None if none was made."""
    kept = app.store.digests.find(quarter.name)
    return load_digest(kept) if kept else None


def find_firm(app: App, case: Case) -> str | None:
    """What stands for the firm of a case: all accounts that its founder linked are one; None for one
    who was erased."""
    talk = app.store.find_conversation(case.conversation)
    return app.store.founders.find_firm(talk.account) if talk else None


def render_paper(paper: DeskPaper, form: PaperFormat) -> bytes:
    """A paper as the bytes of its file. Raises PdfFailed."""
    if form == "md":
        return render_markdown(paper).encode()
    html = render_html(paper)
    return convert_to_pdf(html) if form == "pdf" else html.encode()
