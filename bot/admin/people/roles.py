"""How the role of a member is told to staff."""

from __future__ import annotations

from bot.cases.rooms import STAFF_LANGUAGE
from bot.phrases import render_phrase
from bot.types import StaffMember
from knowledge.types import Language


def render_role(member: StaffMember, language: Language = STAFF_LANGUAGE) -> str:
    """A member's role, with whether they lead or were let read sealed cases."""
    keys = [
        f"role_{member.role}",
        *["lead"] * member.is_lead,
        *["reads_sealed"] * member.reads_sealed,
    ]
    return " · ".join(render_phrase(f"staff.{key}", language) for key in keys)
