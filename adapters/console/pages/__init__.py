"""The pages of the console, one module for each."""

from adapters.console.pages import cases, inbox, live, signing

PAGES = (signing.ROUTES, inbox.ROUTES, cases.ROUTES, live.ROUTES)
