"""Drafts of FAQs in the database: of two who write at once, one is first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.context import Decision
from bot.errors import Conflict
from bot.messages import Address, Content, Outgoing
from bot.store import Store
from tests.bot.admin.faq.test_form import DRAFT
from tests.samples.records import NOW

REMINDER = (Outgoing(Address("slack", "C0ROOM"), Content("검토일이 지났습니다")),)


def keep(store: Store, name: str, **values: object) -> None:
    draft = replace(DRAFT, **values)  # type: ignore[arg-type]
    store.commit_without_message(name, Decision(faq=draft), NOW)


def test_a_draft_is_begun_once_and_changed_by_who_has_seen_it(store: Store) -> None:
    keep(store, "a")
    with pytest.raises(Conflict, match="begun by somebody else"):
        keep(store, "b", answer="나흘입니다")
    keep(store, "c", version=1, answer="닷새입니다")
    with pytest.raises(Conflict, match="changed by somebody else"):
        keep(store, "d", version=1, answer="엿새입니다")
    (kept,) = store.faq.list_all()
    assert (kept.answer, kept.version) == ("닷새입니다", 2)


def test_of_two_who_remind_of_one_review_one_does(store: Store) -> None:
    keep(store, "a", state="approved")
    (seen,) = store.faq.list_all()
    assert store.faq.remind(seen, REMINDER, NOW)
    assert not store.faq.remind(seen, REMINDER, NOW)  # another process read it before
    (kept,) = store.faq.list_all()
    assert not store.faq.remind(kept, REMINDER, NOW)
    assert len(store.outbox.claim("s", NOW, ["slack"])) == 1
