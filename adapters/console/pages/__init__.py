"""The pages of the console, one module for each."""

from adapters.console.pages import cases, confirming, inbox, live, signing

PAGES = (signing.ROUTES, confirming.ROUTES, inbox.ROUTES, cases.ROUTES, live.ROUTES)
