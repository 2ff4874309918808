"""The five steps of a message's way that can be watched from outside: by metrics, by traces."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Literal, Protocol

Step = Literal["receive", "decide", "retrieve", "commit", "send"]


class WatchStep(Protocol):
    """Surrounds one step; an error that ends the step goes through it. It must not raise itself."""

    def __call__(
        self, step: Step, channel: str, since: datetime | None = None
    ) -> AbstractContextManager[object]:
        """What surrounds a step for a messenger's `channel`; `since` is when what it finishes began
        to wait: the event's arrival for a commit, the decision for a send."""


def watch_nothing(
    step: Step,  # noqa: ARG001
    channel: str,  # noqa: ARG001
    since: datetime | None = None,  # noqa: ARG001
) -> AbstractContextManager[object]:
    """Stands in where no one looks."""
    return nullcontext()
