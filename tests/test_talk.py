"""What the page is sent of an answer, step by step, and what an empty conversation offers."""

import json

from assistant.web.page.talk import KEPT, Turn, steps
from tests.staging import Staged, site


def _steps(live=None, **turn):
    return list(steps(site(live), Turn(**{"question": "甲？", **turn})))


def test_the_answer_comes_first_then_questions_to_go_on_with():
    answer, more = _steps()
    assert "甲？&#124;&#124;False" in answer["html"]
    assert answer["answer"]["quotes"][0]["text"] == "甲？||False"
    assert "乙是什么？" in more["suggestions"]


def test_a_turn_is_asked_with_its_history_without_blank_questions_and_as_written_where_that_is_wanted():
    answer, _ = _steps(question="还有吗", history=["甲？", " ", "钾？"])
    assert answer["answer"]["quotes"][0]["text"] == "还有吗|甲？、钾？|False"
    assert _steps(as_written=True)[0]["answer"]["quotes"][0]["text"] == "甲？||True"


def test_what_the_browser_keeps_holds_no_passages_and_fits_json():
    kept = _steps()[0]["answer"]
    assert {*kept} == {*KEPT, "near"} and not {"candidates", "passages"} & {*KEPT}
    assert json.loads(json.dumps(kept)) is not None


def test_an_answer_outlives_a_fault_in_what_follows_it(caplog):
    class Broken(Staged):
        def suggest(self, answer, earlier=()):
            raise RuntimeError("broken")

    first, second = _steps(Broken())
    assert "甲？&#124;&#124;False" in first["html"] and second == {} and "broken" in caplog.text


def test_a_fault_is_told_in_the_place_of_the_answer_without_its_details(caplog):
    class Broken(Staged):
        def ask(self, question, history=(), **more):
            raise RuntimeError("secret")

    (step,) = _steps(Broken())
    assert "出了意外" in step["html"] and "secret" not in step["html"] and "secret" in caplog.text
