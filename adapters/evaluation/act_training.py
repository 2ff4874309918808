"""Fits the model of acts to labelled messages: `python -m adapters.evaluation.act_training FILE…`
with the files of tests/samples. The questions of the open exams are added as what stays a question."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import minimize

from bot.founder.reading.act_model import (
    ACT_WEIGHTS_FILE,
    ActModel,
    Floats,
    list_features,
    write_act_model,
)
from bot.founder.reading.act_table import TalkContext
from bot.founder.reading.acts import read_act
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from knowledge.embedding.embedder import ShippedEmbedder
from knowledge.evaluation.exam import list_exam_files, read_exam

RIDGE = 0.5  # on the weights, against following single messages
EXAM_KINDS_OF_OTHER_ACTS = ("own_status", "needs_person")
FIT_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """A short message with how it is read. `acts`: those a fair reader accepts, the best first;
    `command`: the one that is meant, "" where only the words of the table tell."""

    text: str
    context: TalkContext
    acts: tuple[str, ...]
    language: str = ""
    command: str = ""


def read_labelled_messages(path: Path) -> list[LabelledMessage]:
    """The messages of a file: one entry each, or groups with `texts`. Raises OSError, KeyError for
    an entry without its label, and yaml.YAMLError."""
    return [
        LabelledMessage(
            text,
            TalkContext(one["awaited"], one["has_matter"], one["in_case"]),
            (one["act"], *one.get("also", ())),
            one.get("language", ""),
            one.get("command", ""),
        )
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
        for text in one.get("texts", [one.get("text")])
    ]


def list_exam_messages() -> list[LabelledMessage]:
    """The questions of the open exams, each as the first message of a talk."""
    return [
        LabelledMessage(one.question, TalkContext(), ("new_matter",), one.language)
        for one in read_exam(list_exam_files("open"))
        if one.kind not in EXAM_KINDS_OF_OTHER_ACTS
    ]


def compute_digest(messages: Sequence[LabelledMessage]) -> str:
    """What tells whether a model was fitted to these messages."""
    told = json.dumps([astuple(one) for one in messages], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def fit_model(messages: Sequence[LabelledMessage], vectors: Floats) -> ActModel:
    """The model of these messages with their vectors (n, d). The same messages give the same model
    but for the rounding of the machine."""
    names = [_name_class(one) for one in messages]
    classes = tuple(sorted(set(names)))
    centre = vectors.mean(axis=0).astype(np.float16).astype(np.float32)
    features = np.array(
        [
            [*list_features(one.text, vector - centre, one.context), 1]
            for one, vector in zip(messages, vectors, strict=True)
        ],
        np.float64,
    )
    labels = np.array([[name == one for one in classes] for name in names], np.float64)
    weights = _minimise_loss(features, labels).astype(np.float32)
    return ActModel(classes, centre, weights, compute_digest(messages))


def _minimise_loss(features: Any, labels: Any) -> Any:
    """The weights (features, classes) with the least loss plus RIDGE; the last feature is free."""
    shape = features.shape[1], labels.shape[1]
    ridge = np.full((shape[0], 1), RIDGE)
    ridge[-1] = 1e-3

    def compute_loss(flat: Any) -> tuple[float, Any]:
        weights = flat.reshape(shape)
        scores = features @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        slope = features.T @ (np.exp(logs) - labels) + 2 * ridge * weights
        return float((ridge * weights**2).sum() - (labels * logs).sum()), slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(
        compute_loss, start, jac=True, method="L-BFGS-B", options={"maxiter": FIT_ROUNDS}
    )
    return found.x.reshape(shape)


def _name_class(message: LabelledMessage) -> str:
    act = message.acts[0]
    if act != "command":
        return act
    command = message.command or read_act(message.text, message.context, _find_no_place).command
    return f"command:{command or 'start'}"


def _find_no_place(_: str) -> None:
    return None


def main(paths: Sequence[str], print_line: Callable[[str], None] = print) -> None:
    """Fit the model to the files and the open exams, write it, and say how it reads the files."""
    files = {path: read_labelled_messages(Path(path)) for path in sorted(paths)}
    messages = [one for each in files.values() for one in each] + list_exam_messages()
    embedder = ShippedEmbedder()
    vectors = np.stack([embedder.embed_query(one.text) for one in messages])
    model = fit_model(messages, vectors)
    write_act_model(ACT_WEIGHTS_FILE, model.classes, model.centre, model.weights, model.digest)
    find_place = Gazetteer(Missions.load()).find_mentioned_place
    for path, each in files.items():
        right = sum(
            read_act(one.text, one.context, find_place, embedder.embed_query).act in one.acts
            for one in each
        )
        print_line(f"{path}: {right} of {len(each)}")


if __name__ == "__main__":
    main(sys.argv[1:])
