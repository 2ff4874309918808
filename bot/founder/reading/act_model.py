"""How likely each act is, learned from labelled messages: for what the words of acts.yaml do not
settle. See docs/decisions/0084-acts-learned-from-labelled-messages.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.founder.reading.act_table import TalkContext

ACT_WEIGHTS_FILE = Path(__file__).with_name("act_weights.npz")
VECTOR_SCALE = 8.0  # brings the numbers of a vector to the size of the other features
CONTEXT_SCALE = 0.7
LONG_CHARACTERS, SHORT_TEXT_CHARACTERS = 40, 12
FEW_WORDS = 3

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ActModel:
    """A multinomial logistic model. `classes`: acts, a command as "command:close"; `centre`: the
    mean of the vectors it was fitted to; `weights`: (features + 1, classes), the last row added to
    every message; `digest`: of the messages it was fitted to."""

    classes: tuple[str, ...]
    centre: Floats
    weights: Floats
    digest: str

    def weigh_acts(self, text: str, vector: Floats, context: TalkContext) -> dict[str, float]:
        """The logarithm of the probability of each class, for a text with its vector."""
        features = list_features(text, vector - self.centre, context)
        scores = features @ self.weights[:-1] + self.weights[-1]
        scores = scores - scores.max()
        logs = scores - np.log(np.exp(scores).sum())
        return dict(zip(self.classes, map(float, logs), strict=True))


def list_features(text: str, vector: Floats, context: TalkContext) -> Floats:
    """What the model reads of a message: its vector less the centre, what the bot knows, its form."""
    known = (
        *(context.awaited == awaited for awaited in ("place", "person", "choice", "")),
        context.has_matter,
        context.in_case,
        "?" in text,
        min(len(text) / LONG_CHARACTERS, 2),
        len(text) < SHORT_TEXT_CHARACTERS,
        len(text.split()) <= FEW_WORDS,
    )
    form = np.array(known, np.float32) * np.float32(CONTEXT_SCALE)
    return np.concatenate([vector * np.float32(VECTOR_SCALE), form]).astype(np.float32)


@cache
def load_act_model() -> ActModel:
    """The shipped model, read once."""
    with np.load(ACT_WEIGHTS_FILE) as file:
        return ActModel(
            classes=tuple(str(name) for name in file["classes"]),
            centre=file["centre"].astype(np.float32),
            weights=file["weights"].astype(np.float32) * file["steps"],
            digest=str(file["digest"]),
        )


def write_act_model(
    path: Path, classes: Sequence[str], centre: Floats, weights: Floats, digest: str
) -> None:
    """Write a model as small numbers: each column of `weights` in 255 steps. The same model gives
    the same bytes of each array."""
    steps = (np.abs(weights).max(axis=0) / 127).astype(np.float32)
    np.savez_compressed(
        path,
        classes=np.array(classes),
        centre=centre.astype(np.float16),
        weights=np.rint(weights / steps).astype(np.int8),
        steps=steps,
        digest=np.array(digest),
    )
