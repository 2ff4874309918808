"""FAQs made from cases, brought in by the pipeline and asked for in other words; reviews fall due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.bootstrap import App
from adapters.cli.doctor import run_checks
from adapters.errors import CommandFailed
from adapters.serve.desk.faq_containment import measure_containment
from adapters.serve.desk.faq_reviews import remind_of_reviews
from adapters.serve.desk.papers import collect_agenda
from adapters.settings import Settings
from bot.admin.desk.papers.agenda_paper import build_agenda_paper
from bot.context import Decision
from bot.store import tables as t
from bot.types import Binding
from tests.samples.small_library import load_glossary
from tests.samples.stub_library import BigramEmbedder, write_library

CASES = [
    {"id": "kiln", "question": "가마를 다낭 공장에 들일 때 허가가 필요한가요?", "country": "VN",
     "paraphrase": "다낭 공장에 가마를 들이려면 허가를 받아야 하나요?",
     "answer": "다낭에서는 소방 허가를 먼저 받습니다. 신청하고 2주가 걸립니다."},
    {"id": "glaze", "question": "유약 견본을 항공으로 보내도 되나요?", "country": "VN",
     "paraphrase": "유약 견본은 비행기로 보낼 수 있나요?",
     "answer": "유약 견본은 1kg까지 항공으로 보냅니다. 성분표를 붙입니다."},
    {"id": "hostage", "question": "직원이 붙잡혀 있어요", "country": "VN", "urgency": "critical",
     "paraphrase": "직원이 억류됐어요", "answer": "곧 연락드립니다."},
]  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = App(Settings(data=tmp_path / "data", _env_file=None), embedder_override=BigramEmbedder())
    made.glossary = load_glossary()
    plan = made.ingest.plan([write_library(tmp_path / "documents")])
    made.ingest.apply(plan, note="test", now=datetime.now(UTC))
    yield made
    made.engine.dispose()


def test_faqs_contain_paraphrases_until_they_are_withdrawn(app: App) -> None:
    found = measure_containment(app, CASES)
    assert (found["contained"]["n"], found["left_out"]) == (2, 1)
    assert found["contained"]["share"] == 1 and found["another_faq_said"]["share"] == 0
    assert sorted(path.name for path in (app.settings.data / "faq").rglob("*.md")) == [
        "naru-faq-1.md", "naru-faq-2.md",
    ]  # fmt: skip
    edition = app.catalogue.get_active_edition() or 0
    assert app.faq_shelf.publish() is None  # nothing changes: no edition is made twice
    assert app.catalogue.get_active_edition() == edition

    # Withdrawn ones leave with the next edition, also the last.
    for number in (1, 2):
        draft = app.store.faq.find(number)
        assert draft
        gone = Decision(faq=replace(draft, state="withdrawn"))
        app.store.commit_without_message(f"withdraw:{number}", gone, app.now())
        assert app.faq_shelf.publish()
    versions = app.catalogue.load_versions(app.catalogue.get_active_edition() or 0)
    assert not [one for one in versions if one.document.id.startswith("naru-faq")]
    assert not list((app.settings.data / "faq").rglob("*.md"))
    assert len(versions) == 3  # the others stay


def test_an_expired_review_is_told_once_and_shown(app: App) -> None:
    measure_containment(app, CASES)
    mission = (app.store.faq.list_all()[0]).mission
    room = Decision(new_binding=Binding(mission, "slack", "C0ROOM"))
    app.store.commit_without_message("bind", room, app.now())
    assert remind_of_reviews(app) == []
    later = replace(app, now=lambda: datetime.now(UTC) + timedelta(days=200))
    later.store, later.glossary = app.store, app.glossary
    assert remind_of_reviews(later) == ["review of FAQ 1", "review of FAQ 2"]
    assert remind_of_reviews(later) == []
    with app.engine.connect() as connection:
        bodies = [str(row.body) for row in connection.execute(select(t.outbox))]
    assert len(bodies) == 2 and "검토일" in bodies[0]
    (check,) = [one for one in run_checks(later) if one.name == "FAQs"]
    assert not check.ok and "naru faq approve" in check.message
    paper = build_agenda_paper(collect_agenda(later, mission), "ko")
    assert "검토일이 지난 FAQ" in [section.heading for section in paper.sections]


def test_an_entry_without_a_question_is_named(app: App) -> None:
    with pytest.raises(CommandFailed, match="Entry 1"):
        measure_containment(app, [{"answer": "가"}])
