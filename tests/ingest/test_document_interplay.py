"""What documents, their files and their side-cars do to each other in one ingest."""

from __future__ import annotations

import os
import unicodedata
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from ingest.pipeline import IngestPipeline
from knowledge.types import Document
from tests.fakes.hashing_embedder import HashingEmbedder
from tests.harness.ingest_harness import list_document_ids, run_ingest, write_document

MARCH, MAY, NOVEMBER = "2026-03-15", "2026-05-15", "2026-11-21"


def list_skipped(ingest: IngestPipeline, *roots: Path) -> dict[str, str]:
    return {one.file: str(one.remark) for one in ingest.plan(roots).skipped}


def find_document(ingest: IngestPipeline, id: str) -> Document:
    versions = ingest.catalogue.load_versions(ingest.catalogue.get_active_edition() or 0)
    return next(one.document for one in versions if one.document.id == id)


def list_in_force(ingest: IngestPipeline, folder: Path, day: str) -> set[str]:
    """The documents of the active edition that may answer on a day."""
    edition = ingest.library.open_edition(ingest.catalogue.get_active_edition() or 0)
    return {
        id
        for id, one in edition.documents.items()
        if edition.is_in_force(one, date.fromisoformat(day))
    }


def test_a_side_car_completes_its_document_and_is_none_itself(
    ingest: IngestPipeline, folder: Path
) -> None:
    (folder / "안내.md").write_text("# 안내\n글입니다.\n")
    (folder / "안내.md.meta.yaml").write_text("id: guide\nissuer: 나루청\nexpires: 2026-12-31\n")
    run_ingest(ingest, folder)
    assert list_document_ids(ingest) == ["guide"]
    assert (find_document(ingest, "guide").issuer, str(find_document(ingest, "guide").expires)) == (
        "나루청", "2026-12-31",
    )  # fmt: skip


def test_a_changed_side_car_is_a_changed_document_and_embeds_nothing(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    (folder / "a.md").write_text("# A\ntext\n")
    side = folder / "a.md.meta.yaml"
    side.write_text("expires: 2026-12-31\n")
    run_ingest(ingest, folder)
    embedder.take_embedded()
    assert ingest.plan([folder]).counts()["unchanged"] == 1
    side.write_text("expires: 2027-01-31\n")
    assert ingest.plan([folder]).counts()["updated"] == 1
    run_ingest(ingest, folder)
    side.unlink()
    assert ingest.plan([folder]).counts()["updated"] == 1
    run_ingest(ingest, folder)
    assert (find_document(ingest, "a.md").expires, embedder.take_embedded()) == (None, [])


def test_a_side_car_without_its_file_is_skipped_with_a_sentence(
    ingest: IngestPipeline, folder: Path
) -> None:
    write_document(folder, "a")
    (folder / "gone.pdf.meta.yaml").write_text("id: gone\n")
    assert list(list_skipped(ingest, folder)) == ["gone.pdf.meta.yaml"]
    assert "without its document" in list_skipped(ingest, folder)["gone.pdf.meta.yaml"]
    (folder / "a.md.meta.yaml").write_text("expiry: never\n")
    assert "a.md.meta.yaml has unknown keys: expiry" in list_skipped(ingest, folder)["a.md"]


def test_what_was_inferred_is_kept_with_the_document(ingest: IngestPipeline, folder: Path) -> None:
    (folder / "공고.md").write_text("# 모집\n접수기간: 2026. 3. 9. ~ 3. 31.\n")
    run_ingest(ingest, folder)
    found = find_document(ingest, "공고.md")
    assert (str(found.expires), found.inferred) == ("2026-03-31", ("expires",))
    assert list_in_force(ingest, folder, MARCH) == {"공고.md"}
    assert list_in_force(ingest, folder, MAY) == set()


@pytest.mark.parametrize(
    ("links", "named"),
    [
        ({"a": "[b]", "b": "[a]"}, {"a.md": ["b.md"], "b.md": ["a.md"]}),
        ({"a": "[a]"}, {"a.md": ["supersedes itself"]}),
        (
            {"a": "[b]", "b": "[c, d]", "c": "[a]", "e": "[a]"},
            {"a.md": ["b.md", "c.md"], "b.md": ["c.md", "a.md"], "c.md": ["a.md", "b.md"]},
        ),
    ],
)
def test_documents_that_supersede_each_other_are_skipped_and_named(
    ingest: IngestPipeline, folder: Path, links: dict[str, str], named: dict[str, list[str]]
) -> None:
    for id, older in links.items():
        write_document(folder, id, supersedes=older)
    write_document(folder, "d")
    why = list_skipped(ingest, folder)
    assert set(why) == set(named)
    assert all(name in why[file] for file, names in named.items() for name in names)
    assert all(sentence.endswith(".") and "`supersedes`" in sentence for sentence in why.values())
    run_ingest(ingest, folder)
    assert set(list_document_ids(ingest)) == {"d", *links} - {
        name.removesuffix(".md") for name in named
    }


def test_a_ring_with_a_document_of_another_path_takes_only_the_new_one(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_document(folder, "a", supersedes="[b]")
    run_ingest(ingest, folder)
    write_document(other, "b", supersedes="[a]")
    assert "a.md" in list_skipped(ingest, other)["b.md"]
    run_ingest(ingest, other)
    assert list_document_ids(ingest) == ["a"]


def test_a_document_that_closes_a_ring_today_answers_on_as_it_was(
    ingest: IngestPipeline, folder: Path
) -> None:
    write_document(folder, "a")
    write_document(folder, "b", supersedes="[a]")
    run_ingest(ingest, folder)
    write_document(folder, "a", supersedes="[b]")
    plan = ingest.plan([folder])
    assert {one.file for one in plan.skipped} == {"a.md", "b.md"}
    assert (plan.counts()["withdrawn"], plan.has_changes) == (0, False)


def test_to_supersede_what_is_not_there_is_no_mistake(ingest: IngestPipeline, folder: Path) -> None:
    write_document(folder, "a", supersedes="[long-gone]")
    assert list_skipped(ingest, folder) == {}
    run_ingest(ingest, folder)
    assert list_in_force(ingest, folder, NOVEMBER) == {"a"}


def test_a_superseded_document_and_its_translations_stop_answering_for_good(
    ingest: IngestPipeline, folder: Path
) -> None:
    write_document(folder, "old")
    write_document(folder, "old-en", translation_of="old")
    write_document(
        folder, "new", supersedes="[old]", effective_from="2026-04-01", expires="2026-06-30"
    )
    run_ingest(ingest, folder)
    assert list_in_force(ingest, folder, MARCH) == {"old", "old-en"}  # the new one has not begun
    assert list_in_force(ingest, folder, MAY) == {"new"}
    assert list_in_force(ingest, folder, NOVEMBER) == set()  # nor does the old one come back


def test_a_chain_of_versions_leaves_the_newest(ingest: IngestPipeline, folder: Path) -> None:
    write_document(folder, "v1")
    write_document(folder, "v2", supersedes="[v1]")
    write_document(folder, "v3", supersedes="[v2]")
    run_ingest(ingest, folder)
    assert list_in_force(ingest, folder, NOVEMBER) == {"v3"}


def test_a_decomposed_file_name_is_the_same_document(ingest: IngestPipeline, folder: Path) -> None:
    name = "수출바우처/안내.md"
    forms: tuple[Literal["NFD", "NFC"], ...] = ("NFD", "NFC")
    for form in forms:
        path = folder / form / unicodedata.normalize(form, name)
        path.parent.mkdir(parents=True)
        path.write_text("# 안내\n글입니다.\n")
    run_ingest(ingest, folder / "NFD")
    assert list_document_ids(ingest) == [name]
    plan = ingest.plan([folder / "NFC", folder / "NFD"])
    assert [one.file for one in plan.skipped] == [name]  # one id, two files
    below = folder / "NFD" / unicodedata.normalize("NFD", "수출바우처")
    (below / "안내.md.meta.yaml").write_text("id: named\n")  # composed, beside a decomposed name
    run_ingest(ingest, folder / "NFD")
    assert list_document_ids(ingest) == ["named"]


def test_links_that_lead_out_or_in_a_ring_are_skipped_and_the_walk_ends(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    write_document(folder, "a")
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\nNobody may ask.\n")
    (folder / "below").mkdir()
    (folder / "below" / "up").symlink_to(folder)
    (folder / "b.md").symlink_to(folder / "c.md")
    (folder / "c.md").symlink_to(folder / "b.md")
    (folder / "broken.md").symlink_to(folder / "nowhere.md")
    (folder / "out.md").symlink_to(Path("..") / "secret.md")
    (folder / "elsewhere").symlink_to(tmp_path)
    why = list_skipped(ingest, folder)
    assert set(why) == {"b.md", "c.md", "broken.md", "out.md", "elsewhere", "below/up"}
    assert "leads out" in why["out.md"] and "leads nowhere" in why["broken.md"]
    assert "leads nowhere" in why["b.md"] and "link to a folder" in why["below/up"]
    run_ingest(ingest, folder)
    assert list_document_ids(ingest) == ["a"]


def test_a_link_within_the_folder_is_a_file_like_any_other(
    ingest: IngestPipeline, folder: Path
) -> None:
    (folder / ".versions").mkdir()
    write_document(folder / ".versions", "a")
    (folder / "a.md").symlink_to(Path(".versions") / "a.md")
    run_ingest(ingest, folder)
    assert (list_document_ids(ingest), list_skipped(ingest, folder)) == (["a"], {})


def test_pipes_hidden_files_and_files_of_no_bytes(ingest: IngestPipeline, folder: Path) -> None:
    write_document(folder, "a")
    os.mkfifo(folder / "pipe.md")
    (folder / ".hidden.md").write_text("# Hidden\ntext\n")
    (folder / ".hidden.md.meta.yaml").write_text("id: hidden\n")
    (folder / "empty.md").touch()
    assert list(list_skipped(ingest, folder)) == ["empty.md"]
    run_ingest(ingest, folder)
    assert list_document_ids(ingest) == ["a"]


def test_documents_below_what_cannot_be_opened_today_are_not_withdrawn(
    ingest: IngestPipeline, folder: Path, tmp_path: Path
) -> None:
    (folder / "below").mkdir()
    write_document(folder / "below", "a")
    write_document(folder, "b")
    run_ingest(ingest, folder)
    (folder / "below").rename(tmp_path / "moved")
    (folder / "below").symlink_to(tmp_path / "moved")
    plan = ingest.plan([folder])
    assert [one.file for one in plan.skipped] == ["below"]
    assert plan.counts()["withdrawn"] == 0


def test_a_paragraph_s_number_is_no_question_that_somebody_asks(
    ingest: IngestPipeline, folder: Path, embedder: HashingEmbedder
) -> None:
    (folder / "rule.md").write_text(
        "# 규정\n제3조(지원대상) ① 기업을 지원한다.\n② 개인은 아니다.\n"
    )
    run_ingest(ingest, folder)
    assert (
        len(embedder.take_embedded()) == 2
    )  # the two passages, under the article that they are of
