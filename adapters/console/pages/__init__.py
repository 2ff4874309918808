"""The pages of the console, one module for each."""

from adapters.console.pages import cases, inbox, live, signing
from adapters.console.pages.library import documents, faq, plans

PAGES = (
    signing.ROUTES, inbox.ROUTES, cases.ROUTES, live.ROUTES,
    faq.ROUTES, documents.ROUTES, plans.ROUTES,
)  # fmt: skip
