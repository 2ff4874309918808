"""Uploads on the disk: safe names, bounds, nothing half there."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.uploads import upload_store
from adapters.uploads.upload_store import UPLOAD_MANIFEST_NAME, UploadStore, sanitise_name
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.messages import File

WHO, TOKEN = "telegram:9001", "0a1b2c3d"


def make_file(name: str, size: int = 5, channel: str = "telegram") -> File:
    return File(channel, f"ref of {name}", name, "application/octet-stream", size)


def make_upload_store(tmp_path: Path, fetch: Callable[[File], bytes]) -> UploadStore:
    return UploadStore(tmp_path / "uploads", fetch)


def list_stored_files(tmp_path: Path) -> list[str]:
    home = tmp_path / "uploads"
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_store, "FETCH_RETRY_DELAYS_SECONDS", (0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("공고.hwp", "공고.hwp"),
        (unicodedata.normalize("NFD", "공고.hwp"), "공고.hwp"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\공고문 (최종).pdf", "공고문 (최종).pdf"),
        ("..", "file"),
        ("/", "file"),
        (".upload.json", "upload.json"),
        ('a\x00b<c>:"|?*\n.md', "abc.md"),
        ("가" * 300 + ".hwp", "가" * 66 + ".hwp"),
        ("a." + "b" * 300, ("a." + "b" * 300)[:70]),
    ],
)
def test_a_name_is_made_safe(given: str, safe: str) -> None:
    assert sanitise_name(given) == safe
    assert len(f"{safe}.part".encode()) < 255


def test_no_two_files_share_a_name_whatever_they_are_called(tmp_path: Path) -> None:
    given = ("a.md", "a.md", "a (2).md", "A.MD", "a (2).md", UPLOAD_MANIFEST_NAME)
    kept = make_upload_store(tmp_path, lambda one: one.ref.encode()).store_files(
        "slack:U1",
        TOKEN,
        tuple(replace(make_file(name), ref=f"{n}") for n, name in enumerate(given)),
    )
    names = [root.path.name.casefold() for root in kept.roots]
    assert len({*names}) == len(given) and UPLOAD_MANIFEST_NAME.casefold() not in names
    assert [root.path.read_bytes() for root in kept.roots] == [b"0", b"1", b"2", b"3", b"4", b"5"]


def test_files_lie_in_their_admins_folder_and_come_from_their_names(tmp_path: Path) -> None:
    kept = make_upload_store(tmp_path, lambda one: one.name.encode()).store_files(
        "slack:../U1", TOKEN, (make_file("../a.md"), make_file("a.md"), make_file("b.md"))
    )
    assert [root.origin for root in kept.roots] == [
        f"uploads/slack----U1/{name}" for name in ("a.md", "a (2).md", "b.md")
    ]
    assert [root.path.read_bytes() for root in kept.roots] == [b"../a.md", b"a.md", b"b.md"]
    assert [
        one for one in list_stored_files(tmp_path) if not one.startswith(f"slack----U1/{TOKEN}/")
    ] == []


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(one: File) -> bytes:
        asked.append(one.name)
        return b"x"

    uploads = make_upload_store(tmp_path, fetch)
    uploads.store_files(WHO, TOKEN, (make_file("a.md"),))
    kept = uploads.store_files(WHO, TOKEN, (make_file("a.md"), make_file("b.md")))
    assert asked == ["a.md", "b.md"]
    found = uploads.find_upload(WHO, TOKEN)
    assert found and [root.origin for root in found.roots] == [root.origin for root in kept.roots]
    uploads.delete_upload(WHO, TOKEN)
    assert uploads.find_upload(WHO, TOKEN) is None and list_stored_files(tmp_path) == []


def test_a_side_car_that_comes_with_its_file_describes_it(tmp_path: Path) -> None:
    together = (make_file("a.hwp"), make_file("a.hwp.meta.yaml"))
    kept = make_upload_store(tmp_path, lambda _: b"title: x").store_files(WHO, TOKEN, together)
    assert [root.path.name for root in kept.roots] == ["a.hwp"]


@pytest.mark.parametrize(("channel", "size"), [("telegram", 21 * 2**20), ("slack", 51 * 2**20)])
def test_what_is_too_large_is_not_even_fetched(tmp_path: Path, channel: str, size: int) -> None:
    def fetch(_: File) -> bytes:
        raise AssertionError("fetched")

    kept = make_upload_store(tmp_path, fetch).store_files(
        WHO, TOKEN, (make_file("a.md", size, channel),)
    )
    assert kept.roots == () and "larger than" in str(kept.refused[0][1])


def test_what_is_larger_than_it_said_is_not_kept(tmp_path: Path) -> None:
    kept = make_upload_store(tmp_path, lambda _: b"x" * (20 * 2**20 + 1)).store_files(
        WHO, TOKEN, (make_file("a.md"),)
    )
    assert kept.roots == () and "larger than 20 MB" in str(kept.refused[0][1])


def test_a_messenger_that_stumbles_is_asked_again_and_one_that_refuses_is_not(
    tmp_path: Path,
) -> None:
    asked: list[str] = []

    def fetch(one: File) -> bytes:
        asked.append(one.name)
        if one.name == "gone.md":
            raise DeliveryRefused("file is gone")
        if asked.count(one.name) < 3 or one.name == "never.md":
            raise DeliveryUncertain("502")
        return b"x"

    files = (make_file("late.md"), make_file("never.md"), make_file("gone.md"))
    kept = make_upload_store(tmp_path, fetch).store_files(WHO, TOKEN, files)
    assert [root.path.name for root in kept.roots] == ["late.md"]
    assert [name for name, _ in kept.refused] == ["never.md", "gone.md"]
    assert "not handed out (file is gone)" in str(kept.refused[1][1])
    assert asked.count("gone.md") == 1
