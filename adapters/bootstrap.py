"""The only place that knows every concrete class. Everything is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from adapters.settings import Settings
from knowledge.database.process_owner import is_gone, this_process

if TYPE_CHECKING:
    from adapters.uploads.library_service import ChatLibrarian
    from adapters.uploads.retention import Pruning
    from bot.assistant import Assistant, Reader
    from bot.context import Tools
    from bot.missions import Missions
    from bot.places.gazetteer import Gazetteer
    from bot.showing import Showing
    from bot.store import Store
    from bot.types import File
    from ingest.pipeline import Ingest
    from ingest.sources.page_store import Keeper
    from ingest.sources.schedule import Schedule
    from ingest.types import Plan
    from ingest.web.fetch import Web
    from knowledge.catalogue import Catalogue, Engine
    from knowledge.chain import Chain
    from knowledge.retrieval.edition import Library
    from knowledge.retrieval.embedder import Embedder
    from knowledge.retrieval.vector_store import VectorStore
    from knowledge.text.glossary import Glossary


AT_THE_TERMINAL = "terminal:me"  # whoever runs the command line keeps the library


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class App:
    """Naru, wired. Tests call it with other settings, another clock or another embedder."""

    settings: Settings
    now: Callable[[], datetime] = clock
    given_embedder: Embedder | None = None
    fetch: Callable[[File], bytes] | None = None  # where a messenger's files come from
    rehearse: Callable[[App, Plan], tuple[str, ...]] | None = None  # golden questions of a plan
    showings: dict[str, Showing] = field(default_factory=dict)  # by channel, as they are opened
    owner: str = field(default_factory=this_process)

    @cached_property
    def engine(self) -> Engine:
        from knowledge.catalogue import open_engine

        return open_engine(self.settings.database)

    @cached_property
    def store(self) -> Store:
        from bot.store import Store

        return Store(self.engine)

    @cached_property
    def catalogue(self) -> Catalogue:
        from knowledge.catalogue import Catalogue

        return Catalogue(self.engine)

    @cached_property
    def glossary(self) -> Glossary:
        from knowledge.text.concepts import SHIPPED, read_glossary
        from knowledge.text.glossary import Glossary

        return Glossary(read_glossary([SHIPPED, self.settings.data / "glossary"]))

    @cached_property
    def embedder(self) -> Embedder:
        from knowledge.retrieval.embedder import SentenceEmbedder

        return self.given_embedder or SentenceEmbedder(self.settings.embedder)

    @cached_property
    def vectors(self) -> VectorStore:
        from knowledge.retrieval.vector_store import VectorStore

        return VectorStore(self.settings.data / "index", self.settings.chroma_url or None)

    @cached_property
    def library(self) -> Library:
        from knowledge.retrieval.edition import Library

        return Library(self.catalogue, self.vectors, self.embedder, self.glossary)

    @cached_property
    def chain(self) -> Chain:
        from knowledge.answering.writer import ModelWriter
        from knowledge.chain import Chain

        writer = None
        if name := self.settings.llm:
            writer = ModelWriter(
                name,
                base_url=self.settings.llm_base_url or None,
                api_key=self.settings.llm_api_key.get_secret_value() or None,
            )
        return Chain(self.library, writer)

    @cached_property
    def ingest(self) -> Ingest:
        from ingest.pipeline import Ingest

        return Ingest(self.catalogue, self.vectors, self.embedder, self.library, self.owner)

    @cached_property
    def web(self) -> Web:
        from ingest.web.fetch import Web

        return Web(self.settings.contact)

    @cached_property
    def keeper(self) -> Keeper:
        from ingest.sources.page_store import Keeper

        return Keeper(self.settings.data / "sources", self.web)

    @cached_property
    def schedule(self) -> Schedule:
        from ingest.sources.schedule import Schedule

        return Schedule(self.ingest, self.keeper, self.owner, self.now)

    @cached_property
    def missions(self) -> Missions:
        from bot.missions import Missions

        return Missions.load()

    @cached_property
    def places(self) -> Gazetteer:
        from bot.places.gazetteer import Gazetteer

        return Gazetteer(self.missions)

    @cached_property
    def librarian(self) -> ChatLibrarian:
        from adapters.uploads.library_service import ChatLibrarian

        pruning = self.pruning
        return ChatLibrarian(
            self.ingest, self.keeper, pruning.shelves, self.now, self._questions, pruning.expire
        )

    @cached_property
    def pruning(self) -> Pruning:
        from adapters.uploads.retention import Pruning
        from adapters.uploads.upload_store import Shelves

        shelves = Shelves(self.settings.data / "uploads", self.fetch)
        return Pruning(self.ingest, shelves, self._asked_for)

    def _asked_for(self) -> set[str]:
        return {task.token for task in self.store.inbox.tasks()}

    def _questions(self, plan: Plan) -> tuple[str, ...]:
        return self.rehearse(self, plan) if self.rehearse else ()

    @cached_property
    def assistant(self) -> Assistant:
        from bot.assistant import Assistant

        return Assistant(
            store=self.store,
            ask=lambda question, show: self.chain.ask(question, show),
            missions=self.missions,
            places=self.places,
            reader_of=reader_of,
            admins=self.settings.admin_ids | {AT_THE_TERMINAL},
            librarian=lambda: self.librarian,
            now=self.now,
            showings=self.showings,
        )

    def tools(self) -> Tools:
        """What a decision of the command line may look at."""
        return self.assistant.tools()

    def recover(self) -> None:
        """Take up what a worker or sender of this machine left when it was killed."""
        self.store.inbox.recover(self._is_gone)
        self.store.outbox.recover(self._is_gone)
        self.catalogue.readings.recover(self._is_gone)

    def _is_gone(self, owner: str) -> bool:
        """Whether a process of this machine is no more. Of others only their leases tell."""
        return is_gone(owner, self.owner)


def reader_of(channel: str) -> Reader:
    """What reads a channel's raw events."""
    if channel == "telegram":
        from adapters.telegram.inbound import read as read_telegram

        return read_telegram
    if channel == "slack":
        from adapters.slack.inbound import read as read_slack

        return read_slack
    from adapters.terminal import read as read_terminal

    return read_terminal
