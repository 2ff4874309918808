"""The only place that knows every concrete class. Everything is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from adapters.settings import Settings
from knowledge.database.process_owner import is_process_gone, make_owner_id

if TYPE_CHECKING:
    from adapters.uploads.library_service import ChatLibraryService
    from adapters.uploads.retention import UploadRetention
    from bot.assistant import Assistant, EventParser
    from bot.context import Services
    from bot.missions import Missions
    from bot.places.gazetteer import Gazetteer
    from bot.showing import PreviewStarter
    from bot.store import Store
    from bot.types import File
    from ingest.pipeline import IngestPipeline
    from ingest.sources.page_store import PageStore
    from ingest.sources.schedule import Schedule
    from ingest.types import Plan
    from ingest.web.fetch import WebClient
    from knowledge.catalogue import Catalogue, Engine
    from knowledge.chain import Chain
    from knowledge.retrieval.embedder import Embedder
    from knowledge.retrieval.library import Library
    from knowledge.retrieval.vector_store import VectorStore
    from knowledge.text.glossary import Glossary


TERMINAL_ADMIN_ID = "terminal:me"  # whoever runs the command line keeps the library


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class App:
    """Naru, wired. Tests call it with other settings, another clock or another embedder."""

    settings: Settings
    now: Callable[[], datetime] = utc_now
    embedder_override: Embedder | None = None
    fetch_file: Callable[[File], bytes] | None = None  # where a messenger's files come from
    describe_plan_diff: Callable[[App, Plan], tuple[str, ...]] | None = (
        None  # golden questions of a plan
    )
    previews: dict[str, PreviewStarter] = field(
        default_factory=dict
    )  # by channel, as they are opened
    owner: str = field(default_factory=make_owner_id)

    @cached_property
    def engine(self) -> Engine:
        from knowledge.catalogue import open_engine

        return open_engine(self.settings.resolved_database_url)

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
        from knowledge.text.concepts import GLOSSARY_FOLDER, read_glossary
        from knowledge.text.glossary import Glossary

        return Glossary(read_glossary([GLOSSARY_FOLDER, self.settings.data / "glossary"]))

    @cached_property
    def embedder(self) -> Embedder:
        from knowledge.retrieval.embedder import SentenceEmbedder

        return self.embedder_override or SentenceEmbedder(self.settings.embedder)

    @cached_property
    def vector_store(self) -> VectorStore:
        from knowledge.retrieval.vector_store import VectorStore

        return VectorStore(self.settings.data / "index", self.settings.chroma_url or None)

    @cached_property
    def library(self) -> Library:
        from knowledge.retrieval.library import Library

        return Library(self.catalogue, self.vector_store, self.embedder, self.glossary)

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
    def ingest(self) -> IngestPipeline:
        from ingest.pipeline import IngestPipeline

        return IngestPipeline(
            self.catalogue, self.vector_store, self.embedder, self.library, self.owner
        )

    @cached_property
    def web(self) -> WebClient:
        from ingest.web.fetch import WebClient

        return WebClient(self.settings.contact)

    @cached_property
    def page_store(self) -> PageStore:
        from ingest.sources.page_store import PageStore

        return PageStore(self.settings.data / "sources", self.web)

    @cached_property
    def source_schedule(self) -> Schedule:
        from ingest.sources.schedule import Schedule

        return Schedule(self.ingest, self.page_store, self.owner, self.now)

    @cached_property
    def missions(self) -> Missions:
        from bot.missions import Missions

        return Missions.load()

    @cached_property
    def places(self) -> Gazetteer:
        from bot.places.gazetteer import Gazetteer

        return Gazetteer(self.missions)

    @cached_property
    def library_service(self) -> ChatLibraryService:
        from adapters.uploads.library_service import ChatLibraryService

        pruning = self.upload_retention
        return ChatLibraryService(
            self.ingest,
            self.page_store,
            pruning.upload_store,
            self.now,
            self._list_changed_questions,
            pruning.expire_uploads,
        )

    @cached_property
    def upload_retention(self) -> UploadRetention:
        from adapters.uploads.retention import UploadRetention
        from adapters.uploads.upload_store import UploadStore

        shelves = UploadStore(self.settings.data / "uploads", self.fetch_file)
        return UploadRetention(self.ingest, shelves, self._find_pending_tokens)

    def _find_pending_tokens(self) -> set[str]:
        return {task.token for task in self.store.inbox.list_open_tasks()}

    def _list_changed_questions(self, plan: Plan) -> tuple[str, ...]:
        return self.describe_plan_diff(self, plan) if self.describe_plan_diff else ()

    @cached_property
    def assistant(self) -> Assistant:
        from bot.assistant import Assistant

        return Assistant(
            store=self.store,
            ask=lambda question, show: self.chain.ask(question, show),
            missions=self.missions,
            places=self.places,
            parser_for=select_parser,
            admins=self.settings.admin_ids | {TERMINAL_ADMIN_ID},
            library_service=lambda: self.library_service,
            now=self.now,
            previews=self.previews,
        )

    def build_services(self) -> Services:
        """What a decision of the command line may look at."""
        return self.assistant.build_services()

    def recover_abandoned_work(self) -> None:
        """Take up what a worker or sender of this machine left when it was killed."""
        self.store.inbox.recover_leases(self._is_owner_dead)
        self.store.outbox.recover_leases(self._is_owner_dead)
        self.catalogue.source_log.recover_leases(self._is_owner_dead)

    def _is_owner_dead(self, owner: str) -> bool:
        """Whether a process of this machine is no more. Of others only their leases tell."""
        return is_process_gone(owner, self.owner)


def select_parser(channel: str) -> EventParser:
    """What reads a channel's raw events."""
    if channel == "telegram":
        from adapters.telegram.inbound import parse_message as read_telegram

        return read_telegram
    if channel == "slack":
        from adapters.slack.inbound import parse_message as read_slack

        return read_slack
    from adapters.terminal import parse_message as read_terminal

    return read_terminal
