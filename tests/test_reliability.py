"""docs/reliability.md names tests that there are, and says of each fault what was lost."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| Fault")
]
# The faults that a bot in service meets, by words of their rows.
FAULTS = [
    "during a build", "before an answer", "during a migration", "Disk full", "Database locked",
    "Index file damaged", "Clock jumps", "429", "500", "does not answer", "five minutes",
    "Two bots", "hostile uploads",
]  # fmt: skip


def functions(file):
    tree = ast.parse(file.read_text("utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_fault_has_a_test_that_there_is(row):
    assert len(row) == 5
    assert all(row)
    file, name = row[-1].strip("*").split("::")
    assert name in functions(ROOT / file)


@pytest.mark.parametrize("words", FAULTS)
def test_no_fault_is_left_out(words):
    assert [row for row in ROWS if words in row[0]]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row[-1].startswith("*")], ids=lambda r: r[0]
)
def test_what_is_said_to_be_a_process_is_one(row):
    """Tests of real processes start them, themselves or by a fixture of their folder."""
    file = ROOT / row[-1].strip("*").split("::")[0]
    beside = [file, *file.parent.glob("[!t]*.py")]
    starts = re.compile(r"subprocess|BotProcess|children\(|multiprocessing|os\.fork")
    assert any(starts.search(one.read_text("utf-8")) for one in beside)


def test_nothing_is_lost_but_what_the_page_says():
    lost = {row[3] for row in ROWS}
    assert "nothing" in lost
    assert all(one == "nothing" or "restore a [backup]" in one for one in lost)
    assert re.search(r"^## What can be lost$", PAGE, re.MULTILINE)
