"""Every command explains itself in Chinese."""

from __future__ import annotations

import re

import click
import pytest

from tests.cli.runs import xfdocs
from xfdocs.cli import cli

COMMANDS = sorted(cli.commands)
ALL = [
    *((name,) for name in COMMANDS),
    *(
        (name, below)
        for name, group in cli.commands.items()
        if isinstance(group, click.Group)
        for below in group.commands
    ),
]
"""Every command by its words, those of groups included."""


def command_of(words: tuple[str, ...]) -> click.Command:
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    return command


def test_the_commands_of_this_issue_are_there():
    assert {"demo", "init", "doctor", "validate", "due", "kinds", "draft"} <= set(COMMANDS)


def test_the_program_lists_them_all():
    run = xfdocs("--help")
    assert run.code == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", run.out, re.MULTILINE)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_command_says_in_chinese_what_it_does_and_what_its_options_mean(words):
    command = command_of(words)
    assert command.help
    assert not command.help.isascii()
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{words} {parameter.opts}"
            assert not parameter.help.isascii()
        else:
            assert parameter.metavar, f"{words} {parameter.name}"


@pytest.mark.parametrize("words", [("--help",), *((*words, "--help") for words in ALL), ("due", "-h")])
def test_help_has_no_english_left(words):
    run = xfdocs(*words)
    assert (run.code, run.err) == (0, "")
    for english in (
        "Usage",
        "Options",
        "Commands",
        "Show this",
        "[OPTIONS]",
        "COMMAND",
        "[required]",
        "TEXT",
        "PATH",
    ):
        assert english not in run.out


def test_the_version_is_told():
    run = xfdocs("--version")
    assert run.code == 0
    assert re.fullmatch(r"xfdocs \d+\.\d+\.\d+\n", run.out)


def test_without_a_command_the_help_is_shown_and_it_is_a_slip():
    run = xfdocs()
    assert run.code == 2
    assert "demo" in run.out + run.err
