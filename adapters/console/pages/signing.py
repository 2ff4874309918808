"""Signing in by a link from the bot or a one-time code, one's sessions, and signing out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.browsers import name_browser
from adapters.console.pages.confirming import confirm_session
from adapters.console.people import list_names, may_enter
from adapters.console.rendering import (
    CONSOLE_LANGUAGES,
    choose_language,
    explain,
    render_page,
    render_text,
    see_other,
)
from adapters.console.security import (
    SESSION_COOKIE,
    SIGN_IN_COOKIE,
    drop_cookie,
    is_same,
    make_nonce,
    read_next,
    set_cookie,
)
from adapters.console.site import CONSOLE, PERSON, recognise
from bot.admin.console.signing import SIGNED_IN, read_browser, tell_of_sign_in
from bot.cases.rooms import STAFF_LANGUAGE
from bot.store.console.sessions import LINK_LIFE, SESSION_LIMIT, compute_digest
from bot.types import CONSOLE_CHANNEL

if TYPE_CHECKING:
    from adapters.bootstrap import App

ROUTES = web.RouteTableDef()

SHOWN_SIGN_INS = 10


@ROUTES.get("/sign-in")
async def show_sign_in(request: web.Request) -> web.StreamResponse:
    """How to get a link, and the form for accounts with one-time codes."""
    language = choose_language(request)
    response = render_page(
        "sign_in.html", language, None, nonce=(nonce := make_nonce()), failed=False,
        next=read_next(request.query.get("next", "")), sends_links=sends_links(request),
    )  # fmt: skip
    set_cookie(response, SIGN_IN_COOKIE, nonce, int(LINK_LIFE.total_seconds()))
    return response


@ROUTES.post("/sign-in")
async def sign_in_by_code(request: web.Request) -> web.StreamResponse:
    """Begin a session with an address and a one-time code."""
    form, console = await request.post(), request.app[CONSOLE]
    check_nonce(request, str(form.get("nonce", "")))
    email = str(form.get("email", "")).strip().lower()
    store, now = console.app.store, console.app.now()
    code, target = str(form.get("code", "")), read_next(str(form.get("next", "")))
    if not await asyncio.to_thread(store.console.accounts.check, email, code, now):
        language = choose_language(request)
        return render_page(
            "sign_in.html", language, None, status=403, nonce=str(form["nonce"]), failed=True,
            next=target, sends_links=sends_links(request),
        )  # fmt: skip
    return await begin(request, f"{CONSOLE_CHANNEL}:{email}", target)


@ROUTES.get("/sign-in/{link}")
async def show_link(request: web.Request) -> web.StreamResponse:
    """Who the link signs in, and where; nothing is spent yet, because messengers open links too."""
    console = request.app[CONSOLE]
    account = await asyncio.to_thread(
        console.app.store.console.sessions.find_link, request.match_info["link"], console.app.now()
    )
    if account is None:
        return render_link_over(request)
    language = choose_language(request)
    name = (await asyncio.to_thread(list_names, console.app)).get(account, "")
    response = render_page(
        "link.html", language, None, account=account, name=name, agent=read_agent(request),
        nonce=(nonce := make_nonce()), next=read_next(request.query.get("next", "")),
    )  # fmt: skip
    set_cookie(response, SIGN_IN_COOKIE, nonce, int(LINK_LIFE.total_seconds()))
    return response


@ROUTES.post("/sign-in/{link}")
async def spend_link(request: web.Request) -> web.StreamResponse:
    """Begin a session, in the browser that the page of the link was shown in. A session that the same
    person has there is confirmed instead."""
    app, form = request.app[CONSOLE].app, await request.post()
    check_nonce(request, str(form.get("nonce", "")))
    account = await asyncio.to_thread(
        app.store.console.sessions.spend_link, request.match_info["link"], app.now()
    )
    if account is None:
        return render_link_over(request)
    target = read_next(str(form.get("next", "")))
    present = await asyncio.to_thread(recognise, request)
    if present is None or present.account != account:
        return await begin(request, account, target)
    await asyncio.to_thread(confirm_session, app, present)
    response = see_other(target)
    drop_cookie(response, SIGN_IN_COOKIE)
    return response


@ROUTES.get("/sessions")
async def show_sessions(request: web.Request) -> web.StreamResponse:
    """Where one is signed in."""
    person, console = request[PERSON], request.app[CONSOLE]
    store = console.app.store.console
    sessions = await asyncio.to_thread(store.sessions.list_open, person.account, console.app.now())
    known = await asyncio.to_thread(store.audit_log.list_acts, person.account, SIGNED_IN)
    sign_ins = [(one.at, read_browser(one.act)) for one in known[:SHOWN_SIGN_INS]]
    return render_page(
        "sessions.html", person.session.language, person, sessions=sessions, sign_ins=sign_ins
    )


@ROUTES.post("/sessions")
async def end_session(request: web.Request) -> web.StreamResponse:
    """End one session, or all."""
    person, form, console = request[PERSON], await request.post(), request.app[CONSOLE]
    id = str(form.get("session", "")) or None
    await asyncio.to_thread(
        console.app.store.console.sessions.revoke, person.account, console.app.now(), id
    )
    return see_other("/sessions" if id not in (None, person.session.id) else "/sign-in")


@ROUTES.post("/sessions/keys")
async def set_letter_keys(request: web.Request) -> web.StreamResponse:
    """Switch the keys that are single letters on or off, in this session."""
    person, form, console = request[PERSON], await request.post(), request.app[CONSOLE]
    sessions = console.app.store.console.sessions
    are_on = form.get("keys") == "on"
    await asyncio.to_thread(sessions.set_letter_keys, person.session.id, are_on=are_on)
    return see_other("/sessions")


@ROUTES.post("/sign-out")
async def sign_out(request: web.Request) -> web.StreamResponse:
    """End this session."""
    person, console = request[PERSON], request.app[CONSOLE]
    await asyncio.to_thread(
        console.app.store.console.sessions.revoke,
        person.account,
        console.app.now(),
        person.session.id,
    )
    response = see_other("/sign-in")
    drop_cookie(response, SESSION_COOKIE)
    return response


@ROUTES.post("/language")
async def set_language(request: web.Request) -> web.StreamResponse:
    """Show the pages in another language."""
    person, form, console = request[PERSON], await request.post(), request.app[CONSOLE]
    language = next(
        (one for one in CONSOLE_LANGUAGES if one == form.get("language")), CONSOLE_LANGUAGES[0]
    )
    await asyncio.to_thread(
        console.app.store.console.sessions.set_language, person.session.id, language
    )
    return see_other(read_next(str(form.get("next", ""))))


async def begin(request: web.Request, account: str, target: str) -> web.Response:
    """Begin a session and set its cookie, and tell its person of the sign-in where they chat. Returns
    what leads to `target`; raises HTTPForbidden for an account that is not staff now."""
    app, agent = request.app[CONSOLE].app, read_agent(request)
    if not await asyncio.to_thread(may_enter, app, account):
        raise web.HTTPForbidden(text=explain(request, "not_staff"))
    cookie = await asyncio.to_thread(
        app.store.console.sessions.begin, account, agent, choose_language(request), app.now()
    )
    await asyncio.to_thread(tell_of_last, app, account, compute_digest(cookie))
    conversations = await asyncio.to_thread(app.store.list_conversations, account)
    decision = tell_of_sign_in(account, conversations, agent)
    key = f"console-sign-in:{compute_digest(cookie)}"
    await asyncio.to_thread(app.store.commit_without_message, key, decision, app.now())
    response = see_other(target)
    set_cookie(response, SESSION_COOKIE, cookie, int(SESSION_LIMIT.total_seconds()))
    drop_cookie(response, SIGN_IN_COOKIE)
    return response


def tell_of_last(app: App, account: str, session: str) -> None:
    """Tell those whom no messenger tells of sign-ins when and where they signed in before."""
    if not account.startswith(f"{CONSOLE_CHANNEL}:"):
        return
    if known := app.store.console.audit_log.list_acts(account, SIGNED_IN):
        where = read_browser(known[0].act)
        text = render_text(
            "sign.last", STAFF_LANGUAGE, time=f"{known[0].at:%Y-%m-%d %H:%M} UTC", where=where
        )
        app.store.console.notices.tell(f"sign-in:{session}", account, text, app.now())


def check_nonce(request: web.Request, sent: str) -> None:
    """Raises HTTPForbidden for a form that was not got by this browser."""
    if not is_same(sent, request.cookies.get(SIGN_IN_COOKIE, "")):
        raise web.HTTPForbidden(text=explain(request, "foreign_browser"))


def render_link_over(request: web.Request) -> web.Response:
    """That a link is over, and how to get another."""
    return render_page(
        "link_over.html", choose_language(request), None, status=410,
        sends_links=sends_links(request),
    )  # fmt: skip


def sends_links(request: web.Request) -> bool:
    """Whether staff can get a link from the bot."""
    return request.app[CONSOLE].app.settings.sends_links


def read_agent(request: web.Request) -> str:
    """Which browser it is, and on what."""
    return name_browser(request.headers.get("User-Agent", "?"))
