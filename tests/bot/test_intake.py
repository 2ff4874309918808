"""What a raw event no longer has when it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from bot.store import InboxEvent, Store
from bot.store import tables as t
from bot.store.intake import CONTINUED_WITHIN, mask_payload
from knowledge.catalogue import open_engine
from tests.harness.databases import DATABASE_KINDS, create_fresh_database
from tests.samples.records import NOW

RAW = "주민번호 900101-1234567, 카드 4111-1111-1111-1111, 전화 010-1234-5678"
KEPT = "주민번호 ●●●●●●-●●●●●●●, 카드 ●●●●-●●●●-●●●●-●●●●, 전화 010-1234-5678"


@pytest.mark.parametrize(
    "path",
    [
        ("message", "text"),
        ("message", "caption"),
        ("message", "reply_to_message", "text"),
        ("edited_message", "text"),
        ("message", "document", "file_name"),
        ("event", "blocks", 0, "elements", 0, "text"),
        ("event", "previous_message", "text"),
        ("view", "state", "values", "a", "b", "value"),
    ],
)
def test_words_are_masked_wherever_a_messenger_carries_them(path: tuple[str | int, ...]) -> None:
    event: object = RAW
    for step in reversed(path):
        event = [event] if isinstance(step, int) else {step: event}
    assert mask_payload(json.dumps(event)) == json.dumps(event, ensure_ascii=False).replace(
        RAW, KEPT
    )


def test_a_number_that_a_messenger_cuts_into_styled_pieces_is_masked() -> None:
    pieces = [
        {"type": "text", "text": "제 주민번호는 900101-"},
        {"type": "text", "text": "1234567", "style": {"bold": True}},
        {"type": "emoji", "name": "pray"},
        {"type": "text", "text": " 입니다"},
    ]
    event = {"event": {"blocks": [{"elements": [{"elements": pieces}]}]}}
    masked = json.loads(mask_payload(json.dumps(event)))
    said = masked["event"]["blocks"][0]["elements"][0]["elements"]
    assert [one.get("text") for one in said] == [
        "제 주민번호는 ●●●●●●-", "●●●●●●●", None, " 입니다",
    ]  # fmt: skip
    assert said[1]["style"] == {"bold": True}


@pytest.mark.parametrize("field", ["utterance", "origin", "body", "html", "content", "description"])
def test_other_messengers_carry_words_elsewhere(field: str) -> None:
    payload = json.dumps({"userRequest": {field: RAW}})
    assert json.loads(mask_payload(payload)) == {"userRequest": {field: KEPT}}


def test_what_is_the_platforms_own_stays_to_the_letter() -> None:
    payload = '{"message":  {"message_id": 9001011234568, "text": "안녕", "date": 1764583001}}'
    assert mask_payload(payload) == payload
    event = {"event": {"ts": "9001011234568.000100", "channel": "C9001011234568", "text": RAW}}
    masked = json.loads(mask_payload(json.dumps(event)))
    assert masked["event"] == {**event["event"], "text": KEPT}
    assert mask_payload("telegram:1001") == "telegram:1001"


def test_no_file_of_the_database_ever_has_what_is_never_kept(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'naru.db'}")
    store = Store(engine)
    payload = json.dumps({"message": {"text": RAW}}, ensure_ascii=False)
    assert store.inbox.receive([InboxEvent("telegram", "1", "telegram:1", payload)], NOW) == 1
    with engine.connect() as connection:
        (stored,) = connection.execute(text("select payload from inbox")).scalars()
    assert json.loads(stored) == {"message": {"text": KEPT}}
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"900101-1234567" not in files and b"4111-1111" not in files
    engine.dispose()


ODD = "a\0b\ud800"
ODD_EVENT = InboxEvent(
    "slack", ODD, f"slack:{ODD}", json.dumps({ODD: [{"user": ODD}, 5, "\\u0000"]}), f"{ODD}:1", opens=ODD,
    person=f"slack:{ODD}", place=(ODD, ODD), sender=f"slack:{ODD}",
)  # fmt: skip


@pytest.mark.parametrize("kind", DATABASE_KINDS)
def test_an_event_is_kept_whatever_it_holds_and_goes_by(kind: str, tmp_path: Path) -> None:
    long: Any = dict.fromkeys(("key", "lane", "opens", "person", "sender"), f"{ODD}{'x' * 999}")
    other = replace(ODD_EVENT, natural_key=None, **long)
    events = [
        ODD_EVENT,
        other,
        replace(other, key=f"{other.key}y"),
        replace(other, payload=ODD, key="k"),
    ]
    with create_fresh_database(kind, tmp_path) as url:
        store = Store(database := open_engine(url))
        assert [store.inbox.receive([one], NOW) for one in events] == [1, 1, 1, 1]
        assert store.inbox.receive(events, NOW) == 0  # each is known by its key when it comes again
        with database.connect() as connection:
            stored = connection.execute(select(t.inbox).order_by(t.inbox.c.seq)).first()
        database.dispose()
    assert stored is not None
    assert json.loads(stored.payload) == {"ab?": [{"user": "ab?"}, 5, "\\u0000"]}
    assert (stored.event_key, stored.natural_key, stored.sender) == ("ab?", "ab?:1", "slack:ab?")


def test_a_number_with_nul_in_it_is_masked(engine: Engine) -> None:
    store = Store(engine)
    store.inbox.receive([make_said("1", "900101\0-12\x0034567")], NOW)
    assert read_texts(engine, 1) == ["●●●●●●-●●●●●●●"]


SPLIT_NUMBERS = [
    (("850101-", "1234567"), "●●●●●●●"),
    (("850101", "-1234567 입니다"), "-●●●●●●● 입니다"),
    (("제 주민번호는 850101-", "1234567"), "●●●●●●●"),
    (("850101", "-", "1234567"), "●●●●●●●"),
    (("4111 1111", "1111 1111"), "●●●● ●●●●"),
    (("여권번호는", "M12345678"), "●●●●●●●●●"),
    (("CCCD của tôi là", "001099012345"), "●●●●●●●●●●●●"),
]


def test_a_number_that_is_sent_in_pieces_is_never_stored_whole(engine: Engine) -> None:
    store = Store(engine)
    for number, (written, kept) in enumerate(SPLIT_NUMBERS):
        who = f"telegram:{number}"
        said = [make_said(f"{number}{at}", text, who) for at, text in enumerate(written)]
        for batch in [said] if number % 2 else [[one] for one in said]:
            store.inbox.receive(batch, NOW)
        assert read_texts(engine, len(written)) == [*written[:-1], kept]


def test_other_numbers_in_two_messages_stay(engine: Engine) -> None:
    store = Store(engine)
    pairs = [
        ("HS 코드는 8471.30이고 수량은 850", "1234567원에 팝니다"),
        ("견적번호 2026-1201", "1234567 VND입니다"),
        ("여권이 필요한가요?", "송장은 B12345678입니다"),
        ("010-", "1234-5678"),
    ]
    for number, pair in enumerate(pairs):
        who = f"telegram:{number}"
        said = [make_said(f"{number}{at}", one, who) for at, one in enumerate(pair)]
        store.inbox.receive(said, NOW)
        assert read_texts(engine, 2) == list(pair)


def test_another_persons_and_an_old_message_are_not_the_beginning_of_a_number(
    engine: Engine,
) -> None:
    store = Store(engine)
    store.inbox.receive([make_said("1", "850101-", "telegram:1")], NOW)
    store.inbox.receive([make_said("2", "1234567", "telegram:2")], NOW)
    store.inbox.receive([make_said("3", "1234567", "telegram:1")], NOW + CONTINUED_WITHIN * 2)
    assert read_texts(engine, 3) == ["850101-", "1234567", "1234567"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'naru.db'}")
    yield opened
    opened.dispose()


def make_said(key: str, words: str, sender: str = "telegram:1") -> InboxEvent:
    payload = json.dumps({"message": {"text": words}}, ensure_ascii=False)
    return InboxEvent("telegram", key, sender, payload, f"1:{key}", sender=sender)


def read_texts(engine: Engine, last: int) -> list[str]:
    """What the last events say, the oldest first."""
    query = select(t.inbox.c.payload).order_by(t.inbox.c.seq.desc()).limit(last)
    with engine.connect() as connection:
        payloads = list(connection.execute(query).scalars())
    return [json.loads(one)["message"]["text"] for one in reversed(payloads)]
