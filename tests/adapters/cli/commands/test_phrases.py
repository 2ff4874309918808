"""`naru phrases` and `naru ingest --phrases`: from what people showed to a known question."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.cli import options
from bot.context import Decision
from knowledge.phrases import generation
from knowledge.phrases.phrase import SectionChoice
from tests.adapters.cli.conftest import AS_OF, CommandResult, RunCommand
from tests.fakes.openai_server import OpenAIServer

HEADING = ("나루 물류바우처", "물류비는 얼마까지 지원하나요?")
CHOICE = SectionChoice("telegram:77", "ko", "배 운임 쳐주는 거 상한이 있어요?", "freight", HEADING)
PROPOSAL_KEYS = ["id", "question", "language", "document", "title", "heading", "section_text",
                 "origin", "sources", "conversations", "near"]  # fmt: skip
NEW_DOCUMENT = (
    "---\nlanguage: ko\n---\n# 새 제도\n\n## 새 제도는 무엇인가요?\n새 제도는 나루를 건너는 제도입니다.\n"
    "\n## 새 제도는 누가 신청하나요?\n배가 있는 기업이 신청합니다.\n"
)
WRITTEN = "ko: 강 건너는 지원이 뭔가요?\nen: What is the ferry scheme about?\nen: 아무 말\nko: 90% 되나요?"
FOR_WHOM = "ko: 배 없는 회사도 되나요?\nvi: Công ty có thuyền thì được nộp không?"


def keep(*choices: SectionChoice) -> None:
    store = options.build_app().store
    for number, choice in enumerate(choices):
        store.commit_without_message(
            f"{number}", Decision(choice=choice), options.make_clock(AS_OF)()
        )


def list_open(run: RunCommand) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("phrases", "--json").json["proposals"]
    return found


@pytest.mark.usefixtures("own_library")
class TestReview:
    def test_an_approved_question_is_said_from_then_on(
        self, run: RunCommand, own_library: Path
    ) -> None:
        def ask() -> Any:
            return run("ask", CHOICE.question, "--json", "--as-of", AS_OF).json

        before = ask()
        keep(CHOICE)
        (found,) = list_open(run)
        assert list(found) == PROPOSAL_KEYS and found["sources"] == {"chosen": 1}
        assert (found["heading"], found["conversations"]) == (list(HEADING), 1)
        assert run("phrases", "--approve", found["id"], "--json").json == {
            "approved": [found["id"]], "rejected": [],
        }  # fmt: skip
        after = ask()
        assert after["verdict"] == "answered" and "3천만 원" in after["text"]
        assert after["confidence"] > before["confidence"]
        assert after["edition"] == before["edition"]
        assert list_open(run) == []
        (path,) = (own_library / "phrases").glob("*.yaml")
        assert "asked:\n  - 배 운임" in path.read_text(encoding="utf-8")
        assert "77" not in path.read_text(encoding="utf-8")

    def test_a_rejected_one_does_not_come_back(self, run: RunCommand) -> None:
        keep(CHOICE)
        (found,) = list_open(run)
        assert "Rejected" in run("phrases", "--reject", found["id"]).out
        keep(SectionChoice("telegram:78", "ko", CHOICE.question, "freight", HEADING, "staff"))
        assert list_open(run) == [] and "No proposals." in run("phrases").out

    def test_one_can_be_approved_in_other_words(self, run: RunCommand, own_library: Path) -> None:
        keep(CHOICE)
        (found,) = list_open(run)
        run("phrases", "--approve", found["id"], "--text", " 배 운임의\n상한은? ")
        (path,) = (own_library / "phrases").glob("*.yaml")
        assert "- 배 운임의 상한은?" in path.read_text(encoding="utf-8")
        assert "쳐주는" not in path.read_text(encoding="utf-8") and list_open(run) == []

    def test_what_is_asked_wrongly_changes_nothing(self, run: RunCommand) -> None:
        keep(CHOICE)
        (found,) = list_open(run)
        for arguments, code in (
            (["--approve", found["id"], "--reject", "0" * 12], 1),
            (["--approve", found["id"], "--reject", found["id"]], 2),
            (["--text", "말"], 2),
            (["--approve", found["id"], "--text", " "], 2),
            (["--review", "--json"], 2),
        ):
            assert run("phrases", *arguments).code == code
        assert len(list_open(run)) == 1

    def test_a_damaged_side_file_is_named(self, run: RunCommand, own_library: Path) -> None:
        (own_library / "phrases").mkdir()
        (own_library / "phrases" / "mine.yaml").write_text("[", encoding="utf-8")
        ran = run("phrases", "--json")
        assert ran.code == 1 and "mine.yaml cannot be read" in ran.json["error"]
        (check,) = [one for one in run("doctor", "--json").json if one["check"] == "phrases"]
        assert not check["ok"] and "mine.yaml" in check["say"]
        assert run("ask", "물류비는 얼마까지 지원하나요?", "--as-of", AS_OF).code == 0

    def test_the_review_asks_about_each_one(
        self, run: RunCommand, own_library: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        staff = SectionChoice("slack:D1:U1", "ko", "해상 운임 한도는?", "freight", HEADING, "staff")
        nonsense = SectionChoice("telegram:77", "ko", "오늘 점심 뭐예요?", "freight", HEADING)
        again = SectionChoice("telegram:79", "ko", CHOICE.question, "freight", HEADING)
        keep(CHOICE, again, staff, nonsense)

        def review(typed: str) -> CommandResult:
            monkeypatch.setattr("sys.stdin", io.StringIO(typed))
            return run("phrases", "--review")

        shown = review("x\ns\nq\n").out  # a slip is asked again; nothing is settled
        assert "1/3" in shown and "2/3" in shown and "3/3" not in shown
        assert "answered by staff in 1; 1 conversation\n" in shown
        assert "chosen in 2; 2 conversations\n" in shown and "0 approved, 0 rejected." in shown
        ended = review("a\n")  # the end of the input keeps what was decided
        assert "1 approved" in ended.out and len(list_open(run)) == 2
        ended = review("e\n배 운임 상한이 있나요?\nr\n")
        assert "one founder alone says so" in ended.out and "1 approved, 1 rejected." in ended.out
        assert list_open(run) == []
        text = "".join(
            one.read_text(encoding="utf-8") for one in (own_library / "phrases").rglob("*.*")
        )
        assert "해상 운임 한도는?" in text and "배 운임 상한이 있나요?" in text
        assert "점심" not in text


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        monkeypatch.setenv("NARU_LLM", "openai:test-model")
        monkeypatch.setenv("NARU_LLM_BASE_URL", server.base_url)
        monkeypatch.setenv("NARU_LLM_API_KEY", "sk-test")
        server.set_answer(lambda asked: FOR_WHOM if "누가" in asked[-1]["content"] else WRITTEN)
        yield server


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "new.md").write_text(NEW_DOCUMENT, encoding="utf-8")
    return tmp_path / "documents"


@pytest.mark.server
@pytest.mark.usefixtures("quick")
class TestGenerated:
    """In a library that has only the admin's own document of two sections."""

    @pytest.fixture(autouse=True)
    def _own_data(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("NARU_DATA", str(tmp_path / "data"))

    def test_a_model_proposes_and_an_admin_approves(
        self, run: RunCommand, model: OpenAIServer, documents: Path
    ) -> None:
        ran = run("ingest", str(documents), "--phrases", "--json")
        assert ran.code == 0 and ran.json["phrases"] == {
            "sections": 2, "proposed": 4, "left": 0, "problems": [],
        }  # fmt: skip
        proposals = list_open(run)
        assert len(proposals) == 4 and {one["origin"] for one in proposals} == {"generated"}
        assert all(one["conversations"] == 0 and one["sources"] == {} for one in proposals)
        run("phrases", "--approve", proposals[0]["id"], "--reject", proposals[1]["id"])
        assert len(list_open(run)) == 2
        # What was asked for once is not asked for again.
        again = run("ingest", "--phrases", "--json")
        assert again.json["phrases"]["sections"] == 0 and len(model.requests) == 2

    def test_a_model_that_fails_says_so_and_what_is_done_stays(
        self, run: RunCommand, model: OpenAIServer, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(generation, "GENERATION_TIMEOUT_SECONDS", 0.5)
        assert run("ingest", str(documents)).code == 0
        model.refuse_next(429)
        refused = run("ingest", "--phrases")
        assert refused.code == 1 and "Sections left: 1." in refused.out
        assert (
            "새 제도는 무엇인가요?: openai:test-model failed: OpenAIRateLimitError" in refused.err
        )
        assert len(list_open(run)) == 2
        model.delay_next(5)
        stalled = run("ingest", "--phrases", "--json")
        assert stalled.code == 1 and stalled.json["phrases"]["left"] == 1
        assert run("ingest", "--phrases", "--json").json["phrases"]["sections"] == 1
        assert len(list_open(run)) == 4

    def test_the_shipped_documents_are_not_sent(
        self, run: RunCommand, model: OpenAIServer, documents: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ingest.plan.files.SHIPPED_LIBRARY", documents)
        assert run("ingest", str(documents)).code == 0
        assert run("ingest", "--phrases", "--json").json["phrases"]["sections"] == 0
        assert model.requests == []


@pytest.mark.usefixtures("library")
def test_without_a_model_and_with_a_plan_it_says_what_is_wrong(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("ingest", "--phrases", "--json")
    assert ran.code == 1 and "Set NARU_LLM" in ran.json["error"]
    monkeypatch.setenv("NARU_LLM", "openai:test-model")
    assert run("ingest", "--phrases", "--plan").code == 2
