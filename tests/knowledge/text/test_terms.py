"""From text to terms: equal words give equal terms, whatever particle follows them."""

from __future__ import annotations

import pytest

from knowledge.text.terms import Analyser, pair_syllables, strip_marks


@pytest.fixture(scope="module")
def plain() -> Analyser:
    """An analyser without a glossary."""
    return Analyser()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("검색팀", "검색팀을"),
        ("검색팀의", "검색팀에서는"),
        ("수출바우처", "수출바우처로도"),
        ("공관은", "공관에게"),
        ("환급이", "환급까지만"),
    ],
)
def test_korean_particles_change_no_term(plain: Analyser, one: str, other: str) -> None:
    assert plain.tokenise(one, "ko") == plain.tokenise(other, "ko") != []


def test_a_korean_noun_is_not_cut_to_its_first_syllable(plain: Analyser) -> None:
    assert plain.tokenise("회의는 언제 하나요?", "ko") == ["회의"]


def test_verbs_are_in_their_dictionary_form(plain: Analyser) -> None:
    assert plain.tokenise("막혔어요", "ko")[0] == plain.tokenise("막힌", "ko")[0] == "막히다"


@pytest.mark.parametrize(
    "text",
    ["시음회", "시음회 개최비 지원", "시음회를 열 때", "해외 시음회 지원", "와인 시음회·시식회"],
)
def test_an_unknown_compound_gives_the_same_terms_beside_any_word(
    analyser: Analyser, text: str
) -> None:
    """Kiwi by itself divides it in some of these and not in others."""
    terms = analyser.tokenise(text, "ko")
    start = terms.index("시음")
    assert terms[start : start + 2] == ["시음", "회"] == analyser.tokenise("시음회", "ko")


def test_what_looks_like_a_compound_and_holds_no_nouns_only_stays_as_it_is(
    plain: Analyser,
) -> None:
    assert plain.tokenise("기다리는 회사", "ko") == ["기다리다", "회사"]


def test_stop_words_are_left_out(plain: Analyser) -> None:
    assert plain.tokenise("그런데 혹시 그냥 무엇인가요?", "ko") == []
    assert plain.tokenise("What is the and how do we?", "en") == []


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("돈을 안 줘요", "안주다"), ("돈을 안줘요", "안주다"), ("대금을 주지 않습니다", "안주다"),
        ("대금을 못 받았어요", "안받다"), ("돈 못받음", "안받다"), ("받지 못했습니다", "안받다"),
    ],
)  # fmt: skip
def test_a_negated_verb_is_a_term(plain: Analyser, text: str, term: str) -> None:
    assert term in plain.tokenise(text, "ko")
    assert not [one for one in plain.tokenise("돈을 주고 받았어요", "ko") if one.startswith("안")]


def test_a_glossary_word_stays_one_word(plain: Analyser) -> None:
    assert plain.tokenise("자부담을", "ko") == ["부담"]
    assert Analyser(("자부담",)).tokenise("자부담을", "ko") == ["자부담"]


def test_english_words_are_stemmed_and_compounds_split(plain: Analyser) -> None:
    assert plain.tokenise("Applying applied apply", "en") == ["appli"] * 3
    assert plain.tokenise("freight-based vouchers of SMEs", "en") == [
        "freight",
        "base",
        "voucher",
        "sme",
    ]
    assert plain.tokenise("K-beauty", "en") == ["k-beauti"]


@pytest.mark.parametrize("language", ["ko", "en", "vi"])
def test_abbreviations_are_one_word_however_written(plain: Analyser, language: str) -> None:
    assert plain.tokenise("L/C", language) == plain.tokenise("LC", language) != []  # type: ignore[arg-type]


def test_vietnamese_is_found_with_and_without_marks(plain: Analyser) -> None:
    marked, bare = plain.tokenise("hoàn thuế", "vi"), plain.tokenise("hoan thue", "vi")
    assert marked != bare
    assert strip_marks(marked) == strip_marks(bare) == ["vi:hoan", "vi:thue"]
    assert pair_syllables(strip_marks(marked)) == ["vi:hoan_thue"]
    assert "vi:hoan_thue" in plain.tokenise_passage("hoàn thuế", "vi")


def test_without_marks_a_stop_word_stays_in_a_known_word() -> None:
    analyser = Analyser((), frozenset({("co", "quan")}))
    assert analyser.tokenise("co quan nao, co duoc khong", "vi") == ["vi:co", "vi:quan"]
    assert analyser.tokenise("có được không", "vi") == []


def test_a_word_that_is_not_a_vietnamese_syllable_gives_its_english_term(plain: Analyser) -> None:
    assert plain.tokenise("kotra nhận vouchers", "vi") == ["kotra", "vi:nhận", "voucher"]


def test_korean_words_in_other_languages_are_analysed_as_korean(plain: Analyser) -> None:
    assert plain.tokenise("voucher 수출을 nhận", "vi") == ["voucher", "수출", "vi:nhận"]
    assert plain.tokenise("a refund of 수출을", "en") == ["refund", "수출"]


def test_vietnamese_names_are_shared_with_the_other_languages(plain: Analyser) -> None:
    assert plain.tokenise("KOTRA 2026", "vi") == ["kotra", "2026"]
    assert plain.tokenise("KOTRA", "ko") == plain.tokenise("KOTRA", "en") == ["kotra"]


def test_names_are_proper_nouns_and_words_with_a_capital(analyser: Analyser) -> None:
    assert {"홍길동", "수출바우처"} <= analyser.find_names(
        "홍길동 과장은 수출바우처를 봅니다.", "ko"
    )
    assert analyser.find_names("Ask Samsung or the KOTRA office.", "en") == {"samsung", "kotra"}
    assert analyser.find_names("you may apply", "en") == set()
    assert analyser.find_names("hỏi tại Hà Nội", "vi") == {"vi:hà", "vi:nội"}


def test_other_user_words_change_the_fingerprint() -> None:
    assert Analyser().fingerprint != Analyser(("물바",)).fingerprint
    assert "kiwipiepy-" in Analyser().fingerprint
