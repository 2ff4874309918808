"""How the role of a member is told to staff."""

from __future__ import annotations

from bot.cases.rooms import STAFF_LANGUAGE
from bot.phrases import render_phrase
from bot.types import StaffMember


def render_role(member: StaffMember) -> str:
    """A member's role in Korean, with whether they lead or were let read sealed cases."""
    keys = [
        f"role_{member.role}",
        *["lead"] * member.is_lead,
        *["reads_sealed"] * member.reads_sealed,
    ]
    return " · ".join(render_phrase(f"staff.{key}", STAFF_LANGUAGE) for key in keys)
