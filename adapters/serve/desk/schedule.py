"""Papers that are due: a body's agenda some days before its meeting, the desk's digest on the third
working day of a quarter. Each is owed once, however many processes look."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from adapters.errors import PdfFailed
from adapters.serve.desk.faq_reviews import remind_of_reviews
from adapters.serve.desk.papers import (
    MIME_TYPES,
    PaperFormat,
    collect_agenda,
    fetch_digest,
    find_kept_digest,
    render_paper,
)
from bot.admin.desk import notices
from bot.admin.desk.papers.agenda_paper import build_agenda_paper
from bot.admin.desk.papers.digest_paper import build_digest_paper
from bot.admin.desk.quarters import find_agenda_day, find_digest_day, find_ended_quarter
from bot.cases.rooms import STAFF_LANGUAGE
from bot.errors import BotError
from bot.types import DOMESTIC

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from bot.admin.desk.papers import DeskPaper
    from bot.admin.desk.quarters import Quarter
    from bot.messages import Address, File
    from bot.types import Meeting

log = logging.getLogger(__name__)


def send_due_papers(app: App) -> list[str]:
    """Owe the papers and reminders that are due and were not sent yet; the names of those that this
    call owed. A body without a room gets none."""
    sent = []
    for meeting in app.store.meetings.list_ahead(app.now()):
        try:
            if send_agenda_if_due(app, meeting):
                sent.append(f"agenda {meeting.mission}")
        except BotError as error:  # of one body: the others get theirs
            log.error("the agenda of %s is not sent: %s", meeting.mission, error)
    if quarter := _send_digest_if_due(app):
        sent.append(f"digest {quarter}")
    return [*sent, *remind_of_reviews(app)]


def send_agenda_if_due(app: App, meeting: Meeting) -> bool:
    """Whether the agenda of a meeting was due, and this call owed it."""
    mission = app.build_services().missions.get(meeting.mission)  # with the hours it has set
    room = notices.find_own_room(mission.id, app.store.list_bindings())
    due = find_agenda_day(meeting, mission, app.settings.agenda_days)
    if room is None or meeting.agenda_sent_at or app.now() < due:
        return False
    return send_agenda(app, meeting, room)


def send_agenda(app: App, meeting: Meeting, room: Address) -> bool:
    """Owe the agenda of a meeting to its body's room, once for a meeting; whether this call did it."""
    mission = app.missions.get(meeting.mission)
    paper = _store_paper(app, build_agenda_paper(collect_agenda(app, mission.id), STAFF_LANGUAGE))
    message = notices.send_agenda(meeting, mission, room, paper)
    return app.store.meetings.send_agenda(meeting, [message], app.now())


def _send_digest_if_due(app: App) -> str:
    """The quarter whose digest was due and this call owed, else ""."""
    quarter, now = find_ended_quarter(app.now()), app.now()
    room = notices.find_own_room(DOMESTIC, app.store.list_bindings())
    desk = app.build_services().missions.get(DOMESTIC)
    if room is None or app.store.digests.is_sent(quarter.name):
        return ""
    if now < find_digest_day(quarter, desk):
        return ""
    return quarter.name if send_digest(app, quarter, room) else ""


def send_digest(app: App, quarter: Quarter, room: Address) -> bool:
    """Owe the digest of a quarter that has ended to the desk's room, once; whether this call did it."""
    digest, before = fetch_digest(app, quarter), find_kept_digest(app, quarter.before)
    paper = _store_paper(app, build_digest_paper(digest, before, STAFF_LANGUAGE))
    message = notices.send_digest(quarter.name, room, paper)
    return app.store.digests.send(quarter.name, [message], app.now())


def _store_paper(app: App, paper: DeskPaper) -> File:
    """The paper as a file to send: PDF, or HTML where none can be made."""
    form: PaperFormat = "pdf"
    try:
        data = render_paper(paper, form)
    except PdfFailed as error:
        log.warning("%s is sent as HTML: %s", paper.name, error)
        form = "html"
        data = render_paper(paper, form)
    return app.store.desk_files.add(f"{paper.name}.{form}", MIME_TYPES[form], data, app.now())
