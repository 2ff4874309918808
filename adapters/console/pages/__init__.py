"""The pages of the console, one module for each."""

from adapters.console.pages import cases, confirming, inbox, live, signing
from adapters.console.pages.desk import body, digest, figures, meetings, records
from adapters.console.pages.desk.help import ROUTES as HELP_ROUTES
from adapters.console.pages.library import answers, documents, faq, plans, trial

PAGES = (
    signing.ROUTES, confirming.ROUTES, inbox.ROUTES, cases.ROUTES, live.ROUTES,
    faq.ROUTES, documents.ROUTES, plans.ROUTES, trial.ROUTES, answers.ROUTES, figures.ROUTES,
    meetings.ROUTES, digest.ROUTES, body.ROUTES, records.ROUTES, HELP_ROUTES,
)  # fmt: skip
