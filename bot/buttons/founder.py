"""The keys of founders' buttons."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from bot.buttons.keys import is_number
from bot.types.founders import SCORES, Score
from knowledge.types import LANGUAGES, Language

Correction = Literal["place", "raise", "lower", "seal", "unseal"]  # what a founder corrects
CORRECTIONS: tuple[Correction, ...] = ("place", "raise", "lower", "seal", "unseal")
ALL_SET_KEY = "ok"
PERSON_KEY = "human"
SKIP_PLACE_KEY = "noplace"
ERASE_KEY = "forget"
REFUSE_KEY = "refuse"
UNLINK_KEY = "unlink"
UNFOLLOW_KEY = "unfollow"  # everything
MATTER_KEY_PREFIX = "continue-"


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


def write_agree_key(mission: str, version: str) -> str:
    """The key that agrees to a version of the notice about a mission."""
    return f"agree:{mission}:{version}"


def write_withdraw_key(number: int) -> str:
    """The key with which a founder takes case `number` back."""
    return f"withdraw:{number}"


def write_consent_key(item: str, *, is_on: bool) -> str:
    """The key that agrees to an optional item, or no longer does."""
    return f"consent:{item}:{int(is_on)}"


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


def write_share_key(number: int) -> str:
    """The key with which a founder lets the desk read the question that linked case `number` is
    about."""
    return f"share:{number}"
