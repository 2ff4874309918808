"""A row of the table of doors in words: for a founder in two messages, for staff in one."""

from __future__ import annotations

from bot.cases.rooms import STAFF_LANGUAGE
from bot.founder.answer_text import render_day
from bot.founder.doors.situation import WHO, Situation
from bot.founder.doors.table import Door, Row, load_doors
from bot.messages import Content
from bot.phrases import render_phrase
from bot.routing.route_text import translate_country
from knowledge.types import Language


def find_row(situation: Situation) -> Row:
    """The row of the table for a situation."""
    return load_doors().find_row(situation.what, situation.who)


def list_doors(situation: Situation) -> tuple[Door, ...]:
    """The doors for a situation, in the order in which to go to them."""
    table, is_now = load_doors(), situation.when == "now"
    order = find_row(situation).list_doors(situation.where, is_now=is_now)
    return tuple(table.doors[id] for id in order)


def render_for_founder(
    situation: Situation, mission: str, language: Language
) -> tuple[Content, Content]:
    """Where to go, and what to bring: two messages of at most 500 characters above their sources.
    `mission` is the name of the competent mission, "" if the place is not known."""
    return (
        _render_order(situation, mission, language),
        _render_evidence(situation, language),
    )


def _render_order(situation: Situation, mission: str, language: Language) -> Content:
    head = render_phrase("doors.head", language)
    doors = list_doors(situation)
    lines = [
        render_phrase(
            "doors.line",
            language,
            number=number,
            name=mission if door.id == "mission" and mission else door.name[language],
            contact=_render_contact(door, situation, language),
            does=door.does[language],
        )
        for number, door in enumerate(doors, 1)
    ]
    key = "several_reported" if situation.reported else "several"
    text = "\n".join([head, *lines, render_phrase(f"doors.{key}", language)])
    return Content(text, _render_door_sources(doors, language), headings=(head,))


def _render_contact(door: Door, situation: Situation, language: Language) -> str:
    """The phone and the site of a door as they work where the founder is, after a space."""
    site = door.site.removeprefix("https://").rstrip("/")
    if door.agency and not (door.phone or door.site):
        centre = load_doors().doors["tech_centre"]
        phone = centre.phone if situation.where == "korea" else centre.from_abroad
        return f" ({render_phrase('doors.no_contact', language, phone=phone)})"
    phones = [door.from_abroad] if situation.where not in ("korea", "unknown") else [door.phone]
    if situation.where == "unknown" and door.phone:
        phones = [door.from_abroad or render_phrase("doors.in_korea", language, phone=door.phone)]
    shown = " · ".join(filter(None, (*phones, site)))
    return f" {shown}" if shown else ""


def _render_evidence(situation: Situation, language: Language) -> Content:
    row, table = find_row(situation), load_doors()
    bring, limit, announced = (
        f"{render_phrase(f'doors.{key}', language)}:"
        for key in ("evidence_head", "deadline_head", "announced_head")
    )
    lines = [bring, *(f"- {table.evidence[key][language]}" for key in row.evidence)]
    lines.append(f"{limit} {_render_deadline(situation, row, language)}")
    if row.announced:
        named = "; ".join(
            f"{one.name[language]} ({one.date})"
            for one in (table.announced[key] for key in row.announced)
        )
        lines.append(f"{announced} {named}")
    lines.append(render_phrase("doors.keep_secret", language))
    sources = [(row.source, row.source_date)]
    if row.deadline_source and row.find_deadline(situation.country):
        sources.append(row.deadline_source)
    sources += [(table.announced[key].source, table.announced[key].date) for key in row.announced]
    details = "\n".join(
        f"[{number}] {url} · {render_day(date, language)}"
        for number, (url, date) in enumerate(dict.fromkeys(sources), 1)
    )
    return Content("\n".join(lines), details, headings=(bring, limit, announced))


def _render_deadline(situation: Situation, row: Row, language: Language) -> str:
    if known := row.find_deadline(situation.country):
        return known[language]
    key = "no_deadline_old" if situation.when == "old" else "no_deadline"
    return render_phrase(f"doors.{key}", language)


def _render_door_sources(doors: tuple[Door, ...], language: Language) -> str:
    """A line for each door: its source with the date, and the date of its contact."""
    return "\n".join(
        f"[{number}] {door.source} · {render_day(door.source_date, language)}"
        + (f" ({door.phone or door.site}: {door.as_of})" if door.as_of else "")
        for number, door in enumerate(doors, 1)
    )


def render_row_mark(row: Row) -> str:
    """The first line of the row as staff read it, by which a record shows that it has it."""
    return render_phrase("doors.staff_head", STAFF_LANGUAGE, title=row.title[STAFF_LANGUAGE])


def render_for_staff(situation: Situation) -> str:
    """The row of a situation for the record of its case: how it was read, the doors with their
    agencies, the evidence, the deadline, and that this case coordinates."""
    language, row = STAFF_LANGUAGE, find_row(situation)
    place = render_phrase(f"doors.where_{situation.where}", language)
    if situation.country and situation.where != "korea":
        place = f"{place}, {translate_country(situation.country, language)}"
    reported = "was_reported" if situation.reported else "was_not_reported"
    read = render_phrase(
        "doors.staff_read",
        language,
        who=render_phrase(f"doors.who_{situation.who}", language),
        where=place,
        when=render_phrase(f"doors.when_{situation.when}", language),
        reported=render_phrase(f"doors.{reported}", language),
    )
    order, evidence = render_for_founder(situation, "", language)
    rest = evidence.text.rpartition("\n")[0]  # staff need not be asked to keep the secret out
    lines = order.text.split("\n")[:-1]
    return "\n".join(
        [
            render_row_mark(row),
            read,
            *lines,
            rest,
            render_phrase("doors.staff_coordinates", language),
            order.details,
            evidence.details,
        ]
    )


def list_who_choices(language: Language) -> list[tuple[str, str]]:
    """(who, label) of the buttons that ask who took it."""
    return [(who, render_phrase(f"doors.who_{who}", language)) for who in WHO]
