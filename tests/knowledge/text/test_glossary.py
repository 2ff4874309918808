"""Concepts found in a text and written in another language."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import GlossaryBroken
from knowledge.text import terms
from knowledge.text.concepts import GLOSSARY_FOLDER, Concept, read_glossary
from knowledge.text.glossary import GLOSSARY_RULE_MODULES, Glossary
from knowledge.text.slots import Slot
from knowledge.types import LANGUAGES, Language


@pytest.fixture(scope="module")
def little() -> Glossary:
    rows: list[Concept] = [
        Concept({"ko": ("원산지 증명", "원증"), "en": ("certificate of origin", "C/O"),
                 "vi": ("chứng nhận xuất xứ",)}, "customs"),
        Concept({"ko": ("환급",), "en": ("refund",), "vi": ("hoàn thuế",)}, "tax"),
        Concept({"ko": ("배",), "en": ("ship",), "vi": ("tàu",)}, "logistics"),
        Concept({"ko": ("배",), "en": ("pear",), "vi": ("lê",)}, "goods"),
    ]  # fmt: skip
    return Glossary(rows)


def list_concept_spans(glossary: Glossary, text: str, language: str) -> list[tuple[str, ...]]:
    terms = glossary.analyser.tokenise(text, language)  # type: ignore[arg-type]
    found = glossary.find_spans(terms, language)  # type: ignore[arg-type]
    return [span.terms for span in found if span.concepts]


def test_the_longest_form_becomes_one_span(little: Glossary) -> None:
    assert list_concept_spans(little, "원산지 증명을 어디서 받나요?", "ko") == [("원산지", "증명")]
    assert list_concept_spans(little, "Where is the certificate of origin issued?", "en") == [
        ("certif", "origin")
    ]


def test_a_korean_question_asks_english_passages_in_their_words(little: Glossary) -> None:
    found = little.find_spans(little.analyser.tokenise("원증 환급", "ko"), "ko")
    terms = {term for slot in little.build_slots(found, "ko", "en") for term in slot.terms}
    assert {"certif", "origin", "refund"} <= terms


def test_of_two_meanings_the_likelier_weighs_more(little: Glossary) -> None:
    found = little.find_spans(little.analyser.tokenise("배", "ko"), "ko")
    (slot,) = little.build_slots(found, "ko", "en")
    assert slot.terms["ship"] > slot.terms["pear"] > 0


def test_other_forms_of_the_same_thing_count_a_little_less(little: Glossary) -> None:
    found = little.find_spans(little.analyser.tokenise("원증", "ko"), "ko")
    first = little.build_slots(found, "ko", "ko")[0]
    assert first.terms["원증"] == 1.0 > first.terms["원산지"] > 0


def test_a_term_of_no_row_becomes_an_empty_slot_in_another_language(little: Glossary) -> None:
    found = little.find_spans(little.analyser.tokenise("오로라", "ko"), "ko")
    assert [slot.terms for slot in little.build_slots(found, "ko", "en")] == [{}]
    digits = little.find_spans(little.analyser.tokenise("KOTRA 1380", "ko"), "ko")
    assert [slot.terms for slot in little.build_slots(digits, "ko", "en")] == [
        {"kotra": 1.0},
        {"1380": 1.0},
    ]


def test_vietnamese_without_marks_is_read_word_by_word(little: Glossary) -> None:
    assert list_concept_spans(little, "hoan thue", "vi") == [("vi:hoan", "vi:thue")]
    assert list_concept_spans(little, "le", "vi") == [("vi:le",)]
    assert list_concept_spans(little, "lê", "vi") == [("vi:lê",)]


def test_words_of_another_language_are_looked_up_in_that_language(little: Glossary) -> None:
    for question in ("hỏi 원산지 증명 cho tàu", "hoi 원산지 증명 o dau"):
        assert ("원산지", "증명") in list_concept_spans(little, question, "vi")
    assert ("원산지", "증명") in list_concept_spans(
        little, "where do I get a 원산지 증명 please", "en"
    )
    assert ("refund",) in list_concept_spans(little, "세금 refund 되나요", "ko")


def test_the_shipped_glossary_is_large_and_complete() -> None:
    concepts = read_glossary([GLOSSARY_FOLDER])
    assert len(concepts) >= 300
    assert all(concept.forms["ko"] and concept.forms["en"] for concept in concepts)
    assert len({concept.field for concept in concepts}) > 10


def test_no_vietnamese_form_is_left_with_its_opposite_when_a_stop_word_falls_out() -> None:
    glossary = Glossary(read_glossary([GLOSSARY_FOLDER]))
    plain: dict[tuple[str, ...], str] = {}
    negated: dict[tuple[str, ...], str] = {}
    for concept in glossary.concepts:
        for form in concept.forms["vi"]:
            group = negated if {"không", "chưa"} & set(form.lower().split()) else plain
            group[tuple(glossary.analyser.tokenise(form, "vi"))] = form
    assert [(negated[left], plain[left]) for left in negated if left and left in plain] == []


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("Hội đồng ở Hà Nội họp khi nào?", "consultative body"),
        ("hoi dong DSQ o HN hop khi nao", "consultative body"),
        ("hop hoi dong chinh sach", "policy council"),
        ("Báo sứ quán thế nào?", "report"),
        ("Bên em muốn XK sang Đức", "export"),
        ("Gọi quầy 119 hỏi gì?", "Trade Barrier 119"),
        ("Công ty ở nước ngoài", "overseas"),
        ("Nhà máy của chúng tôi", "factory"),
        ("Gửi giữ tài liệu kỹ thuật mất bao nhiêu?", "technology escrow"),
        ("Phần công ty tự trả là bao nhiêu?", "own share"),
        ("bi chiem doat cong nghe", "technology theft"),
    ],
)
def test_vietnamese_as_people_type_it_gives_the_right_concept(question: str, concept: str) -> None:
    glossary = Glossary(read_glossary([GLOSSARY_FOLDER]))
    found = glossary.find_spans(glossary.analyser.tokenise(question, "vi"), "vi")
    assert concept in [span.concepts[0].forms["en"][0] for span in found if span.concepts]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"korean,english\n", "x.csv: the first line must be `ko,en,vi`"),
        ("ko,en,vi\n환급,refund\n".encode(), "x.csv, line 2: three cells are needed"),
        (b"", "x.csv: the first line"),
        ("ko,en,vi\n환급,refund,\n".encode("cp949"), "x.csv cannot be read: .* UTF-8"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(GlossaryBroken, match=says):
        read_glossary([tmp_path])


def test_ones_own_folder_adds_to_the_shipped(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("\ufeffko,en,vi\n나루,landing|ferry,\n\n", encoding="utf-8")
    (own,) = read_glossary([tmp_path, tmp_path / "missing"])
    assert own.forms == {"ko": ("나루",), "en": ("landing", "ferry"), "vi": ()}
    assert (
        len(read_glossary([GLOSSARY_FOLDER, tmp_path])) == len(read_glossary([GLOSSARY_FOLDER])) + 1
    )


def test_key_terms_stand_in_the_text_as_whole_words(little: Glossary) -> None:
    text = "A refund needs the certificate of origin; shipping does not."
    assert little.find_key_terms(text, "en", "ko") == {
        "refund": "환급", "certificate of origin": "원산지 증명",
    }  # fmt: skip
    assert little.find_key_terms("환급을 받습니다", "ko", "vi") == {"환급": "hoàn thuế"}


@pytest.mark.parametrize("words", ["기술보호 바우처", "바이어 확인", "해외 유출"])
def test_a_compound_gives_the_same_terms_with_and_without_its_space(
    glossary: Glossary, words: str
) -> None:
    joined = glossary.analyser.tokenise(words.replace(" ", ""), "ko")
    assert glossary.analyser.tokenise(words, "ko") == joined


def test_the_modules_that_decide_terms_are_those_of_the_text_wing() -> None:
    """A new module there has to be added to one of the two lists or to the exceptions here."""
    deciding = {
        name.rpartition(".")[2] for name in (*terms.TERM_RULE_MODULES, *GLOSSARY_RULE_MODULES)
    }
    modules = {path.stem for path in Path(terms.__file__).parent.glob("*.py")}
    assert modules - deciding == {
        "__init__",
        "dates",
        "odd_spellings",
        "particles",
        "personal_data",
        "personal_data_rules",
        "yaml_text",
    }


def test_terms_that_are_remembered_are_not_analysed_again(
    little: Glossary, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Glossary(little.concepts)
    terms = [little.analyse_spelling(*spelling) for spelling in little.list_spellings()]
    other.remember_terms(terms)
    questions: list[tuple[str, Language]] = [
        ("원산지 증명을 받나요", "ko"),
        ("refund of a ship", "en"),
        ("hoàn thuế tàu", "vi"),
    ]
    asked = [(little.analyser.tokenise(text, lang), lang) for text, lang in questions]
    expected = [build_every_slot(little, *one) for one in asked]
    monkeypatch.setattr(other.analyser, "tokenise", lambda *_: pytest.fail("analysed again"))
    assert [build_every_slot(other, *one) for one in asked] == expected
    with pytest.raises(ValueError, match="shorter"):
        Glossary(little.concepts).remember_terms(terms[:-1])


def build_every_slot(glossary: Glossary, terms: list[str], language: Language) -> list[list[Slot]]:
    spans = glossary.find_spans(terms, language)
    return [glossary.build_slots(spans, language, target) for target in LANGUAGES]
