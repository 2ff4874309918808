"""How a message is read where its words alone do not settle it."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.evaluation.act_training import (
    LabelledMessage,
    compute_digest,
    fit_model,
    list_exam_messages,
    read_labelled_messages,
)
from bot.founder.reading.act_model import ActModel, Floats, load_act_model
from bot.founder.reading.act_table import TalkContext
from bot.founder.reading.acts import read_act
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.types import EmbedText
from tests.bot.founder.reading.test_acts import SAMPLES, FindPlace
from tests.samples import small_library

LATER = TalkContext(has_matter=True)
OFFERED_PERSON = TalkContext("person", has_matter=True)
MIN_SHARE_OF_TAUGHT = 0.9
SAMPLED_EVERY = 10  # of the labelled messages, since each costs a vector


@pytest.fixture(scope="module")
def find_place() -> FindPlace:
    return Gazetteer(Missions.load()).find_mentioned_place


@pytest.fixture(scope="module")
def embed_text() -> EmbedText:
    return small_library.load_embedder().embed_query


def test_the_model_is_fitted_to_the_messages_in_the_repository() -> None:
    """After a change of them: python -m adapters.evaluation.act_training tests/samples/short_*"""
    messages = [
        one
        for path in sorted(SAMPLES.glob("short_messages*.yaml"))
        for one in read_labelled_messages(path)
    ]
    assert len(messages) > 3000
    assert load_act_model().digest == compute_digest(messages + list_exam_messages())


def test_messages_of_other_writers_are_read_as_labelled(
    find_place: FindPlace, embed_text: EmbedText
) -> None:
    samples = [
        one
        for name in ("second", "third")
        for one in read_labelled_messages(SAMPLES / f"short_messages_{name}.yaml")
    ][::SAMPLED_EVERY]
    read = [read_act(one.text, one.context, find_place, embed_text).act for one in samples]
    wrong = [(one.text, act) for one, act in zip(samples, read, strict=True) if act not in one.acts]
    assert len(samples) >= 48
    assert len(wrong) <= len(samples) * (1 - MIN_SHARE_OF_TAUGHT), wrong


@pytest.mark.parametrize(
    ("text", "context", "act"),
    [
        ("속이 다 시원합니다", LATER, "thanks"),
        ("can someone at the office phone my cell", LATER, "person"),
        ("tin nhắn của em ai đọc được", TalkContext(), "about_naru"),
        ("delete everything i typed", LATER, "command"),
        ("협의체에 여쭤보고 싶은 게 있는데 연결되나요", TalkContext(), "person"),
    ],
)
def test_what_no_word_of_the_table_shows(
    text: str, context: TalkContext, act: str, find_place: FindPlace, embed_text: EmbedText
) -> None:
    assert read_act(text, context, find_place, embed_text).act == act


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("사람 뽑는 지원금 있나요", TalkContext()),
        ("bot bán hàng có cần giấy phép không", TalkContext()),
        ("how long does a halal approval take", LATER),
        ("네 근데 수수료는 얼만데요", OFFERED_PERSON),
    ],
)
def test_lookalikes_stay_questions(
    text: str, context: TalkContext, find_place: FindPlace, embed_text: EmbedText
) -> None:
    reading = read_act(text, context, find_place, embed_text)
    assert reading.act in ("new_matter", "follow_up", "addition")


@pytest.mark.parametrize(
    ("text", "context", "act"),
    [
        ("그거 가입하면 소송 때 뭐가 유리해요", LATER, "follow_up"),
        ("à còn chuyện khác, đăng ký nhãn hiệu ở đó thì sao", LATER, "new_matter"),
    ],
)
def test_words_that_lean_on_the_talk_or_leave_it_are_heeded(
    text: str, context: TalkContext, act: str, find_place: FindPlace, embed_text: EmbedText
) -> None:
    assert read_act(text, context, find_place, embed_text).act == act


@pytest.mark.parametrize("text", ["whom do we contact for that?", "그런 건 누구한테 문의해요?"])
def test_who_asks_whom_to_turn_to_does_not_call_for_a_person(
    text: str, find_place: FindPlace, embed_text: EmbedText
) -> None:
    assert read_act(text, LATER, find_place, embed_text).act == "follow_up"


@pytest.mark.parametrize("text", ["이거 다른데 안알려지죠?", "will they really not tell them?"])
def test_what_asks_with_a_mark_is_no_yes_and_no_no(
    text: str, find_place: FindPlace, embed_text: EmbedText
) -> None:
    assert read_act(text, OFFERED_PERSON, find_place, embed_text).act not in ("yes", "no")


def test_an_incident_is_read_by_the_table_alone(find_place: FindPlace) -> None:
    def fail(_: str) -> None:
        raise AssertionError("the model was asked about an incident")

    assert read_act("직원이 납치됐어요", LATER, find_place, fail).act in ("addition", "follow_up")


def test_without_vectors_the_table_decides(find_place: FindPlace) -> None:
    text = "속이 다 시원합니다"
    assert read_act(text, LATER, find_place, lambda _: None) == read_act(text, LATER, find_place)


def test_a_cannot_read_names_the_other_language(
    find_place: FindPlace, embed_text: EmbedText
) -> None:
    reading = read_act("꼬부랑글씨 못 읽습니더", LATER, find_place, embed_text)
    assert (reading.act, reading.language) == ("language", "ko")


def test_fitting_twice_gives_the_same_weights() -> None:
    messages = read_labelled_messages(SAMPLES / "short_messages.yaml")[:60]
    drawn = np.random.default_rng(1).normal(size=(60, 16)) / 4
    vectors: Floats = drawn.astype(np.float32)
    first, second = fit_model(messages, vectors), fit_model(messages, vectors)
    assert np.array_equal(first.weights, second.weights)
    assert count_right(first, messages, vectors) >= 57


def count_right(model: ActModel, messages: list[LabelledMessage], vectors: Floats) -> int:
    """How many of the messages the model reads by their label."""
    right = 0
    for one, vector in zip(messages, vectors, strict=True):
        logs = model.weigh_acts(one.text, vector, one.context)
        right += max(logs, key=logs.__getitem__).partition(":")[0] == one.acts[0]
    return right


@pytest.mark.parametrize(
    "text",
    [
        "창고",
        "창고 임대",
        "관세",
        "공장 부지",
        "전시회",
        "바이어",
        "warehouse",
        "tax",
        "kho hàng",
        "thuê kho",
    ],
)
def test_a_few_bare_words_begin_a_question(
    text: str, find_place: FindPlace, embed_text: EmbedText
) -> None:
    assert read_act(text, TalkContext(), find_place, embed_text).act == "new_matter"


@pytest.mark.parametrize("text", ["식사는 하셨습니까", "안녕하신교", "방가방가", "yoo", "a lô"])
def test_an_unusual_greeting_is_still_one(
    text: str, find_place: FindPlace, embed_text: EmbedText
) -> None:
    assert read_act(text, TalkContext(), find_place, embed_text).act == "greeting"
