"""What people are told about messages that wait or are given up. Pure: nothing is sent here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.cases.card import thread_address
from bot.cases.rooms import STAFF_LANGUAGE, build_desk_notice, find_staff_room
from bot.cases.states import is_open
from bot.messages import Content, Outgoing
from bot.missions.missions import Missions, mission_name
from bot.phrases import render_phrase
from bot.store import OutboxRow
from bot.store.holds import Hold
from bot.types import DOMESTIC, Binding, Case, Conversation, StaffThread

NOTICE_KEY_PREFIX = "held:"  # of messages that tell of a refusal


def build_lost_notices(
    owed: OutboxRow, error: Exception, bindings: Sequence[Binding], case: Case | None,
    founder: Conversation | None,
) -> list[tuple[str, Outgoing]]:  # fmt: skip
    """What is said of a message that is given up, each with its key: to the desk, unless its own
    room is what refused, and to the founder whose words it held."""
    key, values = "not_delivered_plain", {"lane": owed.address.lane, "error": str(error)}
    if owed.case is not None:
        key, values = "not_delivered", {"number": str(owed.case), "error": str(error)}
    notices = [
        (f"{owed.key}:refused:{number}", outgoing)
        for number, outgoing in enumerate(build_desk_notice(bindings, key, **values), 1)
        if outgoing.to.lane != owed.address.lane
    ]
    if case and founder and holds_founders_words(owed):
        who = _render_who_knows(founder, bool(notices))
        text = render_phrase("founder.not_delivered", founder.language, number=case.number, who=who)
        notices.append(
            (f"{owed.key}:lost", Outgoing(founder.address, Content(text), case=case.number))
        )
    return notices


def holds_founders_words(row: OutboxRow) -> bool:
    """Whether a message brings a founder's matter to staff, so that its founder is told of it."""
    own = row.key.startswith(NOTICE_KEY_PREFIX)
    return (
        row.address.staff_thread is not None and row.case is not None and not (own or row.is_edit)
    )


def build_room_notices(
    hold: Hold, waiting: int, bindings: Sequence[Binding], missions: Missions,
    admins: Iterable[Conversation],
) -> list[tuple[str, Outgoing]]:  # fmt: skip
    """What the desk is told of a room that refuses, with its key; the admins instead, where the
    room is the desk's own or there is no desk. `waiting` messages wait for it."""
    values = {"rooms": name_room(hold, bindings, missions, STAFF_LANGUAGE), "reason": hold.reason,
              "waiting": waiting}  # fmt: skip
    key = f"{NOTICE_KEY_PREFIX}{hold.channel}:{hold.chat}:{hold.since.isoformat()}"
    if is_desk_reachable(hold, bindings):
        (notice,) = build_desk_notice(bindings, "room_refused", **values)
        return [(f"{key}:desk", notice)]
    return [
        (f"{key}:{admin.key}",
         Outgoing(admin.address, Content(render_phrase("staff.room_refused", admin.language, **values))))
        for admin in admins
    ]  # fmt: skip


def build_founder_notice(
    row: OutboxRow, hold: Hold, case: Case, founder: Conversation, bindings: Sequence[Binding],
    missions: Missions,
) -> tuple[str, Outgoing] | None:  # fmt: skip
    """What a founder is told of words that wait for a room, with its key: that no one there can read
    them now, who has been told, and that they are kept. None for a case that has ended."""
    if not is_open(case):
        return None
    language = founder.language
    text = render_phrase(
        "founder.room_unreachable",
        language,
        number=case.number,
        mission=mission_name(missions.get(case.mission), language),
        who=_render_who_knows(founder, is_desk_reachable(hold, bindings)),
    )
    if case.urgency == "critical":
        text = f"{text}\n{render_phrase('founder.emergency_phones', language)}"
    event = row.key.rpartition(":")[0]  # one message of the founder's may be several rows
    content = Content(text, protect=case.sealed)
    return f"{event}:kept", Outgoing(founder.address, content, case=case.number)


def build_thread_notice(
    hold: Hold, case: Case, thread: StaffThread, phrase: str
) -> tuple[str, Outgoing]:
    """The phrase `staff.PHRASE` to a case's thread, once for each refusal of its founder, with its
    key."""
    text = render_phrase(f"staff.{phrase}", STAFF_LANGUAGE, reason=hold.reason)
    key = f"{NOTICE_KEY_PREFIX}{thread.id}:{hold.since.isoformat()}:{phrase}"
    return key, Outgoing(thread_address(thread), Content(text), case=case.number)


def build_room_back_notice(
    hold: Hold, bindings: Sequence[Binding], missions: Missions
) -> list[tuple[str, Outgoing]]:
    """What the desk is told of a room that takes messages again, with its key; [] without a desk."""
    if not is_desk_reachable(hold, bindings):
        return []
    rooms = name_room(hold, bindings, missions, STAFF_LANGUAGE)
    (notice,) = build_desk_notice(bindings, "room_back", rooms=rooms)
    return [
        (f"{NOTICE_KEY_PREFIX}{hold.channel}:{hold.chat}:{hold.since.isoformat()}:back", notice)
    ]


def is_desk_reachable(hold: Hold, bindings: Sequence[Binding]) -> bool:
    """Whether there is a domestic desk, in another room than the one that refuses."""
    desk = find_staff_room(DOMESTIC, bindings)
    return desk is not None and (desk.channel, desk.chat) != (hold.channel, hold.chat)


def name_room(hold: Hold, bindings: Iterable[Binding], missions: Missions, language: str) -> str:
    """The missions whose room a hold is about, by name; its messenger if it is bound to none."""
    names = [
        mission_name(missions.get(one.mission), language)  # type: ignore[arg-type]
        for one in bindings
        if (one.channel, one.chat) == (hold.channel, hold.chat)
    ]
    return ", ".join(names) or hold.channel


def _render_who_knows(founder: Conversation, is_desk_told: bool) -> str:
    phrase = "desk_was_told" if is_desk_told else "operator_was_told"
    return render_phrase(f"founder.{phrase}", founder.language)
