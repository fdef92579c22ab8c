import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Passage
from index.copies import Copies, likeness, repeated, signature
from tests.conftest import DOCUMENTS, Invoke, write_files

REAL = (DOCUMENTS / "pytorch.md").read_text(encoding="utf-8").split("---")[2]


def stretches(text: str) -> set[str]:
    text = "".join(text.split())
    return {text[place : place + 5] for place in range(len(text) - 4)}


def alike(one: str, other: str) -> float:
    return float(likeness(signature(one), signature(other)[None])[0])


@pytest.mark.parametrize("changed", [0, 1, 3, 6, 12, 25, 60, 400])
def test_the_likeness_is_about_the_share_of_common_stretches(changed: int) -> None:
    chance = random.Random(changed)
    pairs = []
    for start in range(0, 800, 100):
        text = list(REAL[start : start + 400])
        for place in chance.sample(range(400), changed):
            text[place] = "国"
        one, other = REAL[start : start + 400], "".join(text)
        a, b = stretches(one), stretches(other)
        pairs.append((alike(one, other), len(a & b) / len(a | b)))
    told, true = np.array(pairs).T
    assert np.abs(told - true).max() < 0.13  # some three standard deviations: sqrt(0.25 / 128)
    assert abs(float((told - true).mean())) < 0.05


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_is_like_itself_whatever_its_white_space_and_short_ones_are_like_none(one: str, other: str) -> None:
    assert alike(one, one) == (1.0 if len("".join(one.split())) >= 5 else 0.0)
    assert alike(" \n".join(one), one) == alike(one, one)
    assert alike(one, other) == alike(other, one)


def passage(document: str, text: str) -> Passage:
    return Passage(document, "", "", "", (), text, 0, len(text))


def test_of_passages_nearly_alike_the_first_stands_for_those_of_other_documents() -> None:
    text, other = REAL[:300], REAL[300:600]
    found = [
        *(passage("a", text), passage("b", text[:290] + "。"), passage("b", other), passage("a", text)),
        *(passage("c", other + "完"), passage("d", text[10:])),
    ]
    assert repeated(found) == {1: 0, 4: 2, 5: 0}  # the third repeats a passage of its own document


def test_the_first_of_one_text_is_searched_and_the_others_passages_are_held_back() -> None:
    copies = Copies.of(
        [(0, 0, "a", 0, 2), (3, 3, "d", 9, 1), (0, 4, "e", 10, 2), (3, 5, "f", 12, 0), (0, 6, "g", 12, 2)]
    )
    assert copies.originals == {"e": "a", "g": "a", "f": "d"}
    assert copies.others == {"a": (4, 6), "d": (5,)}
    assert np.flatnonzero(copies.holds(np.arange(20))).tolist() == [10, 11, 12, 13]
    assert not Copies.of([])


# -- through the command line

TEXT = "# 章鱼\n\n章鱼有三颗心脏。\n\n章鱼的血是蓝色的，因为其中含有铜。\n"


def ask(invoke: Invoke, index: Path, question: str, *options: str) -> dict:  # type: ignore[type-arg]
    return json.loads(invoke("ask", question, "--index", index, "--json", *options).stdout)


def places(quote: dict) -> set[str]:  # type: ignore[type-arg]
    return {quote["document"], *(one["document"] for one in quote["also"])}


def test_the_same_text_in_several_files_is_one_text_with_several_names(invoke: Invoke, tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", {"a.md": TEXT, "z.md": TEXT, "深/b.md": TEXT, "c.md": "# 鲸\n\n鲸有肺。\n"})
    (files / "d.txt").write_bytes("章鱼\n章鱼有三颗心脏。\n章鱼的血是蓝色的，因为其中含有铜。\n".encode("gb18030"))
    index = tmp_path / "i"
    report = json.loads(invoke("build", files, "--index", index, "--json").stdout)
    assert (report["documents"], report["passages"]) == (5, 2)
    entries = [json.loads(line) for line in invoke("documents", "--index", index, "--json").stdout.splitlines()]
    assert {one["document"]: (one["passages"], one["same_as"]) for one in entries} == {
        "a.md": (1, None),
        "c.md": (1, None),
        "d.txt": (0, "a.md"),  # in another format and encoding
        "z.md": (0, "a.md"),
        "深/b.md": (0, "a.md"),
    }
    answer = ask(invoke, index, "章鱼的血是什么颜色的", "--top", "9")
    texts = [one["text"] for one in answer["candidates"]]
    assert len(texts) == len(set(texts))
    (quote,) = [one for one in answer["candidates"] if one["text"].startswith("章鱼的血")]
    assert places(quote) == {"a.md", "d.txt", "z.md", "深/b.md"}
    for place in (quote, *quote["also"]):
        shown = json.loads(invoke("show", place["document"], "--index", index, "--json").stdout)["text"]
        assert shown[place["start"] : place["end"]] == quote["text"]
    assert len([one for one in answer["passages"] if "章鱼" in one["text"]]) == 1
    assert "同文亦见" in invoke("ask", "章鱼的血是什么颜色的", "--index", index).stdout


def test_where_the_first_of_one_text_is_removed_the_next_one_takes_its_place(invoke: Invoke, tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", {"a.md": TEXT, "b.md": TEXT, "c.md": "# 鲸\n\n鲸有肺。\n"})
    index = tmp_path / "i"
    invoke("build", files, "--index", index)
    (files / "a.md").unlink()
    invoke("build", "--index", index)
    (quote,) = ask(invoke, index, "章鱼有几颗心脏")["quotes"]
    assert (quote["document"], quote["also"]) == ("b.md", [])


def test_a_hundred_copies_do_not_crowd_out_what_else_answers(invoke: Invoke, tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", {f"{n:03}.md": TEXT for n in range(120)})
    write_files(files, {"x.md": "# 章鱼的心脏\n\n小明说章鱼只有一颗心脏，这是错的。\n"})
    index = tmp_path / "i"
    invoke("build", files, "--index", index)
    answer = ask(invoke, index, "章鱼有几颗心脏")
    assert {one["document"] for one in answer["passages"]} == {"000.md", "x.md"}


def test_a_sentence_that_several_documents_hold_is_quoted_once(invoke: Invoke, tmp_path: Path) -> None:
    same = "章鱼有三颗心脏，两颗为鳃供血，一颗为全身供血。"
    files = write_files(
        tmp_path / "files",
        {
            "a.md": f"# 甲\n\n海里的动物很多，各有各的本领。{same}它们喜欢吃螃蟹和贝类，也会用石头把洞口堵住。\n",
            "b.md": f"# 乙\n\n{same}\n\n另有一说，章鱼的寿命只有一两年，死前不再进食。\n",
        },
    )
    index = tmp_path / "i"
    invoke("build", files, "--index", index)
    answer = ask(invoke, index, "章鱼有几颗心脏")
    assert [quote["text"] for quote in answer["quotes"]].count(same) == 1
    (quote,) = [quote for quote in answer["quotes"] if quote["text"] == same]
    assert places(quote) == {"a.md", "b.md"}


def test_templates_that_differ_in_what_is_asked_are_all_found(invoke: Invoke, tmp_path: Path) -> None:
    body = "本产品自购买之日起享受保修服务，保修期为{}个月。凭发票到任何一家服务网点都可以免费修理，人为损坏除外。" * 2
    files = write_files(
        tmp_path / "files",
        {f"{name}.md": f"# 保修\n\n{name}打印机的保修卡。{body.format(months, months)}\n" for name, months in
         (("青龙", 24), ("白虎", 36), ("朱雀", 12))},
    )  # fmt: skip
    index = tmp_path / "i"
    invoke("build", files, "--index", index)
    answer = ask(invoke, index, "青龙打印机和白虎打印机的保修期分别是多久")
    assert {one["document"] for one in answer["passages"]} >= {"青龙.md", "白虎.md"}
    answer = ask(invoke, index, "打印机的保修期是多久")
    assert {one["document"] for one in answer["passages"]} == {"青龙.md", "白虎.md", "朱雀.md"}  # the numbers differ
