"""The pages of the console, one module for each."""

from adapters.console.pages import cases, confirm, inbox, live, signing

PAGES = (signing.ROUTES, confirm.ROUTES, inbox.ROUTES, cases.ROUTES, live.ROUTES)
