"""The pages: Jinja2 templates with the texts of texts/*.yaml, in Korean and English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from markupsafe import Markup

from adapters.console.navigation import list_menu
from adapters.console.people import ConsoleUser
from bot.admin.console.events import REPLY_LIMIT_CHARACTERS
from bot.missions.missions import mission_name
from bot.phrases.directions import isolate_lines, isolate_values
from bot.types import Case, Mission
from knowledge.text.particles import agree_particles
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import KOREA, Language

FOLDER = Path(__file__).parent
CHARTS_FOLDER = FOLDER.parent / "serve/desk/templates"  # the papers draw the same charts
MOST_CHARACTERS = f"{REPLY_LIMIT_CHARACTERS:,}"  # of a text, as the pages say it
CONSOLE_LANGUAGES: tuple[Language, ...] = ("ko", "en")


@cache
def load_texts() -> dict[str, dict[str, str]]:
    """The texts of all pages by "page.key", each in CONSOLE_LANGUAGES."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((FOLDER / "texts").glob("*.yaml")):
        for page, keys in parse_yaml(path.read_text(encoding="utf-8")).items():
            found |= {f"{page}.{key}": text for key, text in keys.items()}
    return found


def render_text(key: str, language: Language, /, **values: object) -> str:
    """The text `key` with its {names} filled in. Raises KeyError for an unknown key, language or
    name: each is a defect of the code."""
    sentence = load_texts()[key][language].strip("\n")
    if language == "ko":
        sentence = agree_particles(sentence, values)
    return sentence.format(**isolate_values(values))


@cache
def build_environment() -> jinja2.Environment:
    """The templates: everything is escaped, and a name that is not there is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([FOLDER / "templates", CHARTS_FOLDER]),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["most_characters"] = MOST_CHARACTERS
    environment.filters |= {
        "isolate": isolate_lines,
        "lines": render_lines,
        "state_key": name_state,
    }
    return environment


def render_lines(text: str) -> Markup:
    """A text with its line breaks."""
    return Markup("<br>").join(isolate_lines(text).splitlines())


def name_state(case: Case) -> str:
    """The text that says what became of a case."""
    return "state.merged" if case.merged_into else f"state.{case.state}"


def name_mission(mission: Mission, language: Language) -> str:
    """A mission's name as it stands alone."""
    name = mission_name(mission, language).removeprefix("the ")
    return name[:1].upper() + name[1:]


def render_page(
    template: str,
    language: Language,
    person: ConsoleUser | None,
    *,
    status: int = 200,
    **values: object,
) -> web.Response:
    """A page of the console."""
    translate: Callable[..., str] = lambda key, **filled: render_text(key, language, **filled)  # noqa: E731
    html = build_environment().get_template(template).render(
        menu=list_menu(person) if person else (), t=translate, language=language, person=person, time=partial(render_time, language=language),
        **values,
    )  # fmt: skip
    return web.Response(text=html, content_type="text/html", status=status)


def see_other(path: str) -> web.Response:
    """Leads on to another page of the console, which the browser gets with GET."""
    return web.Response(status=303, headers={"Location": path})


def render_time(moment: datetime | None, *, language: Language) -> str:
    """A moment by the clock in Korea; "" for None."""
    if moment is None:
        return ""
    name = "한국시간" if language == "ko" else "KST"
    return f"{moment.astimezone(KOREA):%Y-%m-%d %H:%M} {name}"


def explain(request: web.Request, key: str) -> str:
    """The text "error.<key>" in the language of the browser."""
    return render_text(f"error.{key}", choose_language(request))


def render_target(moment: datetime, zone: ZoneInfo, *, language: Language) -> str:
    """When something is due by the clock of the mission that has it, and in Korea."""
    korean = render_time(moment, language=language)
    there, here = moment.astimezone(zone), moment.astimezone(KOREA)
    if there.utcoffset() == here.utcoffset():
        return korean
    local = f"{there:%Y-%m-%d %H:%M} ({write_offset(there)})"
    if there.date() == here.date():
        korean = korean.split(" ", 1)[1]
    return render_text("site.target", language, local=local, korean=korean)


def write_offset(moment: datetime) -> str:
    """How far a moment's clock is from UTC: "UTC+7", "UTC-3:30"."""
    sign, hours, minutes = f"{moment:%z}"[0], f"{moment:%z}"[1:3], f"{moment:%z}"[3:5]
    return f"UTC{sign}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")


def choose_language(request: web.Request) -> Language:
    """The language of a page that is shown before anybody signed in."""
    return "ko" if "ko" in request.headers.get("Accept-Language", "ko").lower() else "en"
