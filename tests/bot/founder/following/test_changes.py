"""What an edition changed, whom that concerns, and what is no news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.founder.following.alerts import CHANGES_TOLD, build_alerts
from bot.founder.following.changes import find_changes, is_about
from bot.types import Conversation, Subscription, TopicKind
from knowledge.types import Passage, Version
from tests.bot.founder.founder_records import SLACK_ACCOUNT, make_slack_conversation
from tests.samples.answers import make_document
from tests.samples.records import FOUNDER, NOW, button_keys, make_conversation

TODAY = date(2026, 12, 1)


def make_version(
    id: str = "voucher",
    text: str = "3천만 원까지",
    title: str = "수출바우처",
    digest: str = "",
    **more: Any,
) -> Version:
    document = replace(make_document(title, **more), id=id)
    passages = (Passage(document, 0, (title, "지원 한도"), text, text),)
    return Version(document, digest or f"{id}{text}{title}{more}", "shipped", f"{id}.md", passages)


def marks(*versions: Version) -> set[tuple[str, str]]:
    return {(one.document.id, one.digest) for one in versions}


def kinds(before: list[Version], after: list[Version], *announced: Version) -> list[str]:
    known = marks(*before, *announced)
    return [one.kind for one in find_changes(before, after, known, TODAY)]


OLD = make_version()


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        (make_version(id="other"), "new"),
        (make_version(id="other", expires=date(2026, 12, 20)), "closing"),
        (make_version(expires=date(2027, 3, 1)), "expires"),
        (make_version(effective_from=date(2027, 1, 1)), "begins"),
        (make_version(title="수출바우처(2차)"), "title"),
        (make_version(text="5천만 원까지"), "text"),
    ],
)
def test_what_changed_is_named(new: Version, kind: str) -> None:
    assert kinds([OLD], [new]) == [kind]


def test_a_changed_text_names_its_section_and_a_new_date_both_days() -> None:
    (text,) = find_changes([OLD], [make_version(text="5천만")], marks(OLD), TODAY)
    assert text.after == "지원 한도"
    before, after = make_version(expires=date(2027, 1, 1)), make_version(expires=date(2027, 2, 1))
    (moved,) = find_changes([before], [after], marks(before), TODAY)
    assert (moved.before, moved.after) == (date(2027, 1, 1), date(2027, 2, 1))


def test_what_was_announced_says_nothing_new_whichever_edition_it_comes_back_with() -> None:
    newer = make_version(text="5천만 원까지")
    assert kinds([OLD], [OLD]) == []  # ingested again
    assert kinds([newer], [OLD], OLD) == []  # rolled back
    assert kinds([OLD], [newer], newer) == []  # and forward again


@pytest.mark.parametrize(
    "quiet",
    [
        make_version(digest="split otherwise"),
        make_version(id="past", expires=date(2026, 11, 30)),
        make_version(id="staff", audience="staff"),
    ],
)
def test_what_no_one_would_read_otherwise_is_no_news(quiet: Version) -> None:
    assert kinds([OLD], [quiet]) == []


def subscribe(kind: TopicKind, *forms: str, account: str = FOUNDER) -> Subscription:
    return Subscription(account, kind, forms[0], forms, NOW, "alerts-1")


@pytest.mark.parametrize(
    ("kind", "form", "title", "is_named"),
    [
        ("country", "인도", "인도에서 회사를 세울 때", True),
        ("country", "인도", "인도네시아 시장 안내", False),
        ("country", "US", "A buyer in bankruptcy in the US", True),
        ("country", "US", "Tell us what you need", False),
        ("country", "Vietnam", "VAT refunds in vietnam", True),
        ("programme", "수출바우처", "2026년 수출바우처사업 2차 공고", True),
        ("programme", "export voucher", "The export  voucher of MSS", True),
        ("programme", "export voucher", "Export vouchers", False),
        ("programme", "물류", "수출바우처", False),
    ],
)  # fmt: skip
def test_a_document_is_about_what_its_title_names(
    kind: TopicKind, form: str, title: str, is_named: bool
) -> None:
    assert is_about(make_version(title=title), subscribe(kind, form)) == is_named


def alert(*subscriptions: Subscription, changes: int = 1, firm: str = "") -> list[Any]:
    talks: dict[str, list[Conversation]] = {
        FOUNDER: [make_conversation()], SLACK_ACCOUNT: [make_slack_conversation(language="en")],
    }  # fmt: skip
    versions = [make_version(id=f"v{number}") for number in range(changes)]
    found = find_changes([], versions, set(), TODAY)
    return build_alerts(
        found, subscriptions, lambda account: firm or account, lambda one: talks.get(one, [])
    )


def test_each_subscriber_gets_one_alert_with_titles_links_and_a_way_out() -> None:
    both = [
        subscribe("programme", "수출바우처"),
        subscribe("programme", "수출바우처", account=SLACK_ACCOUNT),
    ]
    first, second = alert(*both, changes=CHANGES_TOLD + 2)
    assert first.content.text.count("https://example.org/d") == CHANGES_TOLD
    assert "2건" in first.content.text and button_keys(first) == ["unfollow"]
    assert "And 2 more" in second.content.text


def test_one_firm_gets_one_and_who_subscribed_to_something_else_none() -> None:
    both = [
        subscribe("programme", "수출바우처"),
        subscribe("programme", "수출바우처", account=SLACK_ACCOUNT),
    ]
    assert len(alert(*both, firm="f")) == 1
    assert alert(subscribe("programme", "물류비")) == []
    assert (
        alert(subscribe("programme", "수출바우처", account="telegram:404")) == []
    )  # no private chat


def test_of_translations_the_readers_is_shown() -> None:
    korean = make_version()
    english = make_version(id="voucher-en", title="수출바우처 Export voucher", language="en",
                           translation_of="voucher")  # fmt: skip
    changes = find_changes([], [english, korean], set(), TODAY)
    wanted = [subscribe("programme", "수출바우처", account=SLACK_ACCOUNT)]
    talk = [make_slack_conversation(language="en")]
    (sent,) = build_alerts(changes, wanted, str, lambda _: talk)
    assert "Export voucher" in sent.content.text and sent.content.text.count("「") == 1
