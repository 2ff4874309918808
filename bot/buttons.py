"""Every button key: written where a button is built, parsed where its press comes back.

A key is at most 64 bytes, which is what Telegram keeps of it. Buttons of old messages can be
pressed at any time, so the forms written here must stay readable:

    place:NAME                                                                   founder
    ok · ok:TOKEN · human · noplace · forget · lang:LANGUAGE · offer:TOKEN:NUMBER · none:TOKEN   founder
    continue-MATTER · fix:CORRECTION:CASE · taker:WHO · settled:CASE             founder
    agree:MISSION:VERSION · refuse · withdraw:CASE · consent:ITEM:NUMBER         founder
    share:CASE                                                                   founder
    remind:CASE · add:CASE · end:CASE · rate:SCORE:CASE · words:CASE             founder
    unlink · follow:COUNTRY · unfollow · unfollow:TOPIC                          founder
    claim:CASE · resolve:CASE · reassign:CASE · reopen:CASE
    wait:CASE · authority:CASE · resume:CASE · forward:CASE:LINE                 staff
    hand:CASE:CHANNEL:USER                                                       staff
    insight:ACT:NUMBER                                                           the domestic desk
    faq:CASE · faq:submit:CASE                                                   staff
    faq:approve:CASE · faq:refuse:CASE · faq:withdraw:CASE                       admin
    admit:USER · seat:ROLE:USER · standin:CHANNEL:USER                           a body's lead
    library:apply:TOKEN:MARK · library:discard:TOKEN · library:keep
    library:rollback:EDITION:BASE                                                admin

A founder's button in a place with others ends in "@USER": it is that person's alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from bot.types.faq import FaqAct
from bot.types.founders import SCORES, Score
from knowledge.types import LANGUAGES, Language

CaseAction = Literal["claim", "resolve", "reassign", "reopen", "wait", "authority", "resume", "faq"]
Correction = Literal["place", "raise", "lower", "seal", "unseal"]  # what a founder corrects
InsightAct = Literal["ask", "draft"]
CORRECTIONS: tuple[Correction, ...] = ("place", "raise", "lower", "seal", "unseal")

ALL_SET_KEY = "ok"
PERSON_KEY = "human"
SKIP_PLACE_KEY = "noplace"
ERASE_KEY = "forget"
REFUSE_KEY = "refuse"
UNLINK_KEY = "unlink"
UNFOLLOW_KEY = "unfollow"  # everything
KEEP_EDITION_KEY = "library:keep"
LIBRARY_KEY_PREFIX = "library:"
MATTER_KEY_PREFIX = "continue-"
MAX_KEY_DIGITS = 9  # of a number in a key; ours are shorter, a forged one may have any length


@dataclass(frozen=True, slots=True)
class FounderPress:
    """A founder's pressed button. `language` is of "lang", `token` of "offer" and "none" names what
    was offered, of "ok" the answer that was right ("" for one that teaches nothing), and `number`
    (from 0) the section; the `number` of all about a founder's own case ("reopen", "share", "fix" …)
    is the case's, the `token` of "continue" a matter's, of "taker" who took it, of "follow" a
    country's code, of "unfollow" a topic's digest ("": all); `place` is the name of "place",
    `correction` of "fix", `score` of "rate". The `place` of "agree" is a mission's id and its `token`
    the version of the notice; the `token` of "consent" is an item, its `number` 1 for a yes and 0 for
    a no."""

    act: Literal[
        "ok", "human", "noplace", "forget", "lang", "offer", "none", "reopen", "place", "continue",
        "fix", "taker", "settled", "agree", "refuse", "withdraw", "consent", "share",
        "remind", "add", "end", "rate", "words", "unlink", "follow", "unfollow",
    ]  # fmt: skip
    language: Language | None = None
    token: str = ""
    number: int = 0
    place: str = ""
    correction: Correction | None = None
    score: Score | None = None


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


def write_settled_key(number: int) -> str:
    """The key with which a founder says that case `number`, which staff have resolved, is settled."""
    return f"settled:{number}"


def write_taker_key(who: str) -> str:
    """The key that answers who took it."""
    return f"taker:{who}"


def write_rating_key(score: Score, number: int) -> str:
    """The key that says how case `number` helped its founder."""
    return f"rate:{score}:{number}"


def write_words_key(number: int) -> str:
    """The key after which words are added to the rating of case `number`."""
    return f"words:{number}"


def write_follow_key(country: str) -> str:
    """The key that subscribes to a country."""
    return f"follow:{country}"


def write_unfollow_key(value: str) -> str:
    """The key that ends one subscription, named by eight hex digits."""
    return f"{UNFOLLOW_KEY}:{name_topic(value)}"


def name_topic(value: str) -> str:
    """Eight hex digits that name what is subscribed to."""
    return hashlib.sha256(value.encode()).hexdigest()[:8]


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


def write_agree_key(mission: str, version: str) -> str:
    """The key that agrees to a version of the notice about a mission."""
    return f"agree:{mission}:{version}"


def write_withdraw_key(number: int) -> str:
    """The key with which a founder takes case `number` back."""
    return f"withdraw:{number}"


def write_consent_key(item: str, *, is_on: bool) -> str:
    """The key that agrees to an optional item, or no longer does."""
    return f"consent:{item}:{int(is_on)}"


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
    if word in ("agree", "withdraw", "consent", "fix"):
        return _press_own(word, value)
    match word:
        case "ok":
            return FounderPress("ok", token=value)
        case "human" | "noplace" | "forget" | "refuse" | "unlink":
            return FounderPress(word)
        case "lang":
            language = next((known for known in LANGUAGES if known == value), None)
            return FounderPress("lang", language=language) if language else None
        case "offer":
            token, _, number = value.partition(":")
            return _press_numbered("offer", number, token)
        case "none" | "taker" if value:
            return FounderPress(word, token=value)
        case "reopen" | "settled" | "share" | "remind" | "add" | "end" | "words":
            return _press_numbered(word, value)
        case "place" if value:
            return FounderPress("place", place=value)
    return _parse_following_key(word, value)


def _parse_following_key(word: str, value: str) -> FounderPress | None:
    """What was pressed about a rating or a subscription."""
    match word:
        case "rate":
            given, _, number = value.partition(":")
            score = next((one for one in SCORES if one == given), None)
            if score and is_number(number):
                return FounderPress("rate", number=int(number), score=score)
        case "follow" if value:
            return FounderPress("follow", token=value)
        case "unfollow":
            return FounderPress("unfollow", token=value)
    return None


def _press_own(word: str, value: str) -> FounderPress | None:
    """What a founder says about their case or their data."""
    first, _, second = value.partition(":")
    if word == "agree":
        return FounderPress("agree", place=first, token=second)
    if word == "fix":
        return _press_correction(first, second)
    if word == "consent":
        return _press_numbered("consent", second, first)
    return _press_numbered("withdraw", value)


def _press_correction(wanted: str, number: str) -> FounderPress | None:
    correction = next((one for one in CORRECTIONS if one == wanted), None)
    if correction is None or not is_number(number):
        return None
    return FounderPress("fix", number=int(number), correction=correction)


def _press_numbered(
    act: Literal[
        "offer",
        "reopen",
        "settled",
        "withdraw",
        "consent",
        "share",
        "remind",
        "add",
        "end",
        "words",
    ],
    number: str,
    token: str = "",
) -> FounderPress | None:
    return FounderPress(act, token=token, number=int(number)) if is_number(number) else None


def is_number(text: str) -> bool:
    """Whether a text is a number of digits 0 to 9, and not of more than MAX_KEY_DIGITS."""
    return text.isascii() and text.isdecimal() and len(text) <= MAX_KEY_DIGITS


def parse_case_action(key: str) -> str:
    """The action a staff member pressed. The case is that of the thread the button stands in."""
    return key.partition(":")[0]


def write_share_key(number: int) -> str:
    """The key with which a founder lets the desk read the question that linked case `number` is
    about."""
    return f"share:{number}"


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


@dataclass(frozen=True, slots=True)
class FaqPress:
    """A pressed button about the draft of case number `case`; `act` is "make" for the one that shows
    it, and makes it first where there is none."""

    act: FaqAct | Literal["make"]
    case: int


FAQ_ACTS: tuple[FaqAct, ...] = ("submit", "approve", "refuse", "withdraw")


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
