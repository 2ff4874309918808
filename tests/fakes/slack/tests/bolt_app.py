"""A Bolt app that remembers what it hears, and a card and a form to send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from tests.fakes.loopback_server import Json
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.tests.scripts import make_client


def make_bolt_app(server: SlackServer, heard: list[Json]) -> AsyncApp:
    """A Bolt app that remembers what it hears."""
    app = AsyncApp(client=make_client(server), signing_secret=server.signing_secret)

    @app.event("message")
    async def on_message(body: Json) -> None:
        heard.append(body)

    @app.event("app_mention")
    async def on_mention(body: Json) -> None:
        heard.append(body)

    return app


@asynccontextmanager
async def connect_socket_mode(
    server: SlackServer, app: AsyncApp
) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, server.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await server.until(lambda s: s.sockets == 1)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def make_card() -> list[Json]:
    text = {"type": "mrkdwn", "text": "*관세* &lt;질문&gt;"}
    label = {"type": "plain_text", "text": "맡기"}
    button = {"type": "button", "action_id": "claim", "text": label, "value": "12"}
    return [{"type": "section", "text": text}, {"type": "actions", "elements": [button]}]


def make_modal() -> Json:
    title = {"type": "plain_text", "text": "답장"}
    element = {"type": "plain_text_input", "action_id": "text"}
    block = {"type": "input", "block_id": "reply", "label": title, "element": element}
    base = {"type": "modal", "callback_id": "reply", "private_metadata": "case 12"}
    return {**base, "title": title, "submit": title, "blocks": [block]}
