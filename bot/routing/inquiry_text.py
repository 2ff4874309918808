"""What is said to a question about missions and their bodies: from the routing table, with sources.

Nothing is said that missions.yaml and mission_facts.yaml do not hold: hours that no source states
are said to be assumed, a body is confirmed, probable, announced or unconfirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.missions.emergency import render_emergency_phones
from bot.missions.facts import MISSIONS_READ_ON, PublicSource, find_mission_facts
from bot.missions.inquiry import Asked
from bot.missions.missions import Missions, mission_name
from bot.missions.office_hours import (
    ASSUMED_SLOTS,
    build_working_hours,
    find_next_opening,
    format_local_time,
    format_slots,
    is_mission_open,
)
from bot.phrases import render_phrase
from bot.places.cities import distance_km
from bot.routing.route import CASE_TAKING_STATUSES, find_route
from bot.routing.route_text import render_competence, render_reason
from bot.types import DOMESTIC, Mission, Place, Route
from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class MissionReply:
    """What is told of missions: its text, its sources in the order of their marks, and the mission
    that it is about."""

    text: str
    sources: tuple[PublicSource, ...]
    mission: Mission


def render_mission_reply(
    asked: Asked, place: Place, missions: Missions, now: datetime, language: Language
) -> MissionReply:
    """The reply to what is `asked` of the missions for `place`."""
    return _ReplyWriter(place, missions, now, language).write(asked)


class _ReplyWriter:
    """Collects the lines of one reply and their sources."""

    def __init__(self, place: Place, missions: Missions, now: datetime, language: Language) -> None:
        self._missions, self._now, self._language = missions, now, language
        self._place = place
        self._route: Route = find_route(place, missions, now)
        self._competent = missions.get(self._route.competent)
        self._taking = missions.get(self._route.mission)
        self._lines: list[str] = []
        self._sources: list[PublicSource] = []

    def write(self, asked: Asked) -> MissionReply:
        if self._competent.id == DOMESTIC or asked in ("covers", "nearest"):
            self._say_who_covers(with_taker=asked != "nearest")
        if asked == "nearest":
            self._say_nearest()
        elif asked == "flow":
            self._say("flow")
        elif self._competent.id != DOMESTIC:
            if asked == "body":
                self._say_body()
            elif asked == "members":
                self._say_members()
            elif asked == "hours":
                self._say_hours()
            elif asked == "contact":
                self._say_contact()
        return MissionReply("\n".join(self._lines), tuple(self._sources), self._competent)

    def _say(self, key: str, source: PublicSource | None = None, **values: object) -> None:
        self._add(render_phrase(f"mission_answer.{key}", self._language, **values), source)

    def _add(self, sentence: str, source: PublicSource | None = None) -> None:
        if source is not None:
            if source not in self._sources:
                self._sources.append(source)
            sentence += f" [{self._sources.index(source) + 1}]"
        self._lines.append(sentence)

    def _name(self, mission: Mission) -> str:
        return mission_name(mission, self._language)

    def _own_list(self) -> PublicSource:
        return PublicSource(
            render_phrase("mission_answer.own_list", self._language), MISSIONS_READ_ON
        )

    def _say_who_covers(self, *, with_taker: bool) -> None:
        """Whose area the place is and, `with_taker`, who takes its cases."""
        known = find_mission_facts(self._competent.id).area_source
        in_sources = self._route.basis in ("area", "area_2019", "line")
        source = known if known and in_sources else self._own_list()
        sentence = (
            render_reason(self._route, self._missions, self._language)
            if with_taker
            else render_competence(self._place, self._competent, self._route.basis, self._language)
        )
        self._add(sentence, source)
        if self._route.basis == "unlisted":
            if near := self._find_nearest(list(self._missions)):
                self._say("nearest_mission", near=self._name(near[1]), km=_round_km(near[0]))
            self._say("may_exist")

    def _say_body(self) -> None:
        """How sure it is that the mission has a body, and who takes cases if it takes none."""
        facts = find_mission_facts(self._competent.id)
        status = self._competent.body
        source = facts.body_source or self._own_list()
        self._say(f"body_{status}", source, mission=self._name(self._competent))
        if status in CASE_TAKING_STATUSES:
            return
        if self._taking.id == DOMESTIC:
            self._say("desk_instead")
        else:
            self._say("other_body", taking=self._name(self._taking))
            self._say_status_of(self._taking)

    def _say_status_of(self, mission: Mission) -> None:
        source = find_mission_facts(mission.id).body_source or self._own_list()
        self._say(f"body_{mission.body}", source, mission=self._name(mission))

    def _say_nearest(self) -> None:
        if self._route.via == "consular_area":
            self._say("nearest_own")
            self._say_status_of(self._competent)
        elif self._route.via == "same_country":
            self._say("other_body", taking=self._name(self._taking))
            self._say_status_of(self._taking)
        else:
            bodies = [one for one in self._missions if one.body == "confirmed"]
            near = self._find_nearest(bodies)
            if near:
                source = find_mission_facts(near[1].id).body_source
                self._say("nearest_abroad", source, body=self._name(near[1]), km=_round_km(near[0]))
            if self._competent.id != DOMESTIC:  # else it is said already
                self._say("desk_instead")

    def _find_nearest(self, missions: list[Mission]) -> tuple[float, Mission] | None:
        """The mission nearest to the place, with its distance in km; None for a place of which only
        the country is known and that has no mission to measure from."""
        lat, lon = self._place.lat, self._place.lon
        if lat is None or lon is None:
            if self._competent.id == DOMESTIC:
                return None
            lat, lon = self._competent.lat, self._competent.lon
        return min(
            ((distance_km((lat, lon), (one.lat, one.lon)), one) for one in missions),
            key=lambda item: item[0],
            default=None,
        )

    def _say_members(self) -> None:
        """Who sits on the body that takes the place's cases; it is named why if that is another's."""
        name = self._name(self._taking)
        if self._taking.id == DOMESTIC:
            self._say_body()
            return
        if self._route.via == "same_country":
            self._say("instead", self._own_list(), mission=self._name(self._competent), taking=name)
        if self._taking.body != "confirmed":
            self._say_status_of(self._taking)
        members = find_mission_facts(self._taking.id).members
        if members:
            text = members.text[self._language]
            self._say("members", members.source, mission=name, members=text)
        else:
            self._say("members_unknown", self._own_list(), mission=name)

    def _say_hours(self) -> None:
        mission, name = self._competent, self._name(self._competent)
        contact = find_mission_facts(mission.id).contact
        if contact and contact.hours:
            self._say("hours_known", contact.source, mission=name, hours=contact.hours[self._language],
                      zone=mission.timezone)  # fmt: skip
            return
        working = build_working_hours(mission)
        is_set = mission.hours is not None
        local_day = mission.find_day(self._now)
        slots = () if working.is_holiday(local_day) else working.slots.get(local_day.weekday(), ())
        today = format_slots(slots) or render_phrase(
            "mission_answer.hours_set_closed", self._language
        )
        self._say(
            "hours_set" if is_set else "hours_assumed", None if is_set else self._own_list(),
            mission=name,
            zone=mission.timezone, hours=today if is_set else format_slots(ASSUMED_SLOTS),
        )  # fmt: skip
        local = format_local_time(self._now, mission, self._language)
        if is_mission_open(mission, self._now):
            self._say("hours_set_now" if is_set else "open_now", now=local)
        else:
            opening = find_next_opening(mission, self._now)
            shown = format_local_time(opening, mission, self._language)
            self._say("hours_set_next" if is_set else "closed_now", now=local, next=shown)

    def _say_contact(self) -> None:
        mission, name = self._competent, self._name(self._competent)
        contact = find_mission_facts(mission.id).contact
        if contact and contact.phone:
            key = "phone" if contact.official else "phone_unofficial"
            date = contact.source.date
            self._say(key, contact.source, mission=name, phone=contact.phone, date=date)
        else:
            self._say("phone_unknown", self._own_list(), mission=name)
        if contact and contact.url:
            self._say("website", contact.source, url=contact.url)
        self._add(render_emergency_phones(mission, self._language))
        self._say("pass_on")


def _round_km(distance: float) -> str:
    """A distance to the nearest 10 km: the points are those of cities."""
    return f"{round(distance, -1):,.0f}"
