"""The phrases next to documents: no documents themselves, seen when they change, never in the way."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.pipeline import IngestPipeline
from ingest.types import FetchedIdentity, Plan, Root
from knowledge.types import Passage
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import run_ingest, write_document
from tests.ingest.plan.test_scan import drop_zero_counts, read

__all__ = ["read"]  # a fixture

HEADING = "[Title of voucher, How much is it?]"


@pytest.fixture
def documents(folder: Path) -> Path:
    """A folder with two documents, one of them with phrases."""
    write_document(
        folder, "voucher", "How much is it?: Up to KRW 30 million.", "Who?: Small firms."
    )
    write_document(folder, "fair")
    write_phrases(folder, "how much money", "담당자 이름이요")
    return folder


def write_phrases(
    folder: Path, asked: str, unanswered: str = "nothing", *, heading: str = HEADING
) -> Path:
    (folder / "phrases").mkdir(exist_ok=True)
    path = folder / "phrases" / "voucher.yaml"
    path.write_text(
        f"document: voucher\nsections:\n- heading: {heading}\n  asked: [{asked}]\n"
        f"  unanswered: [{unanswered}]\n",
        encoding="utf-8",
    )
    return path


def load_passages(ingest: IngestPipeline) -> list[Passage]:
    number = ingest.catalogue.get_active_edition() or 0
    return [one for version in ingest.catalogue.load_versions(number) for one in version.passages]


def list_asked(ingest: IngestPipeline) -> list[str]:
    return [text for one in load_passages(ingest) for text in one.asked]


def list_notes(plan: Plan) -> list[tuple[str, str]]:
    return [(note.file, note.remark.kind) for note in plan.notes]


def test_they_go_in_with_their_document_and_are_none(
    ingest: IngestPipeline, documents: Path, read: list[str]
) -> None:
    plan = ingest.plan([documents])
    assert (plan.counts()["created"], plan.skipped, plan.notes) == (2, (), ())
    run_ingest(ingest, documents)
    assert sorted(read) == ["fair.md", "fair.md", "voucher.md", "voucher.md"]
    asked = {one.heading[-1]: (one.asked, one.unanswered) for one in load_passages(ingest)}
    assert asked["How much is it?"] == (("how much money",), ("담당자 이름이요",))
    assert asked["Who?"] == asked["What is it?"] == ((), ())
    read.clear()
    assert drop_zero_counts(ingest.plan([documents]).counts()) == {"unchanged": 2} and read == []


def test_a_change_of_theirs_alone_is_seen_and_nothing_is_embedded(
    ingest: IngestPipeline, documents: Path, embedder: HashingEmbedder
) -> None:
    first = run_ingest(ingest, documents)
    embedder.take_embedded()
    changed = write_phrases(documents, "what does it pay")
    plan = ingest.plan([documents])
    assert drop_zero_counts(plan.counts()) == {"updated": 1, "unchanged": 1}  # to_embed is 0
    with ingest.open_planned_edition(plan) as edition:
        assert [text for one in edition.passages for text in one.asked] == ["what does it pay"]
    assert list_asked(ingest) == ["how much money"]  # the plan changed nothing
    run_ingest(ingest, documents)
    assert list_asked(ingest) == ["what does it pay"]
    ingest.rollback(first or 0)
    assert list_asked(ingest) == ["how much money"]
    run_ingest(ingest, documents)
    assert list_asked(ingest) == ["what does it pay"]
    changed.unlink()
    run_ingest(ingest, documents)
    assert list_asked(ingest) == [] and embedder.take_embedded() == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("sections: [", "phrases_broken"),
        ("document: fair\nsections: []\n", "phrases_of_another"),
    ],
)
def test_what_is_broken_is_told_each_time_and_its_document_goes_in_without(
    ingest: IngestPipeline, documents: Path, content: str, kind: str
) -> None:
    path = documents / "phrases" / "voucher.yaml"
    right = path.read_text(encoding="utf-8")
    path.write_text(content, encoding="utf-8")
    for _ in range(2):
        plan = ingest.plan([documents])
        assert (plan.skipped, list_notes(plan)) == ((), [("voucher.md", kind)])
        run_ingest(ingest, documents)
        assert len(load_passages(ingest)) == 3 and list_asked(ingest) == []
    path.write_text(right, encoding="utf-8")
    assert ingest.plan([documents]).notes == ()
    run_ingest(ingest, documents)
    assert list_asked(ingest) == ["how much money"]


def test_a_heading_that_the_document_has_not_is_named(
    ingest: IngestPipeline, documents: Path
) -> None:
    path = write_phrases(documents, "how much")
    other = "- heading: [Title of voucher, How long?]\n  generated: [for how long]\n"
    path.write_text(path.read_text(encoding="utf-8") + other, encoding="utf-8")
    (note,) = ingest.plan([documents]).notes
    assert note.file == "voucher.md" and "Title of voucher > How long?" in str(note.remark)
    assert "phrases/voucher.yaml" in note.remark.render("ko")
    run_ingest(ingest, documents)
    assert list_asked(ingest) == ["how much"]


def test_a_side_file_without_its_document_is_told(ingest: IngestPipeline, documents: Path) -> None:
    (documents / "phrases" / "vouchers.yaml").write_text("document: voucher\nsections: []\n")
    with zipfile.ZipFile(documents / "more.zip", "w") as archive:
        archive.writestr("a.md", "# A\n\nWords.\n")
        archive.writestr("phrases/a.yaml", "document: more.zip/a.md\nsections: []\n")
    skipped = {one.file: one.remark.kind for one in ingest.plan([documents]).skipped}
    assert skipped == {
        "more.zip/phrases/a.yaml": "lonely_phrases", "phrases/vouchers.yaml": "lonely_phrases",
    }  # fmt: skip


def test_a_single_file_has_them_and_a_fetched_one_has_not(
    ingest: IngestPipeline, documents: Path
) -> None:
    run_ingest(ingest, documents / "voucher.md")
    assert list_asked(ingest) == ["how much money"]
    name = "page-01234567.md"
    (documents / "voucher.md").rename(documents / name)
    (documents / "phrases" / "voucher.yaml").rename(documents / "phrases" / f"{name}.yaml")
    root = Root(documents, "source:feed", fetched=FetchedIdentity("feed"))
    plan = ingest.plan([root])
    own = [one.version for one in plan.changes if one.version.origin == "source:feed"]
    assert own and not any(one.asked for version in own for one in version.passages)
