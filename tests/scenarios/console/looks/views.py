"""Every page that a person can see, in each of its states, and how to get to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from playwright.sync_api import Page

from tests.harness.running_app import TELEGRAM_ADMIN
from tests.samples.stub_library import FREIGHT_QUESTION
from tests.scenarios.console.looks.housekeeper import (
    CONSUL,
    EMAIL,
    OFFICER,
    UNBROKEN,
)

ADMIN, STALE, NOBODY = f"telegram:{TELEGRAM_ADMIN}", f"console:{EMAIL}", ""
LEAD, READER = f"telegram:{CONSUL}", f"telegram:{OFFICER}"
NO_PAGES = ("/events", ".pdf", ".ics")  # how what a page fetches, or saves as a file, ends
PLAN = "/documents/plans/PLAN"  # of a plan that waits for a decision
SHORT, UNSURE = FREIGHT_QUESTION, "해외 인증"


@dataclass(frozen=True)
class View:
    """A page in one state: `path` begins at the console's address, or is a whole address. `person` is
    the account that sees it, NOBODY for one who is not signed in. `do` leads on from there, to a page
    that came with `status`."""

    name: str
    path: str
    person: str = ADMIN
    status: int = 200
    do: Callable[[Page], object] | None = None


def send(page: Page, fields: dict[str, str], button: str) -> None:
    """Fill in a form, within whatever is folded, and send it."""
    unfold(page)
    for selector, value in fields.items():
        page.locator(selector).first.fill(value)
    with page.expect_navigation():
        page.locator(button).first.click()


def unfold(page: Page) -> None:
    """Open what is folded."""
    page.evaluate(
        "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
    )


def try_question(page: Page, text: str, place: str = "") -> None:
    send(page, {"#text": text, "#place": place}, "form.trial button.primary")


def reply_crossed(page: Page) -> None:
    """Send a reply as one who has not read the last lines."""
    page.locator("#reply input[name=seen]").evaluate("(one) => { one.value = 1; }")
    send(page, {"#text": "먼저 계약서를 보내 주십시오."}, "button[value=reply]")


def send_too_much(page: Page) -> None:
    page.locator("#what").evaluate(
        "(one) => { one.maxLength = 300000; one.value = 'x'.repeat(250000); }"
    )
    with page.expect_navigation():
        page.locator("button[value=minutes]").click()


def fail_to_sign_in(page: Page) -> None:
    send(page, {"#email": EMAIL, "#code": "000000"}, "button.primary")


CONSOLE_VIEWS = (
    *(View(f"inbox-{name}", f"/?view={name}") for name in
      ("all", "mine", "new", "overdue", "waiting", "ended")),
    View("inbox-lead", "/", LEAD),
    View("inbox-mine", "/?view=mine", LEAD),
    View("inbox-empty", "/?view=mine", READER),
    View("case-long", "/cases/1"),
    View("case-long-lead", "/cases/1", LEAD, do=unfold),
    View("case-parked", "/cases/2"),
    View("case-resolved", "/cases/3"),
    View("case-merged", "/cases/5"),
    View("case-unbroken", "/cases/6", LEAD),
    View("case-linked", "/cases/7"),
    View("case-english", "/cases/8"),
    View("case-closed", "/cases/9"),
    View("case-answered", "/cases/11"),
    View("case-nowhere", "/cases/12"),
    View("case-sealed", "/cases/4", READER),
    View("case-sealed-to-others", "/cases/4", ADMIN, 404),
    View("case-confirm", "/cases/4", STALE),
    View("case-unknown", "/cases/99999", status=404),
    View("case-empty-reply", "/cases/1", LEAD, 422, lambda page: send(page, {}, "button[value=reply]")),
    View("case-refused", "/cases/10", LEAD, 422,
         lambda page: send(page, {"#words-merge": "99999"}, "button[value=merge]")),
    View("case-crossed", "/cases/1", LEAD, 409, reply_crossed),
    View("confirm-link", "/confirm?next=/cases/4", READER),
    View("faq", "/faq"),
    View("faq-lead", "/faq", LEAD),
    View("faq-submitted", "/faq/3"),
    View("faq-long", "/faq/11", LEAD),
    View("faq-unknown", "/faq/99", status=404),
    View("documents", "/documents"),
    View("documents-found", "/documents?q=zzz"),
    View("documents-nothing-sent", "/documents", ADMIN, 422,
         lambda page: send(page, {}, "form[enctype] button")),
    View("documents-forbidden", "/documents", LEAD, 403),
    View("plan", PLAN, do=unfold),
    View("plan-gone", "/documents/plans/00000000"),
    View("rollback", "/documents/editions/1/rollback"),
    View("rollback-unknown", "/documents/editions/77/rollback", status=404),
    View("try", "/try", LEAD),
    View("try-answered", "/try", LEAD, do=partial(try_question, text=SHORT, place="하노이")),
    View("try-offered", "/try", LEAD, do=partial(try_question, text=UNSURE)),
    View("try-nothing", "/try", LEAD, do=partial(try_question, text=UNBROKEN, place="New York")),
    View("try-unknown-place", "/try", LEAD, 422, partial(try_question, text=SHORT, place="없는곳")),
    View("answers", "/answers", do=unfold),
    View("answers-none", "/answers?topic=logistics", LEAD),
    View("figures", "/figures", do=unfold),
    View("figures-lead", "/figures", LEAD),
    View("meetings", "/meetings?mission=vn-hanoi", LEAD, do=unfold),
    View("meetings-none", "/meetings?mission=us-new-york", do=unfold),
    View("meetings-desk", "/meetings?mission=domestic"),
    View("meetings-too-large", "/meetings?mission=vn-hanoi", LEAD, 413, send_too_much),
    View("digest-none", "/meetings/digest?quarter=2024-Q4"),
    View("digest", "/meetings/digest"),
    View("body", "/body?mission=vn-hanoi", do=unfold),
    View("body-lead", "/body", LEAD),
    View("body-empty", "/body?mission=jp-tokyo"),
    *(View(f"records-{name}", f"/records?view={name}", do=unfold) for name in
      ("audit", "privacy", "dead", "health")),
    View("records-lead", "/records", LEAD),
    View("records-none", "/records?case=424242"),
    View("help", "/help"),
    View("help-lead", "/help", LEAD),
    View("sessions", "/sessions", LEAD),
    View("keys", "/", LEAD, do=lambda page: page.keyboard.press("?")),
    View("unknown", "/nowhere", status=404),
    View("sign-in", "/sign-in", NOBODY),
    View("sign-in-failed", "/sign-in", NOBODY, 403, fail_to_sign_in),
    View("link", "/sign-in/LINK", NOBODY),
    View("link-over", "/sign-in/none", NOBODY, 410),
)  # fmt: skip
