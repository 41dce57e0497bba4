"""Two `pmrole serve` with folders of their own on one Postgres: an article is brought to both."""

import pytest

from tests.scenarios.conftest import running_slack
from tests.scenarios.machines import Machine, Workspace
from tests.scenarios.test_uploads import FILE, QUESTION, THURSDAY, small_library

__all__ = ["small_library"]  # a fixture of this module too


STORES = ("folder", "postgres", "postgres+faiss")


@pytest.fixture
def workspace(request, small_library, tmp_path, empty_postgres):
    with running_slack() as slack:
        machines = [
            Machine(slack, tmp_path / name, small_library, empty_postgres, store=request.param)
            for name in ("here", "there")
        ]
        if request.param != "folder":
            built = machines[0].runs("index", "build", "--if-changed")
            assert built.returncode == 0, built.stderr
        yield Workspace(slack, *machines)
        for one in machines:
            one.stop()


@pytest.mark.parametrize("workspace", STORES, indirect=True)
def test_an_article_is_brought_to_both_machines_and_both_answer_from_it(workspace):
    here, there = workspace.machines
    before = here.articles
    for one in workspace.machines:
        one.start()
    assert THURSDAY not in workspace.answers(workspace.asks(QUESTION))[0].text
    workspace.add(FILE)
    workspace.wait(lambda: here.articles == there.articles != before, "the article on both")
    assert here.stamp == there.stamp
    workspace.wait_until_all_answer(QUESTION, THURSDAY)
    assert "Traceback" not in here.stop() + there.stop()


@pytest.mark.parametrize("workspace", ["folder"], indirect=True)
def test_what_was_brought_while_a_machine_was_off_is_answered_there(workspace):
    here, there = workspace.machines
    here.start()
    workspace.add(FILE)
    here.stop()
    there.start()
    workspace.wait_until_all_answer(QUESTION, THURSDAY, machines=1)
    assert here.articles == there.articles
    assert here.stamp == there.stamp


@pytest.mark.parametrize("workspace", ["postgres"], indirect=True)
def test_what_was_brought_on_one_machine_is_in_what_another_indexes(workspace):
    here, there = workspace.machines
    here.start()
    workspace.add(FILE)
    here.stop()
    there.start()
    before = workspace.new_indexes()
    workspace.ada.commands("/pmrole", "reindex", channel="#careers")
    workspace.wait(lambda: workspace.new_indexes() > before, "the new index")
    here.start()
    workspace.wait_until_all_answer(QUESTION, THURSDAY)
    assert here.articles == there.articles
    assert here.stamp == there.stamp


@pytest.mark.parametrize("workspace", ["postgres"], indirect=True)
def test_a_build_at_the_start_of_a_machine_holds_what_was_brought_on_another(workspace):
    here, there = workspace.machines
    here.start()
    workspace.add(FILE)
    here.stop()
    # Its folder is that of the program still: an index of it alone would lack the article.
    assert there.articles != here.articles
    published = here.runs("index", "list").stdout
    started = there.runs("index", "build", "--if-changed")
    assert started.returncode == 0, started.stderr
    assert there.articles == here.articles
    assert there.runs("index", "list").stdout == published  # the same stamp: nothing to build
