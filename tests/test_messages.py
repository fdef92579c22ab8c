import ast
import string
from collections.abc import Iterator

import pytest

from corpus.errors import AssistantError, InputError
from corpus.messages import CATALOGUE, message, speaking
from tests.conftest import ROOT, run_assistant

SOURCES = [
    path
    for package in ("corpus", "index", "assistant")
    for path in sorted((ROOT / package).rglob("*.py"))
    if path.parent.name != "messages"
]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `message` and of an error class in the packages, with where it stands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name == "message" or (name.endswith("Error") and name in ERRORS):
                    yield f"{path.name}:{node.lineno}", node


TEXTS = {
    node.value
    for path in SOURCES
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def _subclasses(kind: type) -> set[str]:
    return {kind.__name__}.union(*(_subclasses(child) for child in kind.__subclasses__()))


ERRORS = _subclasses(AssistantError)


def keys_of(argument: ast.expr) -> set[str]:
    """The keys that an argument may be: a text, one of two, or a text with an ending that some file names."""
    match argument:
        case ast.Constant(value=str(key)):
            return {key}
        case ast.BinOp(left=ast.Constant(value=str(start)), op=ast.Add()):
            return {key for key in CATALOGUE if key.startswith(start) and key.removeprefix(start) in TEXTS} or {start}
        case ast.IfExp(body=body, orelse=other):
            return keys_of(body) | keys_of(other)
    return set()


def test_every_key_that_the_code_names_is_in_the_catalogue() -> None:
    found = {key: where for where, call in calls() for key in keys_of(call.args[0])}
    assert len(found) > 50
    assert {key: where for key, where in found.items() if key not in CATALOGUE} == {}


def test_every_key_of_the_catalogue_is_used() -> None:
    used = TEXTS | {key for _, call in calls() for key in keys_of(call.args[0])}  # keys also stand in variables
    assert sorted(set(CATALOGUE) - used) == []


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("key", CATALOGUE)
def test_both_languages_say_something_with_the_same_values(key: str) -> None:
    chinese, english = CATALOGUE[key]
    assert fields(chinese) == fields(english)
    assert chinese.strip() == chinese != ""
    assert english.strip() == english != ""
    assert not any("\u4e00" <= character <= "\u9fff" for character in english)
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese) or key == "web-language"


def test_a_call_gives_every_value_that_its_message_names() -> None:
    wrong = {}
    for where, call in calls():
        if isinstance(call.args[0], ast.BinOp) or any(keyword.arg is None for keyword in call.keywords):
            continue  # not to be read off the source
        given = {keyword.arg for keyword in call.keywords}
        for key in keys_of(call.args[0]):
            if key in CATALOGUE and fields(CATALOGUE[key][0]) != given:
                wrong[where] = (key, given)
    assert wrong == {}


@pytest.mark.parametrize(
    ("language", "words"),
    [("", "文档没有"), ("zh_CN.UTF-8", "文档没有"), ("en", "do not say"), ("EN_us", "do not say")],
)
def test_the_language_is_chosen_when_a_message_is_shown(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    error = InputError("decline")
    monkeypatch.setenv("ASSISTANT_LANG", language)
    assert words in message("decline")
    assert words in str(error)


def test_a_server_speaks_the_language_of_whom_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    with speaking("en-GB"):
        assert "do not say" in message("decline")
        with speaking("zh"):
            assert "文档没有" in message("decline")
        with speaking(""):
            assert "文档没有" in message("decline")
        assert "do not say" in message("decline")
    assert "文档没有" in message("decline")


def test_help_comes_in_both_languages() -> None:
    chinese = run_assistant("--help").stdout.decode()
    english = run_assistant("--help", ASSISTANT_LANG="en").stdout.decode()
    assert "用中文提问" in chinese
    assert "Answer a question" in english
    assert not any("\u4e00" <= character <= "\u9fff" for character in english)


def test_values_with_braces_are_shown_as_they_are() -> None:
    assert message("document-missing", document="{x}").startswith("索引里没有文档 {x}。")
