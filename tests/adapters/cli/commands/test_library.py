"""`naru ingest`, editions, rollback, reindex, prune, eval, doctor: the library from the outside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import knowledge.evaluation.exam
from adapters.cli import options
from tests.adapters.cli.conftest import AS_OF, RunCommand
from tests.samples import small_library

NEW_DOCUMENT = "---\nlanguage: ko\n---\n# 새 제도\n\n## 새 제도는 무엇인가요?\n새 제도는 나루를 건너는 제도입니다.\n"
REPORT = ["edition", "applied", "counts", "identity", "changes", "skipped", "notes", "seconds"]
GOLDEN = """
- {id: same, language: ko, question: "원산지 증명은 어디에 물어보나요?", answerable: true,
   as_of: "2026-11-21T10:00+09:00"}
- {id: other, language: ko, question: "물류비는 얼마까지 지원하나요?", answerable: true,
   as_of: "2026-11-21T10:00+09:00"}
- {id: early, language: ko, question: "해외인증 1차 모집은 언제까지 신청하나요?", answerable: true,
   as_of: "2026-03-15T10:00+09:00"}
- {id: late, language: ko, question: "해외인증 1차 모집은 언제까지 신청하나요?", answerable: true,
   as_of: "2026-11-21T10:00+09:00"}
"""


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "new.md").write_text(NEW_DOCUMENT, encoding="utf-8")
    return tmp_path / "documents"


@pytest.mark.usefixtures("own_library")
class TestEditions:
    def test_a_plan_changes_nothing(self, run: RunCommand, documents: Path) -> None:
        found = run("ingest", str(documents), "--plan", "--no-golden", "--json").json
        assert list(found) == REPORT
        assert (found["edition"], found["applied"], found["counts"]["created"]) == (1, False, 1)
        assert [one["id"] for one in found["changes"]] == ["new.md"]
        assert [row["id"] for row in run("editions", "--json").json] == [1]

    def test_ingest_makes_an_edition_that_answers_and_twice_changes_nothing(
        self, run: RunCommand, documents: Path
    ) -> None:
        found = run("ingest", str(documents), "--json").json
        assert (found["edition"], found["applied"]) == (2, True)
        assert found["counts"]["unchanged"] == len(small_library.DOCUMENTS)
        asked = run("ask", "새 제도는 무엇인가요?", "--json", "--as-of", AS_OF).json
        assert asked["edition"] == 2 and "나루를 건너는" in asked["text"]
        again = run("ingest", str(documents), "--json").json
        assert (again["edition"], again["applied"]) == (2, False)

    def test_rollback_answers_from_the_earlier_edition(
        self, run: RunCommand, documents: Path
    ) -> None:
        run("ingest", str(documents))
        assert run("rollback", "1", "--json").json == {"edition": 1}
        asked = run("ask", "새 제도는 무엇인가요?", "--json", "--as-of", AS_OF).json
        assert asked["edition"] == 1 and "나루를 건너는" not in asked["text"]
        active = {row["id"]: row["active"] for row in run("editions", "--json").json}
        assert active == {1: True, 2: False}
        assert "* 1" in run("editions").out

    def test_reindex_and_prune(self, run: RunCommand, documents: Path) -> None:
        assert run("reindex", "--json").json["vectors"] > 0
        run("ingest", str(documents))
        assert run("prune", "--keep", "1", "--json").json == {"dropped": [1]}
        assert run("prune").out == "Dropped: none.\n"

    def test_a_file_that_cannot_be_taken_is_named_and_the_others_go_in(
        self, run: RunCommand, documents: Path
    ) -> None:
        (documents / "empty.md").write_text("")
        (documents / "slides.pptx").write_bytes(b"PK")
        ran = run("ingest", str(documents), "--json")
        assert ran.code == 1 and ran.json["applied"]
        assert {one["file"] for one in ran.json["skipped"]} == {"empty.md", "slides.pptx"}
        assert all(one["why"] for one in ran.json["skipped"])
        shown = run("ingest", str(documents))
        assert "skipped   slides.pptx" in shown.err and "nothing was changed" in shown.out


@pytest.fixture
def golden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An exam of four questions instead of the shipped one."""
    (tmp_path / "exam").mkdir()
    (tmp_path / "exam" / "open.yaml").write_text(GOLDEN, encoding="utf-8")
    (tmp_path / "exam" / "locked.yaml").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(knowledge.evaluation.exam, "EXAM_FOLDER", tmp_path / "exam")


@pytest.fixture
def revised(tmp_path: Path) -> Path:
    """The freight voucher in a later wording, and the certificate's window moved."""
    folder = tmp_path / "revised"
    folder.mkdir()
    written = small_library.write_documents(tmp_path / "written")
    for name, old, new in (("freight", "3천만", "5천만"), ("certificate", "3월 31일", "4월 30일")):
        text = (written / f"{name}.md").read_text(encoding="utf-8")
        text = text.replace(old, new).replace("expires: 2026-03-31", "expires: 2026-04-30")
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("own_library", "golden")
class TestGolden:
    def test_a_plan_names_the_questions_that_would_be_answered_otherwise(
        self, run: RunCommand, revised: Path
    ) -> None:
        found = run("ingest", str(revised), "--plan", "--json").json
        assert list(found) == [*REPORT[:-1], "golden", "golden_asked", "seconds"]
        assert found["golden_asked"] == 4
        changed = {one["id"]: one for one in found["golden"]}
        assert set(changed) == {"other", "early", "late"}
        other = changed["other"]
        assert (other["old"]["verdict"], other["new"]["verdict"]) == ("answered", "answered")
        assert "3천만" in other["old"]["text"] and "5천만" in other["new"]["text"]
        assert other["old"]["documents"][0] == other["new"]["documents"][0] == "freight"
        assert [changed[id]["new"]["verdict"] for id in ("early", "late")] == [
            "answered", "expired",
        ]  # fmt: skip

    def test_the_plan_is_right_and_leaves_no_trace(
        self, run: RunCommand, revised: Path, own_library: Path
    ) -> None:
        asked = ("ask", "물류비는 얼마까지 지원하나요?", "--json", "--as-of", AS_OF)
        before, editions = run(*asked).out, run("editions", "--json").out
        indexes = sorted(path.name for path in (own_library / "index").iterdir())
        planned = run("ingest", str(revised), "--plan", "--json").json
        assert (run(*asked).out, run("editions", "--json").out) == (before, editions)
        assert sorted(path.name for path in (own_library / "index").iterdir()) == indexes
        assert run("doctor").code == 0
        again = run("ingest", str(revised), "--plan", "--no-golden", "--json").json
        assert planned["counts"]["to_embed"] > again["counts"]["to_embed"] == 0
        run("ingest", str(revised))
        answer = run(*asked).json
        (told,) = [one["new"] for one in planned["golden"] if one["id"] == "other"]
        assert (answer["verdict"], answer["text"]) == (told["verdict"], told["text"])
        assert answer["edition"] == 2

    def test_for_people_old_and_new_stand_below_each_other(
        self, run: RunCommand, revised: Path
    ) -> None:
        ran = run("ingest", str(revised), "--plan")
        assert "3 of 4 questions would be answered otherwise" in ran.out
        lines = ran.out.splitlines()
        at = next(number for number, line in enumerate(lines) if line.startswith("  other"))
        assert "old  answered · freight" in lines[at + 1] and "3천만" in lines[at + 1]
        assert "new  answered · freight" in lines[at + 2] and "5천만" in lines[at + 2]
        assert all(len(line) < 180 for line in lines) and "asking: 4 in" in ran.err
        assert "asking the 4 golden questions" in ran.err and "--no-golden" in ran.err

    def test_a_plan_that_changes_nothing_asks_nothing(self, run: RunCommand, revised: Path) -> None:
        run("ingest", str(revised))
        ran = run("ingest", str(revised), "--plan", "--json")
        assert ran.json["golden"] == [] and "asking" not in ran.err


class TestEval:
    EXAM = """
- {id: a, language: ko, question: "물류비는 얼마까지 지원하나요?", answerable: true,
   documents: [freight], must_say: ["3천만"], as_of: "2026-11-21T10:00+09:00"}
- {id: b, language: ko, question: "다낭 오로라 여행 창고 임대 소송", answerable: false, place: 다낭,
   mission: vn-da-nang, as_of: "2026-11-21T10:00+09:00"}
- {id: c, language: ko, question: "원산지 증명은 어디에 물어보나요?", answerable: true,
   documents: [origin], must_say: ["1234"], as_of: "2026-11-21T10:00+09:00"}
"""

    @pytest.mark.usefixtures("library")
    def test_the_exam_prints_counts_and_the_measures_of_the_contract(
        self, run: RunCommand, tmp_path: Path
    ) -> None:
        (tmp_path / "exam.yaml").write_text(self.EXAM, encoding="utf-8")
        found = run("eval", "exam.yaml", "--json").json
        measures = found["measures"]
        assert measures["questions"] == 3
        assert {"recall@5", "ndcg@10", "strict_accuracy", "abstain_recall", "abstain_precision",
                "routing", "unsupported_sentences", "seconds_p50", "seconds_p95"} <= set(measures)  # fmt: skip
        assert measures["recall@5"]["share"] == 1.0 and measures["ndcg@10"]["share"] == 1.0
        assert measures["strict_accuracy"]["share"] == 0.5
        low, high = measures["strict_accuracy"]["interval"]
        assert 0 < low < 0.5 < high < 1
        assert measures["unsupported_sentences"] == measures["links_not_in_a_source"] == 0
        assert [one["id"] for one in found["failures"]] == ["c"]

    @pytest.mark.usefixtures("library")
    @pytest.mark.parametrize("stress", [("--without-phrases",), ("--foreign", "6")])
    def test_under_stress_it_prints_what_that_changed(
        self, run: RunCommand, tmp_path: Path, stress: tuple[str, ...]
    ) -> None:
        (tmp_path / "exam.yaml").write_text(self.EXAM, encoding="utf-8")
        before = run("editions", "--json").json
        found = run("eval", "exam.yaml", "--json", *stress).json
        assert found["differences"]["said_right"].keys() == {"difference", "interval", "n"}
        plain = run("eval", "exam.yaml", "--json").json
        assert "differences" not in plain and run("editions", "--json").json == before
        shown = run("eval", "exam.yaml", *stress).out
        assert f"difference to the plain run ({found['passages']} passages)" in shown

    def test_two_kinds_of_stress_are_refused(self, run: RunCommand) -> None:
        ran = run("eval", "--without-phrases", "--foreign", "6")
        assert ran.code == 2 and "one kind of stress" in ran.err

    @pytest.mark.usefixtures("library")
    def test_for_people_it_names_the_failures(self, run: RunCommand, tmp_path: Path) -> None:
        (tmp_path / "exam.yaml").write_text(self.EXAM, encoding="utf-8")
        ran = run("eval", "exam.yaml")
        assert ran.code == 0 and "strict_accuracy" in ran.out and "without 1234" in ran.out

    @pytest.mark.usefixtures("library")
    def test_a_question_without_a_day_is_asked_as_of_the_one_given(
        self, run: RunCommand, tmp_path: Path
    ) -> None:
        asked = '- {id: a, language: ko, question: "해외인증 1차 모집은 언제까지 신청하나요?", answerable: true}'
        (tmp_path / "exam.yaml").write_text(asked, encoding="utf-8")
        verdicts = [
            run("eval", "exam.yaml", "--json", "--as-of", day).json["verdicts"]
            for day in ("2026-03-15T10:00+09:00", AS_OF)
        ]
        assert verdicts == [{"answered": 1}, {"expired": 1}]


class TestDoctor:
    @pytest.mark.usefixtures("library")
    def test_a_naru_in_order(self, run: RunCommand) -> None:
        ran = run("doctor", "--json")
        assert ran.code == 0 and all(one["ok"] for one in ran.json)
        said = {one["check"]: one["say"] for one in ran.json}
        assert {"database", "missions", "library", "model", "channels", "rooms"} <= set(said)
        assert "8 documents" in said["library"] and "384 dimensions" in said["model"]
        assert "102 missions" in said["missions"] and "naru chat" in said["channels"]

    def test_files_that_others_can_read_are_named(self, run: RunCommand, own_library: Path) -> None:
        own_library.chmod(0o755)
        (said,) = [one["say"] for one in run("doctor", "--json").json if not one["ok"]]
        assert "can be read by other users" in said and f"chmod -R go= {own_library}" in said
        own_library.chmod(0o700)
        assert run("doctor").code == 0

    def test_what_is_broken_is_named_and_hides_nothing(
        self, run: RunCommand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "no-model").mkdir()
        monkeypatch.setenv("NARU_EMBEDDER", str(tmp_path / "no-model"))
        monkeypatch.setenv("NARU_SLACK_BOT_TOKEN", "xoxb-secret-1")
        monkeypatch.setenv("NARU_SLACK_API_URL", "http://127.0.0.1:9/")  # nothing listens there
        ran = run("doctor")
        assert ran.code == 1 and "xoxb-secret-1" not in ran.out + ran.err
        wrong = [line for line in ran.out.splitlines() if line.startswith("FIX")]
        words = ("naru ingest", "NARU_EMBEDDER", "app token", "Slack cannot be reached")
        assert len(wrong) == len(words)
        assert all(any(word in line for line in wrong) for word in words)
        assert "ok  database" in ran.out and "ok  rooms" in ran.out

    def test_vectors_that_are_lost_or_left_over_are_named_with_the_remedy(
        self, run: RunCommand, own_library: Path, revised: Path
    ) -> None:
        index = own_library / "index"
        (first,) = index.iterdir()
        run("ingest", str(revised))
        (index / "edition-0123456789ab.part").mkdir()
        shutil.rmtree(first)
        (said,) = [one["say"] for one in run("doctor", "--json").json if not one["ok"]]
        assert "edition-0123456789ab" in said and "prune" in said
        assert run("prune", "--keep", "3").code == 0
        sound = run("doctor")  # those of an edition that does not answer are no fault
        assert sound.code == 0 and "edition 1 are built by a rollback to it" in sound.out
        assert run("rollback", "1").code == run("doctor").code == 0
        shutil.rmtree(
            next(path for path in index.iterdir() if path.name == read_active_index_name(run))
        )
        (said,) = [one["say"] for one in run("doctor", "--json").json if not one["ok"]]
        assert "naru reindex" in said
        assert run("reindex").code == run("doctor").code == 0

    def test_vectors_of_which_some_are_lost_do_not_answer(
        self, run: RunCommand, own_library: Path
    ) -> None:
        manifest = own_library / "index" / read_active_index_name(run) / "manifest.json"
        whole = json.loads(manifest.read_text())
        manifest.write_text(json.dumps(whole | {"vectors": whole["vectors"] + 1}))
        (said,) = [one["say"] for one in run("doctor", "--json").json if not one["ok"]]
        assert f"Of this edition's {whole['vectors'] + 1} vectors {whole['vectors']} are" in said


def read_active_index_name(run: RunCommand) -> str:
    """The name of the vectors that answer."""
    app = options.build_app()
    try:
        return next(row.index_name for row in app.catalogue.list_editions() if row.active)
    finally:
        app.engine.dispose()
