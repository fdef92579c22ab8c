import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Assistant
from assistant.live import Live
from assistant.ranking.features import ALL
from assistant.ranking.ranking import Ranker, Sentence
from assistant.ranking.reranker import DEPTH, Reranker, led_by
from assistant.settings import Settings
from assistant.understanding.question import Question
from corpus.document import Passage
from corpus.errors import ModelError
from corpus.words import Segmenter
from index.embedding import StaticModel
from index.search import Hit, Reasons
from index.store import Store
from tests.conftest import Invoke, build_index, run_process, write_files

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"甲乙丙丁戊鲸鱼住在哪里大海苹果长树上火车。，？"]
QUESTION = "鲸鱼住在哪里？"


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the hub's client from the network, also where something imported it before HF_HUB_OFFLINE was set."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


def make_bert(*, kind: str = "BertForSequenceClassification", labels: int = 1) -> Any:
    """A BERT of one layer with random weights; at this epsilon a norm keeps some of a vector's length."""
    import torch
    import transformers

    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=0.5,
        layer_norm_eps=1.0,
    )
    return getattr(transformers, kind)(config).eval()


def save(model: Any, folder: Path) -> Path:
    from transformers import BertTokenizerFast

    folder.mkdir()
    words = write_files(folder, {"vocab.txt": "\n".join(VOCABULARY)}) / "vocab.txt"
    BertTokenizerFast(vocab=str(words)).save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(make_bert(), tmp_path_factory.mktemp("models") / "random")


@pytest.fixture(scope="module")
def counting_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose score grows with the share of 甲 among the tokens: all weights are 0 but those on this one's way.

    甲 is embedded as a unit vector, attention is the mean over all tokens, and every later step is monotonous.
    """
    import torch

    model = make_bert()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.fill_(1.0 if "LayerNorm.weight" in name else 0.0)
        bert, one = model.bert, torch.eye(8)
        bert.embeddings.word_embeddings.weight[VOCABULARY.index("甲"), 0] = 1.0
        layer = bert.encoder.layer[0].attention
        for dense in (layer.self.value, layer.output.dense, bert.pooler.dense):
            dense.weight.copy_(one)
        model.classifier.weight[0, 0] = 20.0
    return save(model, tmp_path_factory.mktemp("models") / "counting")


def sentences(texts: list[str]) -> list[Sentence]:
    """Candidates in this order, with scores that fall from 0.9."""
    found, start = [], 0
    for number, text in enumerate(texts):
        passage = Passage("a.md", "", "", "", (), text, start, start + len(text))
        hit = Hit(passage, 1.0, Reasons(1, 1, 1.0, 1.0, ()), (0, len(text)))
        features = np.full(len(ALL), number, np.float64)
        found.append(Sentence(hit, text, start, start + len(text), 0.9 - 0.03 * number, features))
        start += len(text)
    return found


TEXTS = ["乙乙乙乙乙乙", "甲甲甲乙乙乙", "甲乙乙乙乙乙", "甲甲甲甲甲甲", "甲甲乙乙乙乙"]


def test_the_model_orders_the_sentences(counting_model: Path) -> None:
    given = sentences(TEXTS)
    found = Reranker.load(counting_model).order("乙？", given)
    assert [one.text for one in found] == [TEXTS[place] for place in (3, 1, 4, 2, 0)]
    assert [replace(one, score=0) for one in found] == [replace(given[n], score=0) for n in (3, 1, 4, 2, 0)]
    assert all(0 < one.score < 1 for one in found)
    assert [one.text for one in given] == TEXTS  # the list that was given is left alone


@pytest.mark.parametrize("saved_by", ["transformers", "sentence-transformers"])
def test_order_and_scores_are_those_of_the_cross_encoder(random_model: Path, tmp_path: Path, saved_by: str) -> None:
    from sentence_transformers import CrossEncoder

    folder = random_model
    theirs = CrossEncoder(str(random_model), device="cpu")
    if saved_by == "sentence-transformers":
        folder = tmp_path / "saved"
        theirs.save(str(folder))
    texts = ["鲸鱼住在大海。", "苹果长在树上。", "火车上。", "甲乙丙丁戊", "鲸鱼，苹果，火车。", "甲" * 200, "不认识"]
    scores = theirs.predict([(QUESTION, text) for text in texts])  # sigmoid, the default for one label
    assert len(set(scores)) == len(texts)
    found = Reranker.load(folder).order(QUESTION, sentences(texts))
    assert [one.text for one in found] == [texts[place] for place in np.argsort(-scores)]
    assert [one.score for one in found] == pytest.approx(sorted(scores, reverse=True), abs=1e-6)


def test_a_model_that_gives_logits_by_its_own_settings_is_scored_all_the_same(
    random_model: Path, tmp_path: Path
) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    raw = CrossEncoder(str(random_model), device="cpu", activation_fn=torch.nn.Identity())
    raw.save(str(tmp_path / "raw"))
    given = sentences(TEXTS)
    assert CrossEncoder(str(tmp_path / "raw")).predict([("乙？", "甲")]).max() == raw.predict([("乙？", "甲")])[0]
    found = Reranker.load(tmp_path / "raw").order("乙？", given)
    assert [(one.text, one.score) for one in found] == [
        (one.text, pytest.approx(one.score)) for one in Reranker.load(random_model).order("乙？", given)
    ]


class Logits:
    """A model whose logits are given, one a sentence, in order."""

    def __init__(self, *logits: float) -> None:
        self.logits = np.array(logits, np.float32)

    def predict(self, pairs: list[tuple[str, str]], **_: object) -> np.ndarray:
        return self.logits[: len(pairs)]


def test_logits_that_all_round_to_one_keep_their_order_and_equal_ones_the_order_given() -> None:
    found = Reranker(Logits(40, 800, -900, 800)).order("问", sentences(["a", "b", "c", "d"]))
    assert [one.text for one in found] == ["b", "d", "a", "c"]
    assert [one.score for one in found] == pytest.approx([1, 1, 1, 0], abs=1e-9)


def test_what_lies_behind_the_twentieth_keeps_its_order_and_never_scores_above_it() -> None:
    texts = [f"{n:02d}" for n in range(25)]
    given = sentences(texts)
    found = Reranker(Logits(*np.linspace(-1.1, 4, DEPTH))).order("问", given)
    assert DEPTH == 20
    assert [one.text for one in found] == texts[:20][::-1] + texts[20:]
    last = 1 / (1 + np.exp(1.1))
    own = [one.score for one in given[20:]]
    assert [one.score for one in found[19:]] == pytest.approx([last] + [min(score, last) for score in own])
    assert own[0] > last > own[-1]  # some are lowered, some are not
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)


def test_no_sentence_is_no_work() -> None:
    assert Reranker(None).order("问", []) == []
    assert led_by([], []) == []


def test_the_confidence_is_asked_of_our_own_score_for_the_sentence_that_is_first_now() -> None:
    given = sentences(["a", "b", "c"])
    ordered = [replace(given[2], score=0.99), replace(given[0], score=0.5), replace(given[1], score=0.1)]
    assert led_by(ordered, given) == [given[2], given[0], given[1]]
    assert led_by(given, given) == given


# -- models that are none


def test_a_missing_folder_is_an_error_that_loads_no_transformer(tmp_path: Path) -> None:
    for name in (tmp_path / "none", "./none", "~/none", "/none"):
        with pytest.raises(ModelError) as caught:
            Reranker.load(name)
        assert str(caught.value) == f"没有重排模型的文件夹 {name}。请检查路径；不写 --reranker 则不重排。"
    script = (
        "import sys; from assistant.ranking.reranker import Reranker\n"
        "try: Reranker.load('./none')\n"
        "except Exception as error: print(type(error).__name__, 'torch' in sys.modules)"
    )
    assert run_process([sys.executable, "-c", script]).stdout == b"ModelError False\n"


def test_a_folder_that_holds_no_model_is_an_error(tmp_path: Path) -> None:
    write_files(tmp_path, {"notes.txt": "nothing"})
    with pytest.raises(ModelError) as caught:
        Reranker.load(str(tmp_path))
    assert str(caught.value).startswith(f"文件夹 {tmp_path} 不是可用的 CrossEncoder 模型：")


def test_an_unknown_name_says_to_bring_the_folder() -> None:
    with pytest.raises(ModelError) as caught:
        Reranker.load("nobody/no-such-model")
    assert str(caught.value).startswith("无法载入重排模型 nobody/no-such-model：")
    assert "再用 --reranker 文件夹 指定" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "labels", "reason"),
    [("BertModel", 1, "architectures = ['BertModel']"), ("BertForSequenceClassification", 3, "num_labels = 3")],
)
def test_a_model_that_scores_no_pairs_is_refused(tmp_path: Path, kind: str, labels: int, reason: str) -> None:
    folder = save(make_bert(kind=kind, labels=labels), tmp_path / "model")
    with pytest.raises(ModelError) as caught:
        Reranker.load(folder)
    assert caught.value.key == "reranker.no_scores"
    assert reason in str(caught.value)


def test_a_model_is_loaded_once_a_process(random_model: Path) -> None:
    assert Reranker.load(random_model) is Reranker.load(random_model)


# -- the whole way

FILES = {
    "a.md": "鲸鱼住在大海里。鲸鱼甲。",
    "b.md": "苹果长在果树上。鲸鱼住在甲甲甲甲甲甲里。",
    "c.md": "火车跑在铁轨上。甲甲甲。",
}
# by the share of 甲 among the tokens of question and sentence
BY_COUNT = ["鲸鱼住在甲甲甲甲甲甲里。", "甲甲甲。", "鲸鱼甲。"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter, static_model: StaticModel) -> Path:
    folder = tmp_path_factory.mktemp("index")
    build_index(folder / "index", write_files(folder / "files", FILES), segmenter, static_model)
    return folder / "index"


def test_candidates_and_quotes_follow_the_reranker_and_passages_do_not(index: Path, counting_model: Path) -> None:
    plain, ordered = Assistant.open(index), Assistant.open(index, reranker=counting_model)
    before, after = plain.ask(QUESTION), ordered.ask(QUESTION)
    assert before.candidates[0].text == "鲸鱼住在大海里。"
    assert [one.text for one in after.candidates[:3]] == BY_COUNT
    assert after.answered and BY_COUNT[0] in [quote.text for quote in after.quotes]
    assert (after.hits, after.question, after.kind) == (before.hits, before.question, before.kind)
    for one in (*after.quotes, *after.candidates):
        assert ordered.document(one.document).text[one.start : one.end] == one.text
        assert 0 <= one.score <= 1
    scores = [one.score for one in after.candidates]
    assert scores == sorted(scores, reverse=True)
    plain.close()
    ordered.close()


def test_the_confidence_is_our_own_models_on_the_sentence_that_is_first_now(
    index: Path, counting_model: Path, segmenter: Segmenter, static_model: StaticModel
) -> None:
    assistant = Assistant.open(index, reranker=counting_model)
    searcher = Store(index).open(segmenter, static_model).searcher
    asked = Question.read(QUESTION, segmenter)
    ranker = Ranker.load()
    own = ranker.rank(asked, searcher.search(asked.query, k=8), searcher)
    answer = assistant.ask(QUESTION)
    first = next(one for one in own if one.text == answer.candidates[0].text)
    rest = [one for one in own if one is not first]
    assert answer.confidence == ranker.confidence(asked, [first, *rest]) != ranker.confidence(asked, own)
    searcher.close()
    assistant.close()


def test_a_question_of_no_content_is_declined_with_a_reranker_too(index: Path, counting_model: Path) -> None:
    assistant = Assistant.open(index, reranker=counting_model)
    for question in ("", "？？", "的"):
        answer = assistant.ask(question)
        assert (answer.answered, answer.confidence) == (False, 0.0)
    assistant.close()


def test_many_threads_may_ask_at_once(index: Path, random_model: Path) -> None:
    assistant = Assistant.open(index, reranker=random_model)
    questions = [QUESTION, "苹果长在哪里？", "火车跑在哪里？是在铁轨上，还是在树上？"] * 10
    alone = [[one.text for one in assistant.ask(question).candidates] for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: [one.text for one in assistant.ask(question).candidates], questions))
    assert together == alone
    assistant.close()


class Alone:
    """A model that fails where two threads are in it at once."""

    def __init__(self) -> None:
        self.users = 0

    def predict(self, pairs: list[tuple[str, str]], **_: object) -> np.ndarray:
        self.users += 1
        time.sleep(0.01)
        assert self.users == 1
        self.users -= 1
        return np.zeros(len(pairs))


def test_a_model_is_used_by_one_thread_at_a_time() -> None:
    reranker, given = Reranker(Alone()), sentences(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: reranker.order("问", given), range(8)):
            assert [one.text for one in found] == TEXTS


def first_candidate(line: str) -> str:
    return str(json.loads(line)["candidates"][0]["text"])


def test_every_command_that_asks_takes_a_reranker(
    invoke: Invoke, index: Path, counting_model: Path, tmp_path: Path
) -> None:
    options = ("--index", index, "--reranker", counting_model)
    assert first_candidate(invoke("ask", QUESTION, "--json", *options).stdout) == BY_COUNT[0]
    batch = invoke("ask", "--batch", "-", *options, input=f"{QUESTION}\n{QUESTION}\n")
    assert list(map(first_candidate, batch.stdout.splitlines())) == [BY_COUNT[0]] * 2
    assert BY_COUNT[0] in invoke("chat", *options, input=QUESTION + "\n").stdout
    asked = {"question": QUESTION, "answers": [BY_COUNT[0]]}
    questions = write_files(tmp_path, {"q.jsonl": json.dumps(asked)}) / "q.jsonl"
    (ranks,) = json.loads(invoke("eval", questions, "--json", *options).stdout)["questions"]
    assert ranks["right_sentence_rank"] == 1
    (ranks,) = json.loads(invoke("eval", questions, "--json", "--index", index).stdout)["questions"]
    assert ranks["right_sentence_rank"] != 1


@pytest.mark.parametrize("command", [["ask", "问"], ["ask", "--batch", "-"], ["chat"], ["serve", "--port", "0"]])
def test_a_reranker_that_is_not_there_is_an_error(invoke: Invoke, index: Path, command: list[str]) -> None:
    result = invoke(*command, "--index", index, "--reranker", "./none", input="问\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "错误：没有重排模型的文件夹 ./none。请检查路径；不写 --reranker 则不重排。\n"


def test_the_environment_names_a_reranker_and_the_option_goes_before_it(
    invoke: Invoke, index: Path, counting_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_RERANKER", str(counting_model))
    assert Settings.from_environment().reranker == str(counting_model)
    assert first_candidate(invoke("ask", QUESTION, "--json", "--index", index).stdout) == BY_COUNT[0]
    none = invoke("ask", QUESTION, "--json", "--index", index, "--reranker", "")
    assert first_candidate(none.stdout) == "鲸鱼住在大海里。"
    monkeypatch.setenv("ASSISTANT_RERANKER", "./none")
    assert invoke("ask", QUESTION, "--index", index).exit_code == 1
    assert invoke("documents", "--index", index).exit_code == 0  # asks nothing
    assert invoke("show", "a.md", "--index", index).exit_code == 0


def test_a_server_asks_its_reranker_also_after_the_index_was_rebuilt(
    invoke: Invoke, tmp_path: Path, counting_model: Path
) -> None:
    files = write_files(tmp_path / "files", FILES)
    invoke("build", files, "--index", tmp_path / "i")
    settings = Settings.from_environment(tmp_path / "i", reranker=counting_model)
    live = Live(settings, note=lambda text: pytest.fail(text))
    with live.use() as assistant:
        assert assistant.ask(QUESTION).candidates[0].text == BY_COUNT[0]
    write_files(files, {"d.md": "鲸鱼甲甲甲甲甲甲甲甲。"})
    live.rebuild(lambda *_: None)
    with live.use() as assistant:
        assert assistant.ask(QUESTION).candidates[0].text == "鲸鱼甲甲甲甲甲甲甲甲。"
        assistant.close()
