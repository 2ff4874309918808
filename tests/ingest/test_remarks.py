"""What is said of files and addresses: in every language, with its figures, and by somebody."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

import adapters
import ingest
from ingest.errors import Refusal
from ingest.remarks import Remark, load_sentences
from knowledge.types import LANGUAGES, Language
from tests.ingest.refusal_cases import AT, CASES, provoke_refusal

PARTS = ("front_matter", "side_car", "about", "two_remarks")  # said within another one
# What only a machine without something, or a whole file of a format, can show: the test that does,
# and the words of it.
COVERED_ELSEWHERE = {
    "open_end": ("document/test_windows.py", "예산 소진 시까지"),
    "unread_end": ("document/test_windows.py", "읽지 못했습니다"),
    "newer_notice": ("test_pipeline.py", "대신하는 것으로 보입니다"),
    "phrases_lost": ("plan/test_phrases.py", "How long?"),
    "no_source": ("../adapters/uploads/test_library_service.py", "그런 출처가 없거나"),
    "too_slow": ("formats/test_worker.py", "longer than 0"),
    "too_much_memory": ("formats/test_worker.py", "more than 512 MB of memory"),
    "too_much_text": ("formats/test_worker.py", "more than 20,000,000 characters"),
    "reader_died": ("formats/test_worker.py", "died of it"),
    "scanned": ("formats/pdf/test_pdf.py", "are scanned"),
    "pages_left_out": ("plan/test_scan.py", "pages_left_out"),
    "pages_recognised": ("formats/pdf/test_pdf.py", "check what was recognised"),
    "not_recognised": ("formats/pdf/test_pdf.py", "Failed loading language"),
    "garbled": ("formats/pdf/test_seen.py", "have no Unicode table"),
    "garbled_pages_left_out": ("formats/pdf/test_seen.py", "were left out, because their fonts"),
    "garbled_pages_recognised": ("formats/pdf/test_seen.py", "recognised from their picture"),
    "pages_with_text_layer": ("formats/pdf/test_seen.py", "recognised by another program"),
    "hwp_damaged": ("formats/test_refused.py", "a damaged HWP file"),
    "part_with_entities": ("formats/test_refused.py", "declares entities"),
    "archives_deep": ("document/test_archive.py", "archives deep"),
    "member_link": ("document/test_archive.py", "link to another file"),
    "member_twice": ("document/test_archive.py", "two members"),
    "member_locked": ("document/test_archive.py", "locked with a password"),
    "id_taken": ("document/test_skipped.py", "'voucher'"),
    "redirects": ("web/test_fetch.py", "more than 5 times"),
    "too_late": ("web/test_fetch.py", "in time"),
    "no_connection": ("web/test_fetch.py", "cannot be read"),
    "page_empty": ("web/test_fetch.py", "empty"),
    "struck_left_out": ("formats/test_seen.py", "struck_left_out"),
    "hidden_left_out": ("formats/test_seen.py", "hidden_left_out"),
    "white_left_out": ("formats/office/test_word_seen.py", "white_left_out"),
    "areas_left_out": ("formats/test_seen.py", "areas_left_out"),
    "slides_left_out": ("formats/office/test_slide_text.py", "slides_left_out"),
    "formulas_unsaved": ("formats/test_seen.py", "formulas_unsaved"),
    "must_wait": ("sources/test_web_sources.py", "must wait"),
    "document_undated": ("checks/test_dates.py", '"document_undated"'),
    "source_without_date": ("checks/test_dates.py", '"source_without_date"'),
    "source_undated": ("checks/test_dates.py", '"source_undated"'),
    "call_without_end": ("checks/test_dates.py", '"call_without_end"'),
    "window_without_end": ("checks/test_dates.py", '"window_without_end"'),
    "checked_stale": ("checks/test_dates.py", '"checked_stale"'),
    "checked_in_future": ("checks/test_dates.py", '"checked_in_future"'),
    "sections_differ": ("checks/test_translations.py", '"sections_differ"'),
    "front_differs": ("checks/test_translations.py", '"front_differs"'),
    "numbers_differ": ("checks/test_translations.py", '"numbers_differ"'),
    "numbers_left_out": ("checks/test_translations.py", '"numbers_left_out"'),
    "numbers_added": ("checks/test_translations.py", '"numbers_added"'),
    "not_translated": ("checks/test_translations.py", '"not_translated"'),
    "facts_differ": ("checks/test_facts.py", '"facts_differ"'),
    "unknown_id": ("checks/test_references.py", '"unknown_id"'),
    "translation_of_one": ("checks/test_references.py", '"translation_of_one"'),
    "dead_link": ("checks/test_references.py", '"dead_link"'),
    "unknown_title": ("checks/test_references.py", '"unknown_title"'),
    "long_line": ("checks/test_readability.py", '"long_line"'),
    "long_sentence": ("checks/test_readability.py", '"long_sentence"'),
}


def test_each_kind_is_written_in_three_languages_with_the_same_names() -> None:
    def is_wrong(kind: str, sentences: Mapping[Language, str]) -> bool:
        return (
            set(sentences) != set(LANGUAGES)
            or not all(map(str.strip, sentences.values()))
            or len({placeholder_names(sentence) for sentence in sentences.values()}) != 1
            or not (kind in ("about", "two_remarks") or re.search("[가-힣]", sentences["ko"]))
            or bool(re.search("[가-힣]", sentences["en"] + sentences["vi"]))
        )

    assert len(load_sentences()) > 90
    assert [kind for kind, said in load_sentences().items() if is_wrong(kind, said)] == []


def test_whoever_says_a_kind_gives_it_its_figures() -> None:
    for kind, given in list_remark_calls():
        assert placeholder_names(load_sentences()[kind]["en"]) == given, kind


def test_every_kind_is_said_and_every_one_that_is_said_is_written() -> None:
    assert {kind for kind, _ in list_remark_calls()} == set(load_sentences())


def placeholder_names(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def list_remark_calls() -> Iterator[tuple[str, set[str]]]:
    """The kinds in the code and the names of their figures."""
    for package_ in (ingest, adapters):
        for path in Path(package_.__file__ or "").parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield from _kind(node, node.func.id)


def _kind(call: ast.Call, name: str) -> Iterator[tuple[str, set[str]]]:
    if name not in ("Unreadable", "NotFetched", "Remark") or not call.args:
        return
    kind = call.args[0]
    if not isinstance(kind, ast.Constant):
        return
    facts = {one.arg for one in call.keywords if one.arg and one.arg != "wait"}
    for more in call.args[1:]:
        assert isinstance(more, ast.Dict)
        facts |= {str(key.value) for key in more.keys if isinstance(key, ast.Constant)}
    yield str(kind.value), facts


def find_refusal_problems(kind: str, refusal: Refusal | None) -> Iterator[str]:
    """What is wrong with the refusal of a case, which should be of this kind."""
    if refusal is None or refusal.remark.kind != kind:
        yield f"{kind}: raised {refusal!r}"
        return
    remark = refusal.remark
    for language in LANGUAGES:
        sentence = remark.render(language)
        if "\n" in sentence or re.search(r"\{\w*\}|Remark\(", sentence):
            yield f"{kind}: {sentence}"
    if str(refusal) != remark.render("en"):
        yield f"{kind}: {refusal} is not the English sentence"
    again = Remark.from_json(json.loads(json.dumps(remark.to_json())))
    if again.render("ko") != remark.render("ko"):
        yield f"{kind}: {again.render('ko')} after JSON"


def test_each_kind_is_said_where_it_is_true(tmp_path: Path) -> None:
    assert [
        problem
        for kind in sorted(CASES)
        for problem in find_refusal_problems(kind, provoke_refusal(kind, tmp_path / kind))
    ] == []


def test_every_kind_is_reached_by_a_test() -> None:
    assert set(CASES) | set(COVERED_ELSEWHERE) | set(PARTS) == set(load_sentences())
    for kind, (file, words) in COVERED_ELSEWHERE.items():
        assert words in (Path(__file__).parent / file).read_text(), kind


def test_what_is_said_within_another_remark_is_in_the_same_language(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as raised:
        CASES["not_yaml"](tmp_path)
    assert raised.value.remark.render("ko").startswith(
        "딸린 정보 파일(side-car) a.md.meta.yaml: YAML"
    )
    about = Remark("about", {"at": AT, "why": Remark("page_too_large", {"most": 50})})
    assert about.render("vi") == f"{AT}: lớn hơn 50 MB. Hãy chọn tệp nhỏ hơn."


def test_particles_of_a_remark_agree_with_its_facts() -> None:
    def render(name: str) -> str:
        return Remark("phrases_of_another", {"name": name, "owner": "a", "id": name}).render("ko")

    shown = {name: render(name) for name in ("질문.md", "목록")}
    assert "목록은 다른" in shown["목록"] and "목록으로 고치" in shown["목록"]
    assert not any(re.search(r"[은을이](?=\()|\(으\)", text) for text in shown.values())
