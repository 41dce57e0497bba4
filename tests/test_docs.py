"""The documentation says what the program does: nothing missing, nothing that is not there."""

import argparse
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from bot.cli import _parser
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = [
    ROOT / "README.md",
    ROOT / "SECURITY.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
SETTINGS = {one.name.upper(): one.default for one in fields(Settings)}


def _all_text() -> str:
    return "\n".join(page.read_text("utf-8") for page in DOCS)


def _section(page: str, heading: str) -> str:
    text = (ROOT / "docs" / page).read_text("utf-8")
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def _leaves(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    """Give every command in full, such as "pmrole index build"."""
    choices = [one.choices for one in parser._actions if isinstance(one.choices, dict)]
    if not choices:
        yield name
    for verb, child in choices[0].items() if choices else ():
        yield from _leaves(child, f"{name} {verb}")


COMMANDS = list(_leaves(_parser(), "pmrole"))


def _code(text: str) -> str:
    return "\n".join(re.findall(r"```.*?```|`[^`]+`", text, re.DOTALL))


def _shown(default: object) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default.as_posix() if isinstance(default, Path) else default}`"


def test_operating_lists_every_setting_with_its_default_and_no_other() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| (.+?) \|", _section("operating.md", "Settings"), re.MULTILINE
    )
    assert dict(rows) == {name: _shown(default) for name, default in SETTINGS.items()}


def test_env_example_holds_every_setting_commented_out_at_its_default() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert all(line.startswith("#") for line in lines if line)
    written = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", "\n".join(lines), re.MULTILINE))
    assert list(written) == list(SETTINGS)
    assert Settings.from_env(written) == Settings()


def _make_targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE).group(1).split()  # type: ignore[union-attr]


@pytest.mark.parametrize("target", _make_targets())
def test_readme_names_every_make_target(target: str) -> None:
    assert re.search(rf"`make {target}\b", (ROOT / "README.md").read_text("utf-8"))


def test_no_page_names_a_make_target_that_is_not_there() -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", _code(_all_text()), re.MULTILINE))
    assert named <= set(_make_targets())


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_names_every_command(command: str) -> None:
    assert re.search(rf"`{command}\b", (ROOT / "README.md").read_text("utf-8"))


def test_no_page_names_a_command_that_is_not_there() -> None:
    named = set(re.findall(r"(?<!/)\bpmrole [a-z][a-z-]*(?: [a-z]+)?", _code(_all_text())))
    unknown = {
        one
        for one in named
        if not any(f"{one} ".startswith(f"{it} ") or it.startswith(f"{one} ") for it in COMMANDS)
    }
    assert not unknown


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    relative = [one.split("#")[0] for one in targets if not re.match(r"[a-z]+:", one)]
    assert [one for one in relative if one and not (page.parent / one).exists()] == []


def test_procfile_runs_commands_that_there_are() -> None:
    commands = [
        part.strip()
        for line in (ROOT / "Procfile").read_text("utf-8").splitlines()
        for part in re.split(r"&&|\|\||;", line.split(":", 1)[1])
    ]
    ours = [shlex.split(one)[1:] for one in commands if one.startswith("pmrole ")]
    assert ours
    for words in ours:
        _parser().parse_args(words)  # ends the test if the line is wrong


def _house() -> list[str]:
    """Return the paths that the tree in docs/architecture.md names."""
    tree = re.search(r"```text\n(.*?)```", _section("architecture.md", "The house"), re.DOTALL)
    assert tree
    paths: list[str] = []
    above: list[str] = []
    for line in tree.group(1).splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        above = [*above[:depth], line.split()[0]]
        paths.append("".join(above))
    return paths


def test_the_house_names_every_module_and_package_and_no_other() -> None:
    folders = ("bot", "index", "playground")
    modules = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    there = {path.relative_to(ROOT).as_posix() for path in modules if path.name != "__init__.py"}
    there |= {f"{path.relative_to(ROOT).parent.as_posix()}/" for path in modules}
    named = _house()
    assert sorted(named) == sorted(there)


def test_architecture_gives_a_reason_for_every_dependency_and_no_other() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    rows = re.findall(r"^\| (`.+?`) \| \S", _section("architecture.md", "Dependencies"), re.M)
    named = [name for row in rows for name in re.findall(r"`(.+?)`", row)]
    assert sorted(named) == sorted(re.split(r"[<>=\[; ]", one)[0] for one in wanted)
