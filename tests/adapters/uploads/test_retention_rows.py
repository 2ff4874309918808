"""Retention over real tables and folders: uploads go when no edition, plan or task needs them."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.bootstrap import App
from bot.messages import File
from knowledge.types import Document, Version
from tests.adapters.uploads.conftest import publish_edition

WHO, TOKEN = "telegram-9001", "0a1b2c3d"


def store_upload(app: App, token: str, days_ago: float) -> str:
    """An upload of one file; returns the origin of its document."""
    file = File("telegram", "ref", f"{token}.md", "text/markdown", 5)
    upload = app.upload_store.store_files(WHO, token, (file,))
    moment = time.time() - timedelta(days=days_ago).total_seconds()
    os.utime(app.upload_store.root_folder / WHO / token, (moment, moment))
    return upload.roots[0].origin


def list_tokens(app: App) -> list[str]:
    return [token for _, token in app.upload_store.list_uploads()]


@pytest.mark.parametrize(
    ("days_ago", "applied", "pending", "stays"),
    [
        (6.9, False, False, True),
        (7.1, False, False, False),
        (7.1, True, False, True),
        (7.1, False, True, True),
    ],
)
def test_an_undecided_upload_stays_a_week(
    app: App, days_ago: float, applied: bool, pending: bool, stays: bool
) -> None:
    store_upload(app, TOKEN, days_ago)
    publish_edition(app, f"a note that names [{TOKEN}.0123456789ab]")
    if applied:
        publish_edition(app, "a.md", upload=TOKEN)
    busy = {TOKEN} if pending else set[str]()
    replace(app.upload_retention, find_pending_tokens=lambda: busy).expire_uploads()
    assert list_tokens(app) == [TOKEN] * stays


def test_an_upload_that_a_kill_cut_short_expires(app: App) -> None:
    store_upload(app, TOKEN, 0)
    (app.upload_store.root_folder / WHO / TOKEN / ".upload.json").unlink()
    os.utime(app.upload_store.root_folder / WHO / TOKEN, (0, 0))
    app.upload_retention.expire_uploads()
    assert list_tokens(app) == []


def test_an_upload_goes_with_the_last_edition_that_has_its_document(app: App) -> None:
    tokens = ("aaaaaaaa", "bbbbbbbb")
    for token in tokens:
        origin = store_upload(app, token, 0)
        version = Version(Document(token, "T", "", "ko", ""), "digest", origin, f"{token}.md", ())
        (stored,) = app.catalogue.add_versions([version])
        assert stored.pk
        publish_edition(app, token, upload=token, keys=(stored.pk,))
    assert app.upload_retention.prune_editions(keep=2) == []
    assert list_tokens(app) == list(tokens)
    (dropped,) = app.upload_retention.prune_editions(keep=1)
    assert (dropped.note, list_tokens(app)) == ("aaaaaaaa", ["bbbbbbbb"])


def test_a_person_who_is_erased_leaves_only_uploads_that_became_an_edition(app: App) -> None:
    for token in (TOKEN, "applied0"):
        store_upload(app, token, 0)
    publish_edition(app, "a.md", upload="applied0")
    app.library_service.forget_uploads("telegram:9001")
    assert list_tokens(app) == ["applied0"]
    app.library_service.forget_uploads("telegram:9002")
    assert list_tokens(app) == ["applied0"]
