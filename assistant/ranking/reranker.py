"""A CrossEncoder of sentence-transformers, by the user's choice, that orders the best candidate sentences anew."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assistant.ranking.ranking import Sentence
from corpus.errors import ModelError
from index.files import expanded

DEPTH = 20  # sentences that are read together with the question: a transformer takes milliseconds for each
_STEEPEST = 30.0  # logits beyond are 0 or 1 in every digit that is shown; keeps exp() in range


class Reranker:
    """Scores pairs of question and sentence."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - its type comes with torch, 5 s to import
        """Take a loaded CrossEncoder of one label."""
        self._model = model
        self._one_at_a_time = threading.Lock()  # transformers#47085: threads that share a tokenizer fail now and then

    @classmethod
    @cache
    def load(cls, name_or_folder: str | Path) -> Reranker:
        """Load a CrossEncoder from a folder, or by its name from the local cache or the network, once a process.

        ModelError where there is no such folder or name, and where the model does not score pairs.
        """
        folder = expanded(name_or_folder)
        found = folder.is_dir()
        if not found and (isinstance(name_or_folder, Path) or name_or_folder.startswith((".", "/", "~"))):
            raise ModelError("reranker.no_folder", folder=name_or_folder)
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(str(folder if found else name_or_folder))
        except Exception as error:  # hub, tokenizer, weights and configuration each raise their own kinds
            key = "reranker.unusable_folder" if found else "reranker.unknown_name"
            raise ModelError(key, name=name_or_folder, reason=str(error).strip().split("\n")[0]) from error
        if fault := _fault(model):
            raise ModelError("reranker.no_scores", name=name_or_folder, reason=fault)
        return cls(model)

    def order(self, question: str, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Return the first DEPTH sentences by the model's score (sigmoid of its logit), best first, then the others.

        The others keep their order and their score, lowered to that of the last one read where it is higher.
        """
        if not sentences:
            return []
        read, others = sentences[:DEPTH], sentences[DEPTH:]
        pairs = [(question, sentence.text) for sentence in read]
        with self._one_at_a_time:
            logits = self._model.predict(pairs, activation_fn=_as_it_is, show_progress_bar=False)
        scores = 1 / (1 + np.exp(-np.clip(np.asarray(logits, np.float64), -_STEEPEST, _STEEPEST)))
        ordered = [replace(read[place], score=float(scores[place])) for place in np.argsort(-logits, kind="stable")]
        last = ordered[-1].score
        return ordered + [replace(sentence, score=min(sentence.score, last)) for sentence in others]


def led_by(ordered: Sequence[Sentence], sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return `sentences`, whose scores the confidence was fitted on, with the first of `ordered` in front."""
    return sorted(sentences, key=lambda sentence: sentence.features is not ordered[0].features)


def _as_it_is(logits: Any) -> Any:  # noqa: ANN401 - a torch tensor
    return logits


def _fault(model: Any) -> str:  # noqa: ANN401
    """Say why a loaded model's scores mean nothing: an embedding model, for one, gets a head of random weights."""
    if model.num_labels != 1:
        return f"num_labels = {model.num_labels}"
    head = "ForSequenceClassification"
    stored = model.config.architectures or [head]
    random = type(model.model).__name__.endswith(head) and not any(name.endswith(head) for name in stored)
    return f"architectures = {stored}" if random else ""
