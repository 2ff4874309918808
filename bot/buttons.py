"""Every button key: written where a button is built, parsed where its press comes back.

A key is at most 64 bytes, which is what Telegram keeps of it. Buttons of old messages can be
pressed at any time, so the forms written here must stay readable:

    place:NAME                                                                   founder
    ok · ok:TOKEN · human · noplace · forget · lang:LANGUAGE · offer:TOKEN:NUMBER · none:TOKEN   founder
    continue-MATTER · fix:CORRECTION:CASE · taker:WHO                            founder
    claim:CASE · resolve:CASE · reassign:CASE · reopen:CASE
    wait:CASE · authority:CASE · resume:CASE · hand:CASE:CHANNEL:USER            staff
    admit:USER · seat:ROLE:USER · standin:CHANNEL:USER                           a body's lead
    library:apply:TOKEN:MARK · library:discard:TOKEN · library:keep
    library:rollback:EDITION:BASE                                                admin

A founder's button in a place with others ends in "@USER": it is that person's alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from knowledge.types import LANGUAGES, Language

CaseAction = Literal["claim", "resolve", "reassign", "reopen", "wait", "authority", "resume"]
Correction = Literal["place", "raise", "lower", "seal", "unseal"]  # what a founder corrects
CORRECTIONS: tuple[Correction, ...] = ("place", "raise", "lower", "seal", "unseal")

ALL_SET_KEY = "ok"
PERSON_KEY = "human"
SKIP_PLACE_KEY = "noplace"
ERASE_KEY = "forget"
KEEP_EDITION_KEY = "library:keep"
LIBRARY_KEY_PREFIX = "library:"
MATTER_KEY_PREFIX = "continue-"
MAX_KEY_DIGITS = 9  # of a number in a key; ours are shorter, a forged one may have any length


@dataclass(frozen=True, slots=True)
class FounderPress:
    """A founder's pressed button. `language` is of "lang", `token` of "offer" and "none" names what
    was offered, of "ok" the answer that was right ("" for one that teaches nothing), and `number`
    (from 0) the section; the `number` of "reopen" and of "fix" is a case's,
    the `token` of "continue" a matter's, of "taker" who took it; `place` is the name of "place", `correction` of "fix"."""

    act: Literal[
        "ok", "human", "noplace", "forget", "lang", "offer", "none", "reopen", "place", "continue",
        "fix", "taker",
    ]  # fmt: skip
    language: Language | None = None
    token: str = ""
    number: int = 0
    place: str = ""
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class LibraryPress:
    """An admin's pressed button: the upload's `token` and the `mark` of the plan shown, or the
    `edition` to go back to and the `base` that answered when it was offered."""

    act: Literal["apply", "discard", "rollback", "keep"]
    token: str = ""
    mark: str = ""
    edition: int = 0
    base: int = 0


def write_language_key(language: Language) -> str:
    """The key that sets a founder's language."""
    return f"lang:{language}"


def write_place_key(name: str) -> str:
    """The key that answers which place of a shared name is meant."""
    return f"place:{name}"


def write_all_set_key(token: str) -> str:
    """The key that says that the answer `token` was right; "" for any answer."""
    return f"{ALL_SET_KEY}:{token}" if token else ALL_SET_KEY


def write_offer_key(token: str, number: int) -> str:
    """The key of section `number` (from 0) of the offers `token`."""
    return f"offer:{token}:{number}"


def write_none_key(token: str) -> str:
    """The key that says that none of the offers `token` is what was asked."""
    return f"none:{token}"


def write_correction_key(correction: Correction, number: int) -> str:
    """The key with which a founder corrects case `number`."""
    return f"fix:{correction}:{number}"


def write_case_key(action: CaseAction, number: int) -> str:
    """The key of what can be done with case `number`; founders get only "reopen"."""
    return f"{action}:{number}"


def write_taker_key(who: str) -> str:
    """The key that answers who took it."""
    return f"taker:{who}"


def write_matter_key(conversation: str) -> str:
    """The key that takes the matter of a conversation among others into the private chat. It names
    the conversation by eight hex digits; only its own person's conversations are searched."""
    return f"{MATTER_KEY_PREFIX}{name_matter(conversation)}"


def name_matter(conversation: str) -> str:
    """Eight hex digits that name the matter of a conversation."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:8]


def write_owned_key(key: str, user: str) -> str:
    """`key` as the button of one person among others."""
    return f"{key}@{user}"


def split_owned_key(key: str) -> tuple[str, str]:
    """A pressed key without its owner, and the owner's user id; "" for a button that has no owner."""
    bare, _, owner = key.partition("@")
    return bare, owner


def write_apply_key(token: str, mark: str) -> str:
    """The key that applies the plan `mark` of the upload `token`."""
    return f"library:apply:{token}:{mark}"


def write_discard_key(token: str) -> str:
    """The key that discards the upload `token`."""
    return f"library:discard:{token}"


def write_rollback_key(edition: int, base: int) -> str:
    """The key that goes back to `edition` while `base` is the one that answers."""
    return f"library:rollback:{edition}:{base}"


def parse_founder_key(key: str) -> FounderPress | None:
    """What a founder pressed; None for a key that no founder's button has."""
    if key.startswith(MATTER_KEY_PREFIX):
        return FounderPress("continue", token=key.removeprefix(MATTER_KEY_PREFIX))
    word, _, value = key.partition(":")
    match word:
        case "ok":
            return FounderPress("ok", token=value)
        case "human" | "noplace" | "forget":
            return FounderPress(word)
        case "lang":
            language = next((known for known in LANGUAGES if known == value), None)
            return FounderPress("lang", language=language) if language else None
        case "offer":
            token, _, number = value.partition(":")
            return _press_numbered("offer", number, token)
        case "none" | "taker" if value:
            return FounderPress(word, token=value)
        case "reopen":
            return _press_numbered("reopen", value)
        case "place" if value:
            return FounderPress("place", place=value)
        case "fix":
            wanted, _, number = value.partition(":")
            return _press_correction(wanted, number)
    return None


def _press_correction(wanted: str, number: str) -> FounderPress | None:
    correction = next((one for one in CORRECTIONS if one == wanted), None)
    if correction is None or not is_number(number):
        return None
    return FounderPress("fix", number=int(number), correction=correction)


def _press_numbered(
    act: Literal["offer", "reopen"], number: str, token: str = ""
) -> FounderPress | None:
    return FounderPress(act, token=token, number=int(number)) if is_number(number) else None


def is_number(text: str) -> bool:
    """Whether a text is a number of digits 0 to 9, and not of more than MAX_KEY_DIGITS."""
    return text.isascii() and text.isdecimal() and len(text) <= MAX_KEY_DIGITS


def parse_case_action(key: str) -> str:
    """The action a staff member pressed. The case is that of the thread the button stands in."""
    return key.partition(":")[0]


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


@dataclass(frozen=True, slots=True)
class StaffingPress:
    """A pressed button about who is staff: admit the account `user`, or give it the `role`."""

    user: str
    role: str = ""


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


def is_library_key(key: str) -> bool:
    """Whether a button belongs to the library's commands."""
    return key.startswith(LIBRARY_KEY_PREFIX)


def parse_library_key(key: str) -> LibraryPress | None:
    """What an admin pressed; None for a key of no known form."""
    match key.split(":"):
        case ["library", "keep", *_]:
            return LibraryPress("keep")
        case ["library", "apply", token, mark]:
            return LibraryPress("apply", token=token, mark=mark)
        case ["library", "discard", token]:
            return LibraryPress("discard", token=token)
        case ["library", "rollback", edition, base] if is_number(edition) and is_number(base):
            return LibraryPress("rollback", edition=int(edition), base=int(base))
    return None
