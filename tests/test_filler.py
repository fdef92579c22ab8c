import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.filler import without_fillers


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("请问养老金怎么交呀？", "养老金怎么交？"),
        ("那个 帮我查一下医保什么时候生效呗", "医保什么时候生效"),
        ("你知道这本书是谁写的吗", "这本书是谁写的"),
        ("有谁知道退税要几天吗？谢谢", "退税要几天？"),
        ("我想问下,護照怎麼辦", "護照怎麼辦"),
        ("帮忙看看校长是谁啊？？", "校长是谁？？"),
        # what is said is part of the question
        ("哈佛大学在哪", "哈佛大学在哪"),
        ("那个软件是谁写的", "那个软件是谁写的"),
        ("能用手机交吗", "能用手机交吗"),
        ("急救电话是多少", "急救电话是多少"),
        ("知道的人有多少", "知道的人有多少"),
        ("你知道他去过北京吗", "他去过北京吗"),
        ("额尔古纳在哪里", "额尔古纳在哪里"),
        ("喂猫吃什么", "喂猫吃什么"),
        ("老师是什么", "老师是什么"),
        ("老师，这题怎么做", "这题怎么做"),
        ("能给我看看病吗", "能给我看看病吗"),
        ("有人知道的秘密是什么", "有人知道的秘密是什么"),
        ("养老金怎么交 谢谢你", "养老金怎么交"),
        ("啊", "啊"),
        ("请问", "请问"),
        ("", ""),
    ],
)
def test_what_is_said_around_a_question_is_left_out(written: str, asked: str) -> None:
    assert without_fillers(written) == asked


@given(st.text(st.sampled_from("请问你知道帮我查一下啊呀呢吗谁？，. Ab猫"), max_size=20))
def test_what_remains_keeps_the_users_characters_in_order(text: str) -> None:
    left = iter(text)
    assert all(character in left for character in without_fillers(text))


@pytest.mark.parametrize("run", ["啊", "哈", "谢", "急", "嗯", "，", "请问", "啊谢急", "知道"])
def test_a_long_run_of_particles_is_read_at_once(run: str) -> None:
    text = run * (499 // len(run)) + "x"  # backtracking through it would never end
    assert without_fillers("红烧肉" + text).startswith("红烧肉")
    assert without_fillers(text).endswith("x")
