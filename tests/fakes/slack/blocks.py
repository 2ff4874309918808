"""Block Kit: what Slack refuses in a message or a view, and how the rest looks to a person."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from tests.fakes.loopback_server import Json

BLOCK_TYPES = {
    "actions",
    "context",
    "context_actions",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "markdown",
    "rich_text",
    "section",
    "table",
    "video",
}
BLOCK_COUNT_LIMITS = {"message": 50, "view": 100}
TEXT_LIMIT = 3000
OPTION_LISTS = {"overflow": 5, "static_select": 100, "radio_buttons": 10, "checkboxes": 10}


class BlockFaults:
    """What is wrong, in Slack's words, each with its place."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, what: str, where: str) -> None:
        self.messages.append(f"[ERROR] {what} [json-pointer:{where}]")

    def length(self, value: Any, most: int, where: str, least: int = 0) -> None:
        if value is None:
            return
        if not isinstance(value, str):
            self.add("must provide a string", where)
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", where)
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", where)

    def text(self, value: Any, most: int, where: str, plain: bool = False) -> None:
        """A text object: plain_text, or mrkdwn where that is allowed."""
        if not isinstance(value, dict):
            self.add("must provide an object", where)
        elif value.get("type") not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
            self.add(f"unsupported type: {value.get('type')}", f"{where}/type")
        else:
            self.length(value.get("text") or "", most, f"{where}/text", least=1)

    def count(self, values: Any, most: int, where: str, least: int = 0) -> list[Any]:
        if not isinstance(values, list):
            self.add("must provide an array", where)
            return []
        if len(values) > most:
            self.add(f"no more than {most} items allowed", where)
        if len(values) < least:
            self.add(f"no fewer than {least} items required", where)
        return values


def find_block_faults(blocks: Any, surface: str = "message", root: str = "/blocks") -> list[str]:
    """Why Slack answers `invalid_blocks`; empty when it does not."""
    faults = BlockFaults()
    names: set[str] = set()
    for index, block in enumerate(faults.count(blocks, BLOCK_COUNT_LIMITS[surface], root)):
        where = f"{root}/{index}"
        _block(block if isinstance(block, dict) else {}, faults, where)
        name = block.get("block_id") if isinstance(block, dict) else None
        if name in names:
            faults.add(f"`block_id` already exists for `{name}`", f"{where}/block_id")
        names |= {name} if name else set()
    return faults.messages


def _block(block: Json, faults: BlockFaults, where: str) -> None:
    kind = block.get("type")
    if kind not in BLOCK_TYPES:
        faults.add(f"unsupported type: {kind}", f"{where}/type")
        return
    faults.length(block.get("block_id"), 255, f"{where}/block_id")
    check = CHECKS.get(str(kind))
    if check is not None:
        check(block, faults, where)


def _section(block: Json, faults: BlockFaults, where: str) -> None:
    if "text" not in block and "fields" not in block:
        faults.add("missing required field: text or fields", where)
    if "text" in block:
        faults.text(block["text"], TEXT_LIMIT, f"{where}/text")
    for index, field in enumerate(faults.count(block.get("fields", []), 10, f"{where}/fields")):
        faults.text(field, 2000, f"{where}/fields/{index}")
    if "accessory" in block:
        _element(block["accessory"], faults, f"{where}/accessory")


def _header(block: Json, faults: BlockFaults, where: str) -> None:
    faults.text(block.get("text"), 150, f"{where}/text", plain=True)


def _context(block: Json, faults: BlockFaults, where: str) -> None:
    place = f"{where}/elements"
    for index, element in enumerate(faults.count(block.get("elements"), 10, place, least=1)):
        if element.get("type") != "image":
            faults.text(element, TEXT_LIMIT, f"{place}/{index}")


def _actions(block: Json, faults: BlockFaults, where: str) -> None:
    place = f"{where}/elements"
    names: set[str] = set()
    for index, element in enumerate(faults.count(block.get("elements"), 25, place, least=1)):
        _element(element, faults, f"{place}/{index}")
        name = element.get("action_id")
        if name in names:
            faults.add(f"`action_id` already exists for `{name}`", f"{place}/{index}/action_id")
        names |= {name} if name else set()


def _input(block: Json, faults: BlockFaults, where: str) -> None:
    faults.text(block.get("label"), 2000, f"{where}/label", plain=True)
    if "hint" in block:
        faults.text(block["hint"], 2000, f"{where}/hint", plain=True)
    _element(block.get("element", {}), faults, f"{where}/element")


def _image(block: Json, faults: BlockFaults, where: str) -> None:
    faults.length(block.get("image_url"), TEXT_LIMIT, f"{where}/image_url")
    faults.length(block.get("alt_text") or "", 2000, f"{where}/alt_text", least=1)


def _markdown(block: Json, faults: BlockFaults, where: str) -> None:
    faults.length(block.get("text") or "", 12_000, f"{where}/text", least=1)


def _rich_text(block: Json, faults: BlockFaults, where: str) -> None:
    """A block of sections with texts and links: what an app may write in it, as far as Naru does."""
    for index, part in enumerate(faults.count(block.get("elements"), 100, f"{where}/elements", 1)):
        place = f"{where}/elements/{index}/elements"
        if part.get("type") != "rich_text_section":
            faults.add(f"unsupported type: {part.get('type')}", f"{where}/elements/{index}/type")
        for number, run in enumerate(faults.count(part.get("elements"), 1_000, place, 1)):
            here = f"{place}/{number}"
            if run.get("type") == "text":
                faults.length(run.get("text") or "", TEXT_LIMIT, f"{here}/text", least=1)
            elif run.get("type") == "link":
                faults.length(run.get("url") or "", TEXT_LIMIT, f"{here}/url", least=1)
            else:
                faults.add(f"unsupported type: {run.get('type')}", f"{here}/type")


CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
}


def _element(element: Json, faults: BlockFaults, where: str) -> None:
    kind = element.get("type")
    if not kind:
        faults.add("missing required field: type", where)
        return
    faults.length(element.get("action_id"), 255, f"{where}/action_id")
    if kind == "button":
        _button(element, faults, where)
    if "placeholder" in element:
        faults.text(element["placeholder"], 150, f"{where}/placeholder", plain=True)
    if kind == "plain_text_input":
        faults.length(element.get("initial_value"), TEXT_LIMIT, f"{where}/initial_value")
    if kind in OPTION_LISTS and "option_groups" not in element:
        _options(element, faults, where, OPTION_LISTS[kind])


def _button(element: Json, faults: BlockFaults, where: str) -> None:
    faults.text(element.get("text"), 75, f"{where}/text", plain=True)
    faults.length(element.get("value"), 2000, f"{where}/value")
    faults.length(element.get("url"), TEXT_LIMIT, f"{where}/url")
    if element.get("style") not in (None, "primary", "danger"):
        faults.add(f"unsupported style: {element['style']}", f"{where}/style")


def _options(element: Json, faults: BlockFaults, where: str, most: int) -> None:
    place = f"{where}/options"
    for index, option in enumerate(faults.count(element.get("options"), most, place, least=1)):
        faults.text(option.get("text"), 75, f"{place}/{index}/text")
        faults.length(option.get("value") or "", 150, f"{place}/{index}/value", least=1)


def find_view_faults(view: Json) -> list[str]:
    """Why Slack answers `invalid_arguments` to a view."""
    faults = BlockFaults()
    kind = view.get("type")
    if kind not in ("modal", "home"):
        faults.add(f"unsupported type: {kind}", "/view/type")
    if kind == "modal":
        faults.text(view.get("title"), 24, "/view/title", plain=True)
    for name in ("submit", "close"):
        if view.get(name) is not None:
            faults.text(view[name], 24, f"/view/{name}", plain=True)
    faults.length(view.get("callback_id"), 255, "/view/callback_id")
    faults.length(view.get("private_metadata"), TEXT_LIMIT, "/view/private_metadata")
    asks = any(block.get("type") == "input" for block in view.get("blocks", []))
    if asks and kind == "modal" and view.get("submit") is None:
        faults.add("missing required field: submit", "/view/submit")
    return faults.messages + find_block_faults(view.get("blocks"), "view", "/view/blocks")


def iter_elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every interactive element with its block's id."""
    for block in blocks:
        inner = [block.get("accessory"), block.get("element"), *block.get("elements", [])]
        for element in inner:
            if isinstance(element, dict) and "action_id" in element:
                yield str(block.get("block_id", "")), element


def render_message(message: Json) -> str:
    """A message as a person reads it: its blocks, or its text where it has none."""
    lines = [line for block in message.get("blocks", []) for line in _render_block(block)]
    lines += [f"[file {file['name']}]" for file in message.get("files", [])]
    words = html.unescape(str(message.get("text", "")))
    return "\n".join(lines if message.get("blocks") else [*filter(None, [words]), *lines])


def render_rich_text(block: Json) -> str:
    """A rich text as it is shown: as it is, with addresses for links without words."""
    runs = [run for part in block["elements"] for run in part.get("elements", [])]
    return "".join(str(run.get("text") or run.get("url") or "") for run in runs)


def _render_block(block: Json) -> list[str]:
    if block.get("type") == "rich_text":
        return [render_rich_text(block)]
    found = [block.get("text"), *block.get("fields", []), block.get("accessory")]
    found += [block.get("label"), *block.get("elements", [])]
    return [line for part in found if (line := _render_part(part))]


def _render_part(part: Any) -> str:
    if isinstance(part, str):
        return html.unescape(part)
    if not isinstance(part, dict):
        return ""
    if isinstance(part.get("elements"), list):
        return "".join(_render_part(each) for each in part["elements"])
    inner = part.get("text")
    label = inner.get("text") if isinstance(inner, dict) else inner
    words = html.unescape(str(label or ""))
    return f"[{words}]" if part.get("type") == "button" else words
