"""An admin's own documents beside those that come with Naru."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from adapters.bootstrap import App
from ingest.types import Root
from knowledge.types import SHIPPED_ORIGIN, Answer, Question
from tests.samples import small_library

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
FRONT = (
    "---\nid: {id}\ntitle: {title}\nissuer: x\nlanguage: ko\nurl: https://example.org/{id}\n---\n"
)
TEXT = "## 창고 보관료\n창고 보관료는 {sum}이며 매달 {day}일에 냅니다.\n"
SHIPPED = FRONT.format(id="shipped", title="창고 안내") + TEXT.format(sum="9만 원", day=10)
OWN = FRONT.format(id="own", title="창고 안내문") + TEXT.format(sum="7만 원", day=20)
PRICES = """| 부스 | 조기 | 일반 |
| --- | --- | --- |
| 2x2 조립부스 | 180만 원 | 210만 원 |
| 3x3 조립부스 | 290만 원 | 340만 원 |
| 3x6 조립부스 | 560만 원 | 650만 원 |
"""

Make = Callable[..., App]


@pytest.fixture
def make(warm_app: App, tmp_path: Path) -> Iterator[Make]:
    """Makes a Naru over the small library as if it were shipped, with further documents."""
    made: list[App] = []

    def make(shipped: str = "", own: str = "") -> App:
        folder = tmp_path / f"data-{len(made)}"
        shutil.copytree(small_library.prepare_data(), folder)
        app = small_library.make_app(folder)
        made.append(app)
        roots = []
        for name, text in (("shipped", shipped), ("own", own)):
            if text:
                path = tmp_path / f"{name}-{len(made)}.md"
                path.write_text(text, encoding="utf-8")
                roots.append(Root(path, SHIPPED_ORIGIN if name == "shipped" else name))
        app.ingest.apply(app.ingest.plan(roots), note="test", now=NOW)
        return app

    yield make
    for app in made:
        app.engine.dispose()


@pytest.fixture(scope="module")
def warm_app() -> App:
    small_library.warm_up()
    return small_library.make_app(small_library.prepare_data())


def ask(app: App, text: str) -> Answer:
    return app.chain.ask(Question(text, "ko", NOW))


def list_documents(answer: Answer) -> list[str]:
    return [
        one.passage.document.id
        for one in answer.findings
        if one.passage.document.id in ("own", "shipped")
    ]


def test_of_two_that_fit_equally_the_own_one_is_first_and_the_shipped_one_still_there(
    make: Make,
) -> None:
    answer = ask(make(SHIPPED, OWN), "창고 보관료는 얼마인가요?")
    assert list_documents(answer)[:2] == ["own", "shipped"]
    assert answer.verdict == "offered"
    assert [offer.document for offer in answer.offers][:2] == ["own", "shipped"]


def test_a_shipped_one_that_fits_clearly_better_stays_first(make: Make) -> None:
    other = OWN.replace("## 창고 보관료\n창고 보관료는", "## 주차료\n주차료는")
    assert list_documents(ask(make(SHIPPED, other), "창고 보관료는 얼마인가요?"))[0] == "shipped"


def test_a_shipped_one_that_is_known_to_ask_the_same_stays_first(make: Make) -> None:
    app = make(SHIPPED, OWN)
    scored = _score(app, "창고 보관료는 얼마인가요?")
    shipped = next(one for one in scored if one.hit.passage.document.id == "shipped")
    others = [one for one in scored if one is not shipped]
    sure = replace(shipped, features={**shipped.features, "known": 0.9})
    model = app.chain._confidence_model
    assert model.put_own_first([shipped, *others], {"own"}, "ko")[0] is not shipped
    plain = [replace(one, features={**one.features, "known": 0.2}) for one in others]
    assert model.put_own_first([sure, *plain], {"own"}, "ko")[0] is sure


def _score(app: App, text: str) -> list:  # type: ignore[type-arg]
    question = Question(text, "ko", NOW)
    hits = app.retriever.search(app.library.get_current_edition(), question)
    return app.chain._confidence_model.score_hits(question, hits)


def test_a_row_is_shown_with_the_heads_of_its_columns_as_lines(make: Make) -> None:
    own = FRONT.format(id="own", title="단체관 부스 단가표") + f"## 부스 단가\n{PRICES}"
    app = make(own=own)
    answer = ask(app, "부스 3x3 가격은?")
    if answer.verdict == "offered":
        question = Question("부스 3x3 가격은?", "ko", NOW)
        answer = app.chain.show_section(question, answer.offers[0])
    assert (
        answer.text.replace("…\n", "") == "3x3 조립부스\n- 조기: 290만 원\n- 일반: 340만 원\n… [1]"
    )
    assert answer.citations[0].document == "own" and "2x2" not in answer.citations[0].quote


def test_a_question_that_names_no_row_gets_the_whole_table(make: Make) -> None:
    own = FRONT.format(id="own", title="단체관 부스 단가표") + f"## 부스 단가\n{PRICES}"
    app = make(own=own)
    offers = ask(app, "부스 단가 알려주세요").offers
    assert offers
    answer = app.chain.show_section(Question("부스 단가 알려주세요", "ko", NOW), offers[0])
    assert all(size in answer.text for size in ("2x2", "3x3", "3x6"))
