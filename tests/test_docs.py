import re
import shlex

import click
import pytest

from assistant.cli import main
from tests.conftest import ROOT


@pytest.fixture(params=["README.md", "README.zh-CN.md"])
def readme(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text(encoding="utf-8")


def command_lines(text: str) -> list[list[str]]:
    """The words of every line in a code block or in backquotes that calls `assistant`, as far as they are its own."""
    blocks = re.findall(r"^```(?!python)[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`(assistant [^`\n]+)`", text)
    found = []
    for line in lines:
        call = re.search(r"(?:^|[|;&(])\s*(?:\$ )?(?:\w+=\S+ )*(?:\S*/)?assistant (?=[a-z-])(.*)", line)
        if not call or line.lstrip().startswith("#"):
            continue
        lexer = shlex.shlex(call[1], posix=True, punctuation_chars="|<>;&")
        lexer.whitespace_split = True
        lexer.commenters = "#"
        words = []
        for word in lexer:
            if set(word) <= set("|<>;&"):
                break
            words.append(word)
        found.append(words)
    return found


def test_every_command_line_in_the_readme_is_one_that_the_program_takes(readme: str) -> None:
    lines = command_lines(readme)
    assert lines
    for name, *arguments in lines:
        if name.startswith("-"):
            assert name in {"--help", "-h", "--version"}
            continue
        assert name in main.commands, f"assistant {name}"
        command = main.commands[name]
        known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
        used = [word.split("=")[0] for word in arguments if re.match(r"--?[a-z]", word)]
        assert set(used) <= known, f"assistant {name} {' '.join(arguments)}"
        if any(word in {"...", "…"} or word.isupper() for word in arguments) or "--help" in used:
            continue  # a pattern, no call
        with command.make_context(name, list(arguments)):
            pass


def test_every_command_and_its_options_are_in_the_readme(readme: str) -> None:
    named = {name for name, *_ in command_lines(readme)}
    assert set(main.commands) <= named


def test_every_link_of_the_readme_to_a_file_leads_somewhere(readme: str) -> None:
    targets = re.findall(r"(?:\]\(|src=\")(?!https?:|#|mailto:)([^)#\"\s]+)", readme)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_make_target_of_the_readme_exists(readme: str) -> None:
    targets = set(re.findall(r"^(?:\$ )?make ([a-z-]+)", readme, re.MULTILINE))
    assert {"ask", "test"} <= targets
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert targets <= rules


def test_no_text_but_the_chinese_readme_names_a_command_that_is_not_there() -> None:
    """The messages tell users commands to run: each must be one."""
    from corpus.messages import CATALOGUE

    words = r"assistant ([a-z]+)((?: --[a-z-]+)*)"
    for pair in CATALOGUE.values():
        for text in pair:
            for name, options in re.findall(words, text):
                assert name in main.commands, text
                known = {option for parameter in main.commands[name].params for option in parameter.opts}
                assert set(options.split()) <= known, text
            for option in re.findall(r"(?<![\w-])--[a-z-]+", text):
                every = (p for c in main.commands.values() for p in c.params)
                assert any(option in (*p.opts, *p.secondary_opts) for p in every), text


def test_every_parameter_of_every_command_is_explained() -> None:
    for name, command in main.commands.items():
        assert isinstance(command, click.Command)
        assert command.help, name
        assert all(p.help for p in command.params if isinstance(p, click.Option)), name


def test_the_changelog_knows_the_version() -> None:
    (version,) = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
