"""Every button key: written where a button is built, parsed where its press comes back.

A key is at most 64 bytes, which is what Telegram keeps of it. Buttons of old messages can be
pressed at any time, so the forms written here must stay readable:

    ok · human · noplace · forget · lang:LANGUAGE · about:TOKEN:NUMBER           founder
    claim:CASE · resolve:CASE · reassign:CASE · reopen:CASE                      staff
    admit:USER · seat:ROLE:USER                                                  a body's lead
    library:apply:TOKEN:MARK · library:discard:TOKEN · library:keep
    library:rollback:EDITION:BASE                                                admin
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from knowledge.types import LANGUAGES, Language

CaseAction = Literal["claim", "resolve", "reassign", "reopen"]

ALL_SET_KEY = "ok"
PERSON_KEY = "human"
SKIP_PLACE_KEY = "noplace"
ERASE_KEY = "forget"
KEEP_EDITION_KEY = "library:keep"
LIBRARY_KEY_PREFIX = "library:"


@dataclass(frozen=True, slots=True)
class FounderPress:
    """A founder's pressed button. `language` is of "lang", `token` and `number` (of a title,
    from 0) of "about"; the `number` of "reopen" is a case's."""

    act: Literal["ok", "human", "noplace", "forget", "lang", "about", "reopen"]
    language: Language | None = None
    token: str = ""
    number: int = 0


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


def write_choice_key(token: str, number: int) -> str:
    """The key of title `number` (from 0) of the clarification `token`."""
    return f"about:{token}:{number}"


def write_case_key(action: CaseAction, number: int) -> str:
    """The key of what can be done with case `number`; founders get only "reopen"."""
    return f"{action}:{number}"


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
    word, _, value = key.partition(":")
    match word:
        case "ok" | "human" | "noplace" | "forget":
            return FounderPress(word)
        case "lang":
            language = next((known for known in LANGUAGES if known == value), None)
            return FounderPress("lang", language=language) if language else None
        case "about":
            token, _, number = value.partition(":")
            return _press_numbered("about", number, token)
        case "reopen":
            return _press_numbered("reopen", value)
    return None


def _press_numbered(
    act: Literal["about", "reopen"], number: str, token: str = ""
) -> FounderPress | None:
    return FounderPress(act, token=token, number=int(number)) if number.isdecimal() else None


def parse_case_action(key: str) -> str:
    """The action a staff member pressed. The case is that of the thread the button stands in."""
    return key.partition(":")[0]


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
        case ["library", "rollback", edition, base] if edition.isdecimal() and base.isdecimal():
            return LibraryPress("rollback", edition=int(edition), base=int(base))
    return None
