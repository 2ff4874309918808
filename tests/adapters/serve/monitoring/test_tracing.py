"""Traces: five spans over OTLP to a collector, without words and ids; nothing where none is set."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from adapters.errors import SettingsError
from adapters.serve.monitoring.tracing import FLUSH_SECONDS, open_tracing
from bot.context import Step
from bot.errors import DeliveryUnknown

STEPS: tuple[Step, ...] = ("receive", "decide", "retrieve", "commit", "send")
ROOT = Path(__file__).parents[4]


class Collector(HTTPServer):
    """Takes OTLP over HTTP; `requests` are the bodies by path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.requests: list[tuple[str, bytes]] = []

    @property
    def spans(self) -> list[tuple[str, dict[str, str], str]]:
        """Name, attributes and status message of each span."""
        found = []
        for _, body in self.requests:
            batch = ExportTraceServiceRequest.FromString(body)
            for resource in batch.resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        attributes = {one.key: one.value.string_value for one in span.attributes}
                        found.append((span.name, attributes, span.status.message))
        return found


class _Taker(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        import gzip

        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.requests.append((self.path, body))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


def test_each_step_is_a_span_without_words_and_ids(collector: Collector) -> None:
    tracing = open_tracing(f"http://127.0.0.1:{collector.server_port}/", "1.2")
    assert tracing
    for step in STEPS:
        with tracing.watch(step, "library-telegram:1001"):
            pass
    with pytest.raises(DeliveryUnknown), tracing.watch("send", "telegram"):
        raise DeliveryUnknown("kim@example.org 010-1234-5678")
    tracing.stop()
    assert {path for path, _ in collector.requests} == {"/v1/traces"}
    names = [name for name, _, _ in collector.spans]
    assert names == [*(f"naru.{step}" for step in STEPS), "naru.send"]
    assert collector.spans[0][1] == {"naru.channel": "library"}
    outcome = {"naru.channel": "telegram", "naru.outcome": "unknown"}
    assert collector.spans[-1] == ("naru.send", outcome, "DeliveryUnknown")
    sent = b"".join(body for _, body in collector.requests)
    assert b"1001" not in sent and b"kim@" not in sent and b"010-1234" not in sent


def test_what_happens_within_a_step_is_a_span_below_it(collector: Collector) -> None:
    tracing = open_tracing(f"http://127.0.0.1:{collector.server_port}", "1.2")
    assert tracing
    with tracing.watch("decide", "slack"), tracing.watch("retrieve", "library"):
        pass
    tracing.stop()
    batch = ExportTraceServiceRequest.FromString(collector.requests[0][1])
    inner, outer = batch.resource_spans[0].scope_spans[0].spans
    assert (inner.name, outer.name) == ("naru.retrieve", "naru.decide")
    assert inner.parent_span_id == outer.span_id and inner.trace_id == outer.trace_id


def test_a_collector_that_never_answers_holds_up_nothing(collector: Collector) -> None:
    silent = collector.socket  # listens; what it accepts is never read once this is closed
    collector.shutdown()
    tracing = open_tracing(f"http://127.0.0.1:{silent.getsockname()[1]}", "1.2")
    assert tracing
    with tracing.watch("decide", "slack"):
        pass
    stopping = threading.Thread(target=tracing.stop, daemon=True)
    stopping.start()
    stopping.join(10 * FLUSH_SECONDS)
    assert not stopping.is_alive()
    collector.server_close()


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SettingsError, match=r"naru\[otel\]"):
        open_tracing("http://127.0.0.1:1", "1.2")


def test_without_a_collector_nothing_of_opentelemetry_is_imported() -> None:
    script = (
        "import sys\nfrom adapters.serve.monitoring.monitor import Monitor\n"
        "from adapters.serve.monitoring.tracing import open_tracing\n"
        "assert open_tracing('', '1') is None\n"
        "print(sorted(n for n in sys.modules if n.startswith('opentelemetry')))"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=60, check=True,
    ).stdout  # fmt: skip
    assert said.strip() == "[]"
