"""Stored glosses: in a table of their own, written once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from knowledge.catalogue import Catalogue, open_engine
from knowledge.catalogue.catalogue import MIGRATIONS_FOLDER
from knowledge.retrieval.gloss_cache import GlossCache
from knowledge.text.concepts import Concept
from knowledge.text.glossary import Glossary
from knowledge.types import Language
from tests.harness.databases import DATABASE_KINDS, create_fresh_database

REFUND = Concept({"ko": ("환급",), "en": ("refund",), "vi": ("hoàn thuế",)}, "tax")
TEXTS: list[tuple[str, Language]] = [("환급 오로라", "ko"), ("hoàn thuế", "vi")]


class CountingGlossary(Glossary):
    """Counts the texts it glosses."""

    def __init__(self, *concepts: Concept) -> None:
        super().__init__(concepts)
        self.glossed: list[str] = []

    def gloss_text(self, text: str, language: Language) -> tuple[str, float]:
        self.glossed.append(text)
        return super().gloss_text(text, language)


@pytest.fixture(params=DATABASE_KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with create_fresh_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


def migrate_to(engine: Engine, revision: str) -> None:
    """Bring the library's tables to an older shape than the newest."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    config.attributes |= {"engine": engine, "version_table": "library_version"}
    command.upgrade(config, revision)


def test_a_stored_gloss_is_not_made_again(engine: Engine) -> None:
    catalogue = Catalogue(engine)
    first = CountingGlossary(REFUND)
    cache = GlossCache(first, catalogue.glosses, TEXTS)
    glosses = [cache.gloss_text(*one) for one in TEXTS + TEXTS]
    assert glosses == [("refund", 0.5), ("refund", 1.0)] * 2
    assert first.glossed == [text for text, _ in TEXTS]
    cache.save()
    second = CountingGlossary(REFUND)
    cache = GlossCache(second, catalogue.glosses, TEXTS)
    assert [cache.gloss_text(*one) for one in TEXTS] == glosses[:2]
    assert second.glossed == []


def test_another_glossary_does_not_see_the_glosses_of_the_first(engine: Engine) -> None:
    catalogue = Catalogue(engine)
    cache = GlossCache(CountingGlossary(REFUND), catalogue.glosses, TEXTS)
    cache.gloss_text(*TEXTS[0])
    cache.save()
    aurora = Concept({"ko": ("오로라",), "en": ("aurora",), "vi": ()}, "everyday")
    other = GlossCache(CountingGlossary(REFUND, aurora), catalogue.glosses, TEXTS)
    assert other.gloss_text(*TEXTS[0]) == ("refund aurora", 1.0)


def test_equal_text_of_another_language_is_another_gloss(engine: Engine) -> None:
    cache = GlossCache(CountingGlossary(REFUND), Catalogue(engine).glosses, [])
    assert cache.gloss_text("hoàn thuế", "vi") == ("refund", 1.0)
    assert cache.gloss_text("hoàn thuế", "en") != ("refund", 1.0)


def test_more_glosses_than_one_query_takes_are_all_loaded(engine: Engine) -> None:
    table = Catalogue(engine).glosses
    glosses = {f"{number:064}": (f"gloss {number}", number / 1200) for number in range(1200)}
    table.add_glosses("a test", glosses)
    table.add_glosses("a test", {f"{0:064}": ("another", 0.0)})  # what is there stays
    assert table.load_glosses([*glosses, "unknown"], "a test") == glosses
    assert table.load_glosses(glosses, "another") == {}


def test_the_migration_drops_glosses_from_the_terms_and_keeps_the_terms(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/naru.db")
    migrate_to(engine, "0004")
    row = text("INSERT INTO passage_terms (digest, analyser, terms) VALUES (:d, :a, :t)")
    with engine.begin() as connection:
        connection.execute(row, {"d": "a", "a": "gloss-1 rows kiwipiepy", "t": '["refund", "0.5"]'})
        connection.execute(row, {"d": "a", "a": "rows kiwipiepy", "t": '["환급"]'})
    catalogue = Catalogue(engine)
    assert catalogue.load_terms(["a"], "gloss-1 rows kiwipiepy") == {}
    assert catalogue.load_terms(["a"], "rows kiwipiepy") == {"a": ["환급"]}
    assert catalogue.glosses.load_glosses(["a"], "rows kiwipiepy") == {}
    engine.dispose()
