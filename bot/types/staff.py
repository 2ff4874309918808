"""The rooms of the bodies, and the people who work in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# The seats of a body, as the sources name its members. Phrases staff.role_… say what each is called.
SEAT_ROLES = (
    "diplomat", "agency", "lawyer", "accountant", "customs", "ip", "local_government", "startup",
    "chamber", "partner", "expert",
)  # fmt: skip
ACCOUNT_CHARACTERS = 80  # of "channel:user" in the columns; PostgreSQL refuses a longer one


@dataclass(frozen=True, slots=True)
class Binding:
    """The room of a body's staff: a Slack channel, a Telegram forum group or a terminal."""

    mission: str
    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person whom a body's lead or an admin admitted to the staff of `mission`. `role` is shown to
    founders: one of SEAT_ROLES, or "staff". `admitted_by` is "channel:user" or names
    what did it. An admin let a member with `reads_sealed` do so; leads may always."""

    mission: str
    channel: str
    user: str
    name: str
    role: str
    admitted_by: str
    admitted_at: datetime
    is_lead: bool = False
    reads_sealed: bool = False
    removed_at: datetime | None = None

    @property
    def account(self) -> str:
        """Their account, "channel:user"."""
        return f"{self.channel}:{self.user}"


@dataclass(frozen=True, slots=True)
class UnadmittedWriter:
    """Somebody who wrote in a staff thread without being staff, and was told so there."""

    thread: str
    channel: str
    chat: str
    user: str
    name: str
    told_at: datetime
