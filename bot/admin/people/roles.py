"""How a member and their role are told to staff."""

from __future__ import annotations

from bot.cases.rooms import STAFF_LANGUAGE
from bot.phrases import render_phrase
from bot.phrases.directions import isolate_lines
from bot.types import StaffMember
from knowledge.types import Language


def name_member(member: StaffMember) -> str:
    """A member's name, and the account where the name is not the account."""
    if member.name in ("", member.user):
        return member.account
    return f"{isolate_lines(member.name)} · {member.account}"


def render_role(member: StaffMember, language: Language = STAFF_LANGUAGE) -> str:
    """A member's role, with whether they lead or were let read sealed cases."""
    keys = [
        f"role_{member.role}",
        *["lead"] * member.is_lead,
        *["reads_sealed"] * member.reads_sealed,
    ]
    return " · ".join(render_phrase(f"staff.{key}", language) for key in keys)
