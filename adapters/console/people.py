"""Who is signed in: the session of a request, and what its person may see, read again each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.admin.console.acts import list_members_for, may_act
from bot.admin.officers import may_read_sealed
from bot.types import DOMESTIC, Case, ConsoleSession, StaffMember

if TYPE_CHECKING:
    from adapters.bootstrap import App

CONFIRMED_FOR = timedelta(minutes=5)  # how long a sign-in is fresh enough for a sealed case


@dataclass(frozen=True, slots=True)
class ConsoleUser:
    """A signed-in member of the staff, or an admin. `form_token` is what their forms carry."""

    session: ConsoleSession
    name: str
    members: tuple[StaffMember, ...]
    is_admin: bool
    form_token: str

    @property
    def account(self) -> str:
        """Their account, "channel:user"."""
        return self.session.account

    @property
    def missions(self) -> tuple[str, ...]:
        """The ids of the missions whose staff they are."""
        return tuple(one.mission for one in self.members)

    @property
    def is_desk(self) -> bool:
        """Whether they belong to the domestic body."""
        return DOMESTIC in self.missions

    @property
    def leads(self) -> bool:
        """Whether they lead a body."""
        return any(one.is_lead for one in self.members)

    def sees_mission(self, mission: str) -> bool:
        """Whether they may see what concerns a mission."""
        return self.is_admin or self.is_desk or mission in self.missions

    def may_read(self, case: Case) -> bool:
        """Whether they may read a case and act on it."""
        members = list_members_for(list(self.members), case)
        return may_act(case, members, is_admin=self.is_admin)

    def may_know_of(self, case: Case) -> bool:
        """Whether they may see that a case is there: of a sealed one that, and nothing else."""
        own = [one for one in self.members if one.mission in (case.mission, DOMESTIC)]
        return self.may_read(case) or (case.sealed and bool(own))

    def is_officer_of(self, case: Case) -> bool:
        """Whether they may read the sealed cases of its mission."""
        return any(map(may_read_sealed, list_members_for(list(self.members), case)))

    def is_fresh(self, now: datetime) -> bool:
        """Whether they proved who they are short enough ago for a sealed case."""
        return abs(now - self.session.confirmed_at) <= CONFIRMED_FOR  # to come: by a wrong clock


def find_person(
    app: App, cookie: str, form_token: str, *, is_use: bool = True
) -> ConsoleUser | None:
    """Who a cookie belongs to; None if its session is over, or the account is neither staff nor an
    admin's any more. The session counts as used, unless a page asks by itself."""
    session = app.store.console.sessions.find(cookie, app.now(), is_use=is_use)
    if session is None:
        return None
    channel, _, user = session.account.partition(":")
    members = tuple(app.store.staff.list_memberships(channel, user))
    is_admin = session.account in app.settings.admin_ids
    if not (members or is_admin):
        return None
    name = next((one.name for one in members if one.name), user)
    return ConsoleUser(session, name, members, is_admin, form_token)


def list_names(app: App) -> dict[str, str]:
    """The names of staff by account, where they are known; also of those who are not staff any more."""
    return {one.account: one.name for one in app.store.staff.list_ever() if one.name}


def may_enter(app: App, account: str) -> bool:
    """Whether the console is for an account now: a member of staff's, or an admin's."""
    channel, _, user = account.partition(":")
    is_staff = bool(app.store.staff.list_memberships(channel, user))
    return is_staff or account in app.settings.admin_ids
