"""How one message of a founder is read within the talk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from adapters.evaluation.act_training import LabelledMessage, read_labelled_messages
from bot.founder.reading.act_table import ACTS_FILE, Act
from bot.founder.reading.acts import Reading, TalkContext, read_act
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.types import Place
from knowledge.evaluation.exam import list_exam_files, read_exam

SAMPLES = Path(__file__).parents[3] / "samples"
SAMPLES_FILE = SAMPLES / "short_messages.yaml"
OWN_SAMPLES_FILE = SAMPLES / "short_messages_own.yaml"
MIN_SHARE_AS_LABELLED = 0.98
MIN_SHARE_OF_QUESTIONS = 0.985

FIRST = TalkContext()
LATER = TalkContext(has_matter=True)
IN_CASE = TalkContext(has_matter=True, in_case=True)
OFFERED_PERSON = TalkContext("person", has_matter=True)
OFFERED_SECTIONS = TalkContext("choice", has_matter=True)
ASKED_PLACE = TalkContext("place", has_matter=True)

FindPlace = Callable[[str], Place | None]


@pytest.fixture(scope="module")
def find_place() -> FindPlace:
    return Gazetteer(Missions.load()).find_mentioned_place


def list_misread(samples: list[LabelledMessage], find_place: FindPlace) -> list[str]:
    """What is not read as labelled, in words."""
    return [
        f"{one.text!r} is {act}, not {one.acts[0]}"
        for one in samples
        for act in [read_act(one.text, one.context, find_place).act]
        if act not in one.acts
    ]


@pytest.mark.parametrize(
    ("samples", "least"),
    [
        (read_labelled_messages(SAMPLES_FILE), 200),
        (read_labelled_messages(OWN_SAMPLES_FILE), 1500),
    ],
    ids=["labelled", "own"],
)
def test_short_messages_are_read_as_labelled(
    samples: list[LabelledMessage], least: int, find_place: FindPlace
) -> None:
    wrong = list_misread(samples, find_place)
    assert len(samples) >= least
    assert len(wrong) <= len(samples) * (1 - MIN_SHARE_AS_LABELLED), "\n".join(wrong)


def test_questions_of_the_open_exams_stay_questions(find_place: FindPlace) -> None:
    questions = read_exam(list_exam_files("open"))
    asked = [one for one in questions if one.kind not in ("own_status", "needs_person")]
    taken = [
        f"{act}: {one.question}"
        for one in asked
        for act in [read_act(one.question, FIRST, find_place).act]
        if act != "new_matter"
    ]
    assert len(asked) > 300
    assert len(taken) <= len(asked) * (1 - MIN_SHARE_OF_QUESTIONS), "\n".join(taken)


@pytest.mark.parametrize(
    ("text", "context", "act"),
    [
        ("고마워요~", LATER, "thanks"),
        ("thanks, that's all", LATER, "thanks"),
        ("ㅇㅋ 감사", LATER, "thanks"),
        ("상담원이요", LATER, "person"),
        ("네 전해주세요", OFFERED_PERSON, "yes"),
        ("yes please pass it on", OFFERED_PERSON, "yes"),
        ("전달해 주세요", LATER, "person"),
        ("잠깐만요 비용 드나요?", ASKED_PLACE, "follow_up"),
        ("언제 답 와요?", IN_CASE, "case_status"),
        ("그럼 얼마까지 돼요?", LATER, "follow_up"),
        ("아니 일본 말고 베트남", LATER, "place"),
        ("됐고 담당자 좀 바꿔줘요", LATER, "person"),
        ("담당자 정해졌나요", LATER, "case_status"),
        ("영사관에 여쭤보고 싶은데 연결 좀 부탁해요", FIRST, "person"),
        ("i want to ask the consulate something, can you connect us", FIRST, "person"),
        ("em muốn hỏi đại sứ quán một việc", FIRST, "person"),
        ("대사관에 연결하려면 어떻게 하나요", FIRST, "new_matter"),
        ("대사관에 물어보고 싶은 서류가 있는데 공증 되나요", FIRST, "new_matter"),
        ("which embassy do i need to ask about notarisation", FIRST, "new_matter"),
        ("has someone been assigned yet?", LATER, "case_status"),
        ("có ai phụ trách chưa", LATER, "case_status"),
        ("이거 누가 보나요?", IN_CASE, "about_naru"),
        ("제가 쓴 글은 누가 읽어요", IN_CASE, "about_naru"),
        ("누가 보고 있나요?", IN_CASE, "case_status"),
    ],
)
def test_what_was_misread_is_read_right(
    text: str, context: TalkContext, act: Act, find_place: FindPlace
) -> None:
    assert read_act(text, context, find_place).act == act


@pytest.mark.parametrize(
    ("text", "context", "act"),
    [
        ("사람 뽑는 지원금 있나요", FIRST, "new_matter"),
        ("영사관 담당자 몇명이에요", FIRST, "new_matter"),
        ("감사보고서 제출해야 하나요", FIRST, "new_matter"),
        ("괜찮은 물류업체 찾는 법", FIRST, "new_matter"),
        ("괜찮아요", OFFERED_PERSON, "no"),
        ("네?", LATER, "follow_up"),
        ("네덜란드 진출하려면 뭐부터 해요", FIRST, "new_matter"),
        ("thanks but how much", LATER, "follow_up"),
        ("하노이에서 법인 설립 비용이 얼마예요", FIRST, "new_matter"),
        ("ok", ASKED_PLACE, "yes"),
        ("what's my status", IN_CASE, "case_status"),
        ("status of the voucher programme", FIRST, "new_matter"),
        ("계약서를 영어로 제출해도 되나요", FIRST, "new_matter"),
        ("how do i hire staff in Hanoi", FIRST, "new_matter"),
        ("고객이 개인정보 삭제를 요구하는데 어떻게 하나요", FIRST, "new_matter"),
        ("dc ko", LATER, "follow_up"),
        ("이거 외부에 안 퍼지는 거죠?", LATER, "about_naru"),
        ("who sits on the embassy body, is it free", FIRST, "new_matter"),
        ("ok. another question: does anybody help with visas", OFFERED_PERSON, "new_matter"),
        ("깜빡했네요 자카르타요", OFFERED_PERSON, "place"),
        ("나라는 어디라고 못 정했는데 어디가 좋아요?", LATER, "follow_up"),
    ],
)
def test_lookalikes_are_told_apart(
    text: str, context: TalkContext, act: Act, find_place: FindPlace
) -> None:
    assert read_act(text, context, find_place).act == act


@pytest.mark.parametrize(
    "text", ["감사합니다", "thx", "cảm ơn ạ", "cam on ad nhieu", "ㄳ", "🙏", "thanksss"]
)
@pytest.mark.parametrize("context", [FIRST, LATER, IN_CASE])
def test_thanks_in_any_spelling(text: str, context: TalkContext, find_place: FindPlace) -> None:
    assert read_act(text, context, find_place).act == "thanks"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("하노이요", "하노이"),
        ("no not Tokyo, Hanoi", "Hanoi"),
        ("아니 일본 말고 베트남 하노이요", "베트남 하노이"),
        ("o Thai Lan", "Thai Lan"),
        ("ở Đà Nẵng ạ", "Đà Nẵng"),
        ("LA port", "LA"),
        ("ko phải HN, sài gòn cơ", "sài gòn"),
    ],
)
@pytest.mark.parametrize("context", [LATER, ASKED_PLACE])
def test_a_place_is_given_in_the_words_of_the_founder(
    text: str, named: str, context: TalkContext, find_place: FindPlace
) -> None:
    reading = read_act(text, context, find_place)
    assert (reading.act, reading.place) == ("place", named)


@pytest.mark.parametrize(
    ("text", "context", "reading"),
    [
        ("네 전해주세요, 금액은 6만불", OFFERED_PERSON, Reading("yes", "금액은 6만불")),
        ("감사합니다 근데 마감이 언제라고요?", LATER, Reading("follow_up", "근데 마감이 언제라고요?")),
        ("hi is the export voucher open", FIRST, Reading("new_matter", "is the export voucher open")),
        ("담당자 연결해 주세요. 컨테이너가 묶였어요", LATER, Reading("person", "컨테이너가 묶였어요")),
        ("영어로 해주세요", LATER, Reading("language", language="en")),
        ("xóa hết dữ liệu của e đi ạ", LATER, Reading("command", command="forget")),
    ],
)  # fmt: skip
def test_what_is_left_of_a_message(
    text: str, context: TalkContext, reading: Reading, find_place: FindPlace
) -> None:
    assert read_act(text, context, find_place) == reading


@pytest.mark.parametrize(
    "text",
    [
        "감사합니다 그런데 직원이 경찰에 체포됐어요",
        "thanks, my engineer was arrested",
        "직원이 납치된 것 같아요 ok",
    ],
)
@pytest.mark.parametrize("context", [FIRST, LATER, OFFERED_PERSON, ASKED_PLACE])
def test_an_incident_is_never_small_talk(
    text: str, context: TalkContext, find_place: FindPlace
) -> None:
    assert read_act(text, context, find_place).act in ("new_matter", "follow_up", "addition")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("급한 건 아니에요", "not_urgent"),
        ("not urgent", "not_urgent"),
        ("không gấp đâu ạ", "not_urgent"),
        ("이건 비밀로 해주세요", "seal"),
        ("please keep it confidential", "seal"),
        ("giữ kín giúp e", "seal"),
        ("급해요 빨리요", "urgent"),
        ("việc này gấp lắm ạ", "urgent"),
        ("can gap a", "urgent"),
        ("khẩn cấp", "urgent"),
        ("em muốn gặp lãnh sự", ""),
        ("can gap nguoi phu trach", ""),
        ("bên em gặp khó khăn", ""),
        ("cty dang kho khan", ""),
        ("cần gặp người gấp", "urgent"),
        ("감사합니다", ""),
        ("영업비밀이 유출됐어요", ""),
        ("our trade secrets were taken", ""),
        ("thông tin có được bảo mật không", ""),
    ],
)
def test_the_founders_word_on_urgency_and_secrecy(
    text: str, wish: str, find_place: FindPlace
) -> None:
    assert read_act(text, LATER, find_place).wish == wish


def test_every_act_has_words() -> None:
    table = yaml.safe_load(ACTS_FILE.read_text(encoding="utf-8"))
    named = {sign["act"] for sign in table["signs"]} | set(table["strip"])
    assert named >= {"yes", "no", "thanks", "greeting", "goodbye", "person", "language", "command",
                     "case_status", "own_application", "about_naru", "complaint"}  # fmt: skip
