from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Dropped, Reason, Section
from corpus.draft import Draft, joined

STEPS = st.lists(
    st.tuples(st.just("line"), st.text("字a \n", max_size=5))
    | st.tuples(st.just("heading"), st.sampled_from(["甲", "乙", ""]), st.integers(1, 4))
    | st.tuples(st.just("part"), st.integers(0, 3))
    | st.tuples(st.just("page"), st.integers(1, 9))
    | st.tuples(st.just("drop"), st.text(max_size=3), st.sampled_from(Reason)),
    max_size=25,
)


@given(STEPS)
def test_sections_follow_each_other_and_hold_all_but_the_headings(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    draft = Draft()
    headings = []
    for name, *arguments in steps:
        getattr(draft, name)(*arguments)
        if name == "heading" and arguments[0]:
            headings.append(arguments[0] + "\n")
    document = draft.document("id", named="名")
    place, between = 0, ""
    for section in document.sections:
        assert place <= section.start < section.end
        between += document.text[place : section.start]
        place = section.end
    assert between + document.text[place:] == "".join(headings)
    assert [one.at for one in document.dropped] == sorted(one.at for one in document.dropped)
    assert document.title == "名"


def test_headings_pages_and_parts_make_sections_of_their_own() -> None:
    draft = Draft()
    draft.line("前")
    draft.page(1)
    draft.heading("甲", 1)
    draft.line("一")
    draft.heading("乙", 2)
    draft.line("二")
    draft.drop("页眉", Reason.MARGIN)
    draft.page(2)
    draft.line("三")
    draft.part(2)
    draft.line("四")
    draft.part()
    draft.line("五")
    document = draft.document("id", named="名")
    assert document.text == "前\n甲\n一\n乙\n二\n三\n四\n五\n"
    assert document.sections == (
        Section((), 0, 2),
        Section(("甲",), 4, 6, 1),
        Section(("甲", "乙"), 8, 10, 1),
        Section(("甲", "乙"), 10, 12, 2),
        Section(("甲",), 12, 14, 2),
        Section(("甲",), 14, 16, 2),
    )
    assert document.dropped == (Dropped(10, "页眉", Reason.MARGIN),)


def test_lines_are_joined_as_chinese_and_latin_want() -> None:
    assert joined(["深度", "学习，", "框架", "PyTorch", "1.0 is", "out"]) == "深度学习，框架 PyTorch 1.0 is out"
    assert joined([]) == joined([""]) == ""


def test_half_a_character_is_a_lost_one_and_line_ends_are_newlines() -> None:
    draft = Draft()
    draft.title = "题\ud800"
    draft.heading("甲\udfff", 1)
    draft.line("a\r\nb\rc\ud83d字")
    draft.drop("\ud800", Reason.CLUTTER)
    document = draft.document("id", named="名")
    assert (document.title, document.text) == ("题\ufffd", "甲\ufffd\na\nb\nc\ufffd字\n")
    assert document.sections == (Section(("甲\ufffd",), 3, len(document.text)),)
    assert document.dropped == (Dropped(11, "\ufffd", Reason.CLUTTER),)
