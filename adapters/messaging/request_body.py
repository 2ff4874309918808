"""The body of a request, within bounds: a request of any form is refused and breaks nothing."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from aiohttp import ClientError, web

MAX_REQUEST_BYTES = 1024 * 1024
REQUEST_READ_SECONDS = 2.0  # that the body of a request may take
FORM_READ_SECONDS = 10.0  # that a form may take, which comes from anywhere
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, and half a character: no database takes them


class MalformedRequest(ValueError):
    """A request that no messenger sends; says what is wrong with it."""


async def read_body(request: web.Request, most_bytes: int = MAX_REQUEST_BYTES) -> bytes:
    """The body of a request. Raises MalformedRequest for one that is too large, too slow or wrongly
    packed."""
    body = bytearray()
    try:
        async with asyncio.timeout(REQUEST_READ_SECONDS):
            async for chunk in request.content.iter_chunked(8_192):
                body += chunk
                if len(body) > most_bytes:
                    raise MalformedRequest(f"it is larger than {most_bytes} bytes")
    except (TimeoutError, ClientError, web.RequestPayloadError, OSError) as error:
        raise MalformedRequest("its body did not come") from error
    return bytes(body)


async def read_form(request: web.Request) -> None:
    """Read the form of a request; `request.post()` has it at once after that. Raises HTTPBadRequest
    for what no browser sends, HTTPRequestTimeout for one that comes too slowly."""
    try:
        async with asyncio.timeout(FORM_READ_SECONDS):
            form = await request.post()
    except web.HTTPException:
        raise
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except Exception as error:  # aiohttp's parser of forms has no error of its own
        raise web.HTTPBadRequest from error
    if any(UNSTORABLE.search(one) for pair in form.items() for one in pair if isinstance(one, str)):
        raise web.HTTPBadRequest


def parse_json(body: bytes | str) -> Any:
    """What a body of JSON says. Raises MalformedRequest for any other, and for one whose values lie too
    deep in each other or are numbers of thousands of digits."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedRequest("the body is not JSON") from error
