"""The keys of the buttons in staff rooms: linked cases, insights, FAQs, seats and who is staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.buttons.keys import is_number
from bot.types.faq import FaqAct

InsightAct = Literal["ask", "draft"]
FAQ_ACTS: tuple[FaqAct, ...] = ("submit", "approve", "refuse", "withdraw")


@dataclass(frozen=True, slots=True)
class FaqPress:
    """A pressed button about the draft of case number `case`; `act` is "make" for the one that shows
    it, and makes it first where there is none."""

    act: FaqAct | Literal["make"]
    case: int


@dataclass(frozen=True, slots=True)
class StaffingPress:
    """A pressed button about who is staff: admit the account `user`, or give it the `role`."""

    user: str
    role: str = ""


def write_forward_key(number: int, line: int) -> str:
    """The key that sends line `line` (from 0) of linked case `number` on to the founder."""
    return f"forward:{number}:{line}"


def parse_forward_key(key: str) -> tuple[int, int] | None:
    """The linked case and the line that a key sends on; None for any other key."""
    match key.split(":"):
        case ["forward", number, line] if is_number(number) and is_number(line):
            return int(number), int(line)
    return None


def write_insight_key(act: InsightAct, number: int) -> str:
    """The key of what the desk can do with insight `number`."""
    return f"insight:{act}:{number}"


def parse_insight_key(key: str) -> tuple[str, int] | None:
    """The act and the number of an insight's key; None for any other key."""
    match key.split(":"):
        case ["insight", act, number] if is_number(number):
            return act, int(number)
    return None


def write_faq_key(act: FaqAct, case: int) -> str:
    """The key that does `act` with the draft of a case."""
    return f"faq:{act}:{case}"


def parse_faq_key(key: str) -> FaqPress | None:
    """What was pressed about a draft; None for any other key."""
    match key.split(":"):
        case ["faq", case] if is_number(case):
            return FaqPress("make", int(case))
        case ["faq", act, case] if is_number(case):
            known = next((one for one in FAQ_ACTS if one == act), None)
            return FaqPress(known, int(case)) if known else None
    return None


def write_hand_key(number: int, account: str) -> str:
    """The key that hands case `number` to the seat of `account`, "channel:user"."""
    return f"hand:{number}:{account}"


def parse_hand_account(key: str) -> str:
    """The account that a pressed "hand" names; "" for any other key."""
    word, _, rest = key.partition(":")
    return rest.partition(":")[2] if word == "hand" else ""


def write_stand_in_key(account: str) -> str:
    """The key that hands all open cases of `account`, who is away, to who stands in."""
    return f"standin:{account}"


def parse_stand_in_key(key: str) -> str | None:
    """Whose cases go to who stands in; None for any other key."""
    word, _, account = key.partition(":")
    return account if word == "standin" and account else None


def write_admit_key(user: str) -> str:
    """The key that admits the account `user` to the staff of the room it is pressed in."""
    return f"admit:{user}"


def write_role_key(role: str, user: str) -> str:
    """The key that gives the account `user` a role there."""
    return f"seat:{role}:{user}"


def parse_staffing_key(key: str) -> StaffingPress | None:
    """What was pressed about who is staff; None for any other key."""
    match key.split(":"):
        case ["admit", user] if user:
            return StaffingPress(user)
        case ["seat", role, user] if role and user:
            return StaffingPress(user, role)
    return None
