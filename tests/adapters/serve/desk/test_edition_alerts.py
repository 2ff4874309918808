"""Subscribers are told of an edition once, however it became the active one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.bootstrap import App
from adapters.serve.desk.edition_alerts import announce_edition
from adapters.settings import Settings
from bot.context import Decision
from bot.founder.privacy.policy import name_item_version
from bot.types import Consent, Subscription
from knowledge.types import Passage, Version
from tests.bot.founder.founder_records import SLACK_ACCOUNT, make_slack_conversation
from tests.samples.answers import make_document
from tests.samples.records import FOUNDER, make_conversation

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
FOUNDER_LANE, SLACK_LANE = "telegram:1001", "slack:D0MINA"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A Naru with two subscribers and an edition that was there before."""
    found = App(Settings(data=tmp_path, _env_file=None), now=lambda: NOW)
    for talk in (make_conversation(), make_slack_conversation(language="en")):
        found.store.commit_without_message(talk.key, Decision(talk), NOW)
    records = tuple(
        Subscription(
            account, "programme", "수출바우처", ("수출바우처", "export voucher"), NOW, "alerts-1"
        )
        for account in (FOUNDER, SLACK_ACCOUNT)
    )
    agreed = tuple(
        Consent(account, "alerts", name_item_version("alerts"), True, NOW)
        for account in (FOUNDER, SLACK_ACCOUNT)
    )
    found.store.commit_without_message(
        "own", Decision(founder_records=records, consents=agreed), NOW
    )
    publish(found, make_version("customs", "통관 안내"))
    assert announce_edition(found) == 0
    yield found
    found.engine.dispose()


def make_version(id: str, title: str, text: str = "3천만 원까지") -> Version:
    document = replace(make_document(title), id=id)
    passage = Passage(document, 0, (title, "지원 한도"), text, f"{id}{text}")
    return Version(document, f"{id}{text}", "shipped", f"{id}.md", (passage,))


def publish(app: App, *versions: Version) -> int:
    """A new active edition of these documents."""
    stored = app.catalogue.add_versions(versions)
    number = len(app.catalogue.list_editions())
    return app.catalogue.publish_edition(
        [one.pk for one in stored if one.pk], note="test", counts={}, embedder="none",
        index_name=f"index-{number}", now=NOW,
    )  # fmt: skip


def texts(app: App, lane: str) -> list[str]:
    return [one.content.text for one in app.store.outbox.list_lane(lane)]


CUSTOMS, VOUCHER = (
    make_version("customs", "통관 안내"),
    make_version("voucher", "2027년 수출바우처 공고"),
)


def test_each_subscriber_is_told_once_in_their_language(app: App) -> None:
    publish(app, CUSTOMS, VOUCHER)
    assert announce_edition(app) == 2
    (korean,), (english,) = texts(app, FOUNDER_LANE), texts(app, SLACK_LANE)
    assert "「2027년 수출바우처 공고」" in korean and "https://example.org/d" in korean
    assert "새 문서" in korean and "A new document" in english
    assert announce_edition(app) == 0


def test_rollback_and_the_same_documents_again_tell_no_one(app: App) -> None:
    (before,) = [one.id for one in app.catalogue.list_editions()]
    newest = publish(app, CUSTOMS, VOUCHER)
    assert announce_edition(app) == 2
    for edition in (before, newest):
        app.catalogue.activate_edition(edition)
        assert announce_edition(app) == 0
    publish(app, CUSTOMS, VOUCHER)
    assert announce_edition(app) == 0
    publish(app, CUSTOMS, make_version("voucher", "2027년 수출바우처 공고", "5천만 원까지"))
    assert announce_edition(app) == 2
    assert "내용이 바뀌었습니다: 지원 한도" in texts(app, FOUNDER_LANE)[-1]


def test_what_concerns_no_subscriber_and_who_refused_are_left_alone(app: App) -> None:
    publish(app, CUSTOMS, make_version("visa", "비자 안내"))
    assert announce_edition(app) == 0
    assert texts(app, FOUNDER_LANE) == texts(app, SLACK_LANE) == []


def test_linked_messengers_get_one_alert(app: App) -> None:
    from bot.types import AccountLink, LinkCode

    joined = (LinkCode("d" * 64, FOUNDER, NOW), AccountLink("d" * 64, SLACK_ACCOUNT, FOUNDER))
    app.store.commit_without_message("link", Decision(founder_records=joined), NOW)
    publish(app, CUSTOMS, VOUCHER)
    assert announce_edition(app) == 1
