"""Traces: a span for each of the five steps, sent to the collector that OTEL_EXPORTER_OTLP_ENDPOINT
names. By hand: what instruments libraries by itself writes their URLs, and Telegram's hold the token.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.errors import SettingsError
from adapters.serve.monitoring.metrics import name_channel, name_outcome
from bot.context import Step

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

EXPORT_TIMEOUT_SECONDS = 10.0  # that the collector may take for a batch
FLUSH_SECONDS = 2.0  # that the last spans get at the end
QUEUE_SPANS = 2_048  # that wait for the collector; what is more is dropped
NOT_INSTALLED = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, but what sends traces is not installed. Install it with "
    "`pip install 'naru[otel]'`, or leave the setting empty."
)


class Tracing:
    """Spans with the step and the channel, and whether it failed with what class of error. No text, no
    id of a person and no message of an error is in them."""

    def __init__(self, exporter: SpanExporter, version: str) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create({"service.name": "naru", "service.version": version})
        # A process that ends must not wait for a collector that does not answer.
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(exporter, max_queue_size=QUEUE_SPANS, max_export_batch_size=512)
        )
        self._tracer = self._provider.get_tracer("naru", version)

    @contextmanager
    def watch(self, step: Step, channel: str, since: datetime | None = None) -> Iterator[None]:  # noqa: ARG002
        """Open a span for a step: the WatchStep of bot.context."""
        from opentelemetry.trace import StatusCode

        with self._tracer.start_as_current_span(
            f"naru.{step}", record_exception=False, set_status_on_exception=False,
            attributes={"naru.channel": name_channel(channel)},
        ) as span:  # fmt: skip
            try:
                yield
            except BaseException as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                if step == "send":
                    span.set_attribute("naru.outcome", name_outcome(error))
                raise

    def stop(self) -> None:
        """Send what is left, for FLUSH_SECONDS at most."""
        end = threading.Thread(target=self._provider.shutdown, name="last spans", daemon=True)
        end.start()
        end.join(FLUSH_SECONDS)


def open_tracing(endpoint: str, version: str) -> Tracing | None:
    """Traces to a collector that takes OTLP over HTTP; None without an `endpoint`, and then nothing of
    OpenTelemetry is imported. Raises SettingsError if the extra `otel` is not installed.

    Headers, sampling and the like are read from OTEL_… in the environment by the library itself.
    """
    if not endpoint:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise SettingsError(NOT_INSTALLED) from error
    address = f"{endpoint.rstrip('/')}/v1/traces"
    return Tracing(OTLPSpanExporter(address, timeout=EXPORT_TIMEOUT_SECONDS), version)
