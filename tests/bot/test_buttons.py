"""Each key that a button carries is read back as what it was written from."""

from __future__ import annotations

import pytest

from bot import buttons
from bot.buttons import FounderPress, LibraryPress

FOUNDER_KEYS = {
    "ok": FounderPress("ok"),
    "human": FounderPress("human"),
    "noplace": FounderPress("noplace"),
    "forget": FounderPress("forget"),
    "lang:vi": FounderPress("lang", language="vi"),
    "offer:0a1b2c3d:2": FounderPress("offer", token="0a1b2c3d", number=2),
    "none:0a1b2c3d": FounderPress("none", token="0a1b2c3d"),
    "reopen:17": FounderPress("reopen", number=17),
    "rate:partly:17": FounderPress("rate", number=17, score="partly"),
    "words:17": FounderPress("words", number=17),
    "follow:VN": FounderPress("follow", token="VN"),
    "unfollow": FounderPress("unfollow"),
    "unlink": FounderPress("unlink"),
}
LIBRARY_KEYS = {
    "library:apply:0a1b2c3d:0123456789ab": LibraryPress("apply", "0a1b2c3d", "0123456789ab"),
    "library:discard:0a1b2c3d": LibraryPress("discard", "0a1b2c3d"),
    "library:rollback:4:7": LibraryPress("rollback", edition=4, base=7),
    "library:keep": LibraryPress("keep"),
}


def test_the_keys_written_are_those_of_old_messages() -> None:
    written = [
        buttons.ALL_SET_KEY,
        buttons.PERSON_KEY,
        buttons.SKIP_PLACE_KEY,
        buttons.ERASE_KEY,
        buttons.write_language_key("vi"),
        buttons.write_offer_key("0a1b2c3d", 2),
        buttons.write_none_key("0a1b2c3d"),
        buttons.write_case_key("reopen", 17),
        buttons.write_rating_key("partly", 17),
        buttons.write_words_key(17),
        buttons.write_follow_key("VN"),
        buttons.UNFOLLOW_KEY,
        buttons.UNLINK_KEY,
    ]
    assert written == list(FOUNDER_KEYS)
    assert [
        buttons.write_apply_key("0a1b2c3d", "0123456789ab"),
        buttons.write_discard_key("0a1b2c3d"),
        buttons.write_rollback_key(4, 7),
        buttons.KEEP_EDITION_KEY,
    ] == list(LIBRARY_KEYS)


@pytest.mark.parametrize("key", FOUNDER_KEYS)
def test_a_founders_key_is_read_back(key: str) -> None:
    assert buttons.parse_founder_key(key) == FOUNDER_KEYS[key]


@pytest.mark.parametrize(
    "key",
    ["", ":", "lang", "lang:", "lang:fr", "offer:t", "offer:t:", "offer:t:-1", "reopen:",
     "reopen:x", "rate:17", "rate:fine:17", "rate:good:x", "remind:", "add:²", "end:-1", "follow:", "reopen:²", "claim:1", "about:0a1b2c3d:2", "none:", "none", "library:keep", "other:0"],
)  # fmt: skip
def test_what_is_no_founders_key_is_none(key: str) -> None:
    assert buttons.parse_founder_key(key) is None


@pytest.mark.parametrize("key", LIBRARY_KEYS)
def test_an_admins_key_is_read_back(key: str) -> None:
    assert buttons.is_library_key(key)
    assert buttons.parse_library_key(key) == LIBRARY_KEYS[key]


@pytest.mark.parametrize(
    "key",
    ["", "library", "library:", "library:apply:t", "library:apply:t:m:x", "library:discard",
     "library:rollback:4", "library:rollback:a:b", "ok"],
)  # fmt: skip
def test_what_is_no_admins_key_is_none(key: str) -> None:
    assert buttons.parse_library_key(key) is None


@pytest.mark.parametrize("action", ["claim", "resolve", "reassign", "reopen"])
def test_a_staff_key_names_its_action(action: buttons.CaseAction) -> None:
    key = buttons.write_case_key(action, 17)
    assert key == f"{action}:17"
    assert buttons.parse_case_action(key) == action
