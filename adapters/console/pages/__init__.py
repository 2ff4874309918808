"""The pages of the console, one module for each."""

from adapters.console.pages import cases, inbox, live, signing
from adapters.console.pages.desk import body, digest, meetings, records
from adapters.console.pages.desk.help import ROUTES as HELP_ROUTES

PAGES = (
    signing.ROUTES, inbox.ROUTES, cases.ROUTES, live.ROUTES,
    meetings.ROUTES, digest.ROUTES, body.ROUTES, records.ROUTES, HELP_ROUTES,
)  # fmt: skip
