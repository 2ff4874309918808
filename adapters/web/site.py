"""The founders' page as a site below /ask: a question, its answer, and an address to come back to.

Without scripts and without cookies. A conversation is found by the random end of its address, of
which only a digest is kept.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ipaddress
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters.messaging.messenger import CommitEvents
from adapters.messaging.request_body import read_form
from adapters.web.inbound import WebWords, build_event, name_event
from adapters.web.limits import WORDS_LIMIT_CHARACTERS, SendRate
from adapters.web.rendering import FOLDER, list_buttons, render_ask_page
from bot.founder.own_cases.pressing import leads_on
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.store import Store
from bot.types import WebLine
from knowledge.types import LANGUAGES, Language

log = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

TOKEN_BYTES, CHAT_DIGITS = 32, 32
FIRST_FORM_CHARACTERS, FORM_NAME_CHARACTERS = 43, 64  # of the first form's name; of any
FORM_LIMIT_BYTES = 64_000
MOST_WAITING = 32  # pages that wait for their answer at the same time
ANSWER_SECONDS, LOOK_SECONDS = 8.0, 0.1  # that a page waits for the answer, and between two looks


@dataclass(frozen=True, slots=True)
class AskSite:
    """Serves the page. `frames` are the sites that may show it in a frame; `settle_time` is how long
    words wait for the next ones, `kept_days` how long a conversation is kept after its last line."""

    store: Store
    now: Callable[[], datetime]
    commit: CommitEvents
    kept_days: int
    frames: tuple[str, ...] = ()
    settle_time: timedelta = timedelta()
    answer_seconds: float = ANSWER_SECONDS
    rate: SendRate = field(default_factory=SendRate)
    waits: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_WAITING))

    def build(self) -> web.Application:
        """The application to be mounted at /ask."""
        site = web.Application(client_max_size=FORM_LIMIT_BYTES)
        site.on_response_prepare.append(self._add_headers)
        site.router.add_get("", self._show_start)
        site.router.add_post("", self._take_first)
        site.router.add_static("/static", FOLDER / "static")
        site.router.add_get("/{token:[A-Za-z0-9_-]{40,60}}", self._show_talk)
        site.router.add_post("/{token:[A-Za-z0-9_-]{40,60}}", self._take_next)
        return site

    async def _show_start(self, request: web.Request) -> web.Response:
        return self._render(request)

    async def _show_talk(self, request: web.Request) -> web.Response:
        """The conversation; 404 with an empty page if there is none."""
        return await self._render_talk(request, request.match_info["token"])

    async def _take_first(self, request: web.Request) -> web.Response:
        """What is sent from the first page once more, as by a double click, is of the same conversation."""
        await read_form(request)
        return await self._take(request, name_token(str((await request.post()).get("id", ""))))

    async def _take_next(self, request: web.Request) -> web.Response:
        """What is sent to a conversation that is gone stays in the form of a new one."""
        token = request.match_info["token"]
        await read_form(request)
        if not await asyncio.to_thread(self.store.web_lines.list_lines, name_chat(token)):
            draft = str((await request.post()).get("text", ""))[:WORDS_LIMIT_CHARACTERS]
            said = render_phrase("web.unknown", read_language(request))
            return self._render(request, problem=said, status=404, draft=draft)
        return await self._take(request, token)

    async def _take(self, request: web.Request, token: str) -> web.Response:
        """Commit what was sent and wait a moment for the answer. What cannot be taken stays in the
        form, with the reason."""
        form = await request.post()
        text = str(form.get("text", "")).replace("\r\n", "\n").strip()
        sent_at = self.now()  # before the answer, however soon that comes
        words = WebWords(
            str(form.get("id") or name_form())[:FORM_NAME_CHARACTERS], name_chat(token),
            read_language(request, str(form.get("lang", ""))), text, str(form.get("press", ""))[:64],
        )  # fmt: skip
        if problem := self._find_problem(request, words):
            filled = {"most": WORDS_LIMIT_CHARACTERS} if problem == "too_long" else {}
            said = render_phrase(f"web.{problem}", words.language, **filled)
            return await self._render_again(words, token, said)
        lines = self.store.web_lines
        try:
            await self.commit([build_event(words, self.settle_time)])
            shown = await self._name_press(words) if words.press else words.text
            await asyncio.to_thread(
                lines.add, f"own:{name_event(words)}", words.chat, Content(shown), sent_at,
                is_naru=False,
            )  # fmt: skip
        except SQLAlchemyError:
            log.exception("what a founder sent on the page could not be kept")
            said = render_phrase("web.not_kept", words.language)
            return await self._render_again(words, token, said, status=503)
        await self._await_answer(words.chat)
        return web.Response(
            status=303, headers={"Location": f"/ask/{token}?lang={words.language}#words"}
        )

    def _find_problem(self, request: web.Request, words: WebWords) -> str:
        """The phrase that says why something is not taken; "" if it is."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return "foreign"
        if not (words.text or words.press):
            return "empty"
        if len(words.text) > WORDS_LIMIT_CHARACTERS:
            return "too_long"
        return "" if self.rate.take(find_sender(request)) else "too_often"

    async def _name_press(self, words: WebWords) -> str:
        """What is on the button that was pressed."""
        lines = await asyncio.to_thread(self.store.web_lines.list_lines, words.chat)
        buttons = (one for line in lines for row in line.content.buttons for one in row)
        return next((one.label for one in buttons if one.key == words.press), words.press)

    async def _await_answer(self, chat: str) -> None:
        """Wait until everything is said that is to be said now; what takes longer is read later, and
        so is it where many wait already, whose looks would slow down everybody's answer."""
        if self.waits.locked():
            return
        loop = asyncio.get_running_loop()
        end = loop.time() + self.answer_seconds
        async with self.waits:
            while await asyncio.to_thread(self.store.web_lines.is_busy, chat):
                if loop.time() >= end:
                    return
                await asyncio.sleep(LOOK_SECONDS)

    async def _render_talk(self, request: web.Request, token: str) -> web.Response:
        lines = await asyncio.to_thread(self.store.web_lines.list_lines, name_chat(token))
        if not lines:
            said = render_phrase("web.unknown", read_language(request))
            return self._render(request, problem=said, status=404)
        language = read_language(request)
        days = self.kept_days
        buttons = await self._find_buttons(lines)
        html = render_ask_page(
            language, lines, buttons, address=f"/ask/{token}", form=name_form(), days=days
        )
        return web.Response(text=html, content_type="text/html")

    async def _render_again(
        self, words: WebWords, token: str, problem: str, status: int = 422
    ) -> web.Response:
        """The page as it was, with the draft and what is wrong with it."""
        lines = await asyncio.to_thread(self.store.web_lines.list_lines, words.chat)
        html = render_ask_page(
            words.language, lines, await self._find_buttons(lines), form=words.id,
            address=f"/ask/{token}" if lines else "", draft=words.text, problem=problem,
            days=self.kept_days,
        )  # fmt: skip
        return web.Response(text=html, content_type="text/html", status=status)

    async def _find_buttons(self, lines: Sequence[WebLine]) -> list[Button]:
        """What can be pressed now: a button whose case has ended since, or is open again, is not shown."""
        return await asyncio.to_thread(
            lambda: [one for one in list_buttons(lines) if leads_on(one.key, self.store.get_case)]
        )

    def _render(
        self, request: web.Request, problem: str = "", status: int = 200, draft: str = ""
    ) -> web.Response:
        form = secrets.token_urlsafe(TOKEN_BYTES)
        html = render_ask_page(read_language(request), form=form, problem=problem, draft=draft)
        return web.Response(text=html, content_type="text/html", status=status)

    async def _add_headers(self, _: web.Request, response: web.StreamResponse) -> None:
        frames = " ".join(self.frames) or "'none'"
        response.headers.update({
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
            f"base-uri 'none'; frame-ancestors {frames}",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",  # the address is what lets one in
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cache-Control": "no-store",
        })  # fmt: skip


def name_chat(token: str) -> str:
    """The chat of the conversation whose address ends with `token`."""
    return hashlib.sha256(token.encode()).hexdigest()[:CHAT_DIGITS]


def name_token(form: str) -> str:
    """The end of the address of the conversation that begins with a form of ours; a random one for
    another form, whose name may be known to others."""
    if len(form) < FIRST_FORM_CHARACTERS:
        return secrets.token_urlsafe(TOKEN_BYTES)
    digest = hashlib.sha256(f"ask:{form}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def name_form() -> str:
    """A name for a form, so that what is sent twice is taken once."""
    return secrets.token_urlsafe(9)


def read_language(request: web.Request, told: str = "") -> Language:
    """The language that a form or the address tells, else what the browser prefers, else Korean."""
    for wanted in (told, request.query.get("lang", "")):
        if found := next((one for one in LANGUAGES if one == wanted), None):
            return found
    accepted = request.headers.get("Accept-Language", "").lower()
    places = {one: accepted.find(one) for one in LANGUAGES if one in accepted}
    return min(places, key=lambda one: places[one]) if places else "ko"


def find_sender(request: web.Request) -> str:
    """The network that sent a request: an address, of IPv6 the 64 bits that one line has. Behind a proxy
    of one's own network it is what the proxy names last."""
    sender = read_address(request.remote or "")
    if sender is None or not sender.is_private:
        return name_network(sender)
    # a proxy may add a line of its own below the one that a client sent
    named = ",".join(request.headers.getall("X-Forwarded-For", ()))
    return name_network(read_address(named.rpartition(",")[2].strip()) or sender)


def read_address(text: str) -> Address | None:
    """A network address as a header has it, also with a port; None for what is none."""
    bare = text.partition("]")[0].lstrip("[") if "[" in text else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def name_network(address: Address | None) -> str:
    """An IPv4 address, or the 64 bits of an IPv6 one whose other half its user chooses."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "")
