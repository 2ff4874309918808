"""A meeting as a file for calendars: iCalendar (RFC 5545) by the rules of invitations (RFC 5546)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.admin.desk.bodies import name_body
from bot.phrases import render_phrase
from bot.types import Meeting, Mission
from knowledge.types import Language

MIME = "text/calendar"
PRODUCT = "-//Naru//meetings//KO"
NO_MAIL = "naru.invalid"  # RFC 2606: no mail can go there, and a calendar wants an address


def build_invitation(
    meeting: Meeting, mission: Mission, now: datetime, language: Language, agenda_days: int
) -> bytes:
    """The file: METHOD:REQUEST, or CANCEL for a meeting that is withdrawn. A calendar that has the
    meeting changes it if SEQUENCE is higher than its own."""
    from icalendar import Calendar, Event, vCalAddress, vText

    body = name_body(mission, language)
    starts = meeting.starts_at.astimezone(mission.zone)
    event = Event.new(
        uid=meeting.uid, sequence=meeting.sequence, stamp=now, start=starts,
        end=starts + timedelta(minutes=meeting.minutes), location=meeting.place or None,
        summary=render_phrase("desk.invitation_title", language, body=body),
        description=render_phrase("desk.invitation_text", language, days=agenda_days),
    )  # fmt: skip
    event.add("status", "CANCELLED" if meeting.withdrawn_at else "CONFIRMED")
    for name in ("organizer", "attendee"):
        person = vCalAddress(f"mailto:{mission.id}@{NO_MAIL}")
        person.params["CN"] = vText(body)
        event.add(name, person)
    method = "CANCEL" if meeting.withdrawn_at else "REQUEST"
    calendar = Calendar.new(prodid=PRODUCT, method=method, subcomponents=[event])
    year = starts.year
    calendar.add_missing_timezones(date(year - 1, 1, 1), date(year + 2, 1, 1))
    data: bytes = calendar.to_ical()
    return data


def name_invitation(meeting: Meeting, mission: Mission) -> str:
    """The file's name."""
    local = meeting.starts_at.astimezone(mission.zone)
    return f"meeting-{mission.id}-{local:%Y-%m-%d}.ics"
