"""Finding a sentence that says the same in other words: python -m benchmarks.paraphrase DATA [--all].

The second sentences of all pairs are the documents, one each; asked is the first sentence of every pair of the same
meaning; right is the document of its mate. Weights were chosen on bustm_dev and the first half of simclue_pairs;
--all also measures bustm_test and the other half, which decide nothing.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from training.squad import indexed

RESULTS = Path(__file__).with_name("results") / "paraphrase.json"
HALF = 14_015  # pairs of simclue_pairs in its first half


@dataclass(frozen=True, slots=True)
class Task:
    """Sentences to find, and for each question the number of the one that says the same."""

    name: str
    targets: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]

    @classmethod
    def load(cls, path: Path, name: str, part: slice = slice(None)) -> Task:
        """Read a file of pairs, one JSON object a line."""
        pairs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()][part]
        number = {text: place for place, text in enumerate(dict.fromkeys(pair["sentence2"] for pair in pairs))}
        same = [pair for pair in pairs if str(pair["label"]) == "1"]
        return cls(name, tuple(number), tuple((pair["sentence1"], number[pair["sentence2"]]) for pair in same))

    def measure(self) -> dict[str, float]:
        """Ask everything; in percent: the mate's document is the first, is among the first five."""
        with indexed({f"{number:05d}.txt": text for number, text in enumerate(self.targets)}) as folder:
            assistant = Assistant.open(folder)
            found = [
                [int(Path(hit.passage.document).stem) for hit in assistant.ask(question).hits]
                for question, _ in self.questions
            ]
            assistant.close()
        mates = [mate for _, mate in self.questions]
        return {
            "sentences": len(self.targets),
            "questions": len(mates),
            "recall@1 %": round(
                100 * float(np.mean([row[:1] == [mate] for row, mate in zip(found, mates, strict=True)])), 2
            ),
            "recall@5 %": round(100 * float(np.mean([mate in row for row, mate in zip(found, mates, strict=True)])), 2),
        }


def main() -> None:
    """Measure, print the numbers and keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds simclue_pairs.jsonl and bustm_*.jsonl")
    parser.add_argument("--all", action="store_true", help="measure the held-out halves too, and keep the numbers")
    options = parser.parse_args()
    pairs = options.data / "simclue_pairs.jsonl"
    tasks = [
        Task.load(options.data / "bustm_dev.jsonl", "bustm_dev"),
        Task.load(pairs, "simclue, first half", slice(HALF)),
    ]
    if options.all:
        tasks += [
            Task.load(options.data / "bustm_test.jsonl", "bustm_test"),
            Task.load(pairs, "simclue, second half", slice(HALF, None)),
        ]
    result = {task.name: task.measure() for task in tasks}
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if options.all:
        RESULTS.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
