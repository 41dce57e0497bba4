"""A reindex is published whole, waits for a decision, or changes nothing."""

import threading

import pytest

from bot.reindexing.outcome import Outcome
from bot.reindexing.progress import ASKING, Progress
from bot.reindexing.reindexer import NotWaitingError, StoppedError
from bot.reindexing.turns import ReindexRunningError
from bot.state.questions import QuestionRecord
from index.build import EMBEDDING, READING, BuildOptions
from index.errors import ArticleError
from tests.bot.reindexing.folders import DISCOVERY
from tests.builds import write_articles


def lose_an_answer(folder):
    (folder.knowledge / "vp.md").unlink()


def blocked(folder):
    """Reindex so that the outcome waits for a decision; return its row."""
    lose_an_answer(folder)
    outcome = folder.reindexer().run("U1", team="T1")
    assert not outcome.published
    return folder.rows()[0]


# --- What comes of it


def test_the_first_index_is_published_without_anything_to_compare_it_with(folder):
    (row,) = folder.rows()
    outcome = Outcome.from_dict(row.report)
    assert (row.status, row.user, row.generation) == ("published", "a test", outcome.generation)
    assert folder.store.current_name() == outcome.generation
    assert (outcome.before, outcome.diff) == ("", None)
    assert outcome.added == ("head.md", "roadmap.md", "vp.md")


def test_added_changed_removed_and_rejected_articles_are_named_with_reasons(folder):
    roadmap = folder.knowledge / "roadmap.md"
    roadmap.write_text(roadmap.read_text() + "\nIt has no dates.\n")
    write_articles(folder.knowledge, {"discovery.md": DISCOVERY, "empty.md": "", "bad.pdf": "no"})
    lose_an_answer(folder)
    outcome = folder.reindexer().run("U1", publish_anyway=True)
    assert outcome.published
    assert outcome.added == ("discovery.md",)
    assert outcome.changed == ("roadmap.md",)
    assert outcome.removed == ("vp.md",)
    assert dict(outcome.rejected)["empty.md"] == "empty file"
    assert set(dict(outcome.rejected)) == {"empty.md", "bad.pdf"}


def test_an_index_that_loses_no_answer_is_published_and_says_what_changed(folder):
    before = folder.store.current_name()
    write_articles(folder.knowledge, {"discovery.md": DISCOVERY})
    outcome = folder.reindexer().run("U1")
    assert outcome.published
    assert outcome.before == before
    assert folder.store.current_name() == outcome.generation
    assert outcome.diff.asked == outcome.diff.saved == 4
    assert outcome.diff.lost == ()
    (gained,) = outcome.diff.gained
    assert (gained.question, gained.after) == ("What is discovery?", ("discovery.md",))


def test_a_question_that_only_a_removed_article_asked_counts_as_lost(folder):
    row = blocked(folder)
    diff = Outcome.from_dict(row.report).diff
    assert diff
    (lost,) = diff.lost
    assert lost.question == "What does a VP of product do?"
    assert lost.before == ("vp.md",)


def test_what_people_asked_counts_too(folder):
    state = folder.state()
    for number in range(3):
        record = QuestionRecord(str(number), 1.0, "direct", "answer", "who owns the budget?")
        state.questions.record(record)
    asked = []

    def most_asked():
        asked.extend(state.questions.most_asked())
        return asked

    outcome = folder.reindexer(most_asked=most_asked).run("U1")
    assert asked == ["who owns the budget?"]
    assert outcome.diff.asked == 4


def test_as_many_answers_as_the_setting_allows_may_be_lost(folder):
    object.__setattr__(folder.settings, "reindex_max_lost", 1)
    lose_an_answer(folder)
    assert folder.reindexer().run("U1").published


def test_progress_tells_every_step_and_how_much_is_read_and_embedded(folder):
    seen: list[Progress] = []
    write_articles(folder.knowledge, {"discovery.md": DISCOVERY})
    folder.reindexer().run("U1", seen.append)
    steps = list(dict.fromkeys(one.step for one in seen))
    assert steps[0] == READING
    assert steps[-2:] == [EMBEDDING, ASKING]
    assert (seen[-1].articles, seen[-1].done, seen[-1].total) == (4, 4, 4)
    assert seen[-1].embedded > 0


# --- Deciding


def test_while_nothing_is_decided_the_old_index_answers(folder):
    before = folder.store.current_name()
    row = blocked(folder)
    assert row.status == "blocked"
    assert folder.store.current_name() == before
    assert folder.store.names() == [before]
    assert folder.store.candidate() == row.generation


def test_a_decision_to_publish_made_after_a_restart_publishes(folder):
    row = blocked(folder)
    outcome = folder.reindexer().publish(row.id, "U2")
    assert outcome.published
    assert folder.store.current_name() == row.generation
    assert folder.store.candidate() is None
    assert folder.rows()[0].status == "published"


def test_a_decision_to_keep_the_old_one_removes_the_other(folder):
    before = folder.store.current_name()
    row = blocked(folder)
    outcome = folder.reindexer().keep_old(row.id, "U2")
    assert not outcome.published
    assert folder.store.current_name() == before
    assert folder.store.candidate() is None
    assert not (folder.store.folder / f"candidate-{row.generation}").exists()


def test_of_many_who_decide_at_once_one_does(folder):
    row = blocked(folder)
    reindexers = [folder.reindexer() for _ in range(6)]
    done, refused = [], []

    def decide(number, one):
        try:
            act = one.publish if number % 2 else one.keep_old
            done.append(act(row.id, f"U{number}").published)
        except (NotWaitingError, ReindexRunningError):
            refused.append(number)

    threads = [threading.Thread(target=decide, args=one) for one in enumerate(reindexers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(done) == 1
    assert len(refused) == 5
    assert (folder.store.current_name() == row.generation) is done[0]


def test_a_newer_reindex_takes_the_place_of_one_that_waits(folder):
    row = blocked(folder)
    write_articles(folder.knowledge, {"discovery.md": DISCOVERY})
    newer = folder.reindexer().run("U2", publish_anyway=True)
    with pytest.raises(NotWaitingError, match="superseded"):
        folder.reindexer().publish(row.id, "U1")
    assert folder.store.current_name() == newer.generation
    assert folder.store.candidate() is None


def test_a_candidate_that_somebody_removed_is_not_published(folder):
    row = blocked(folder)
    folder.store.discard_candidate(row.generation)
    with pytest.raises(NotWaitingError, match="superseded"):
        folder.reindexer().publish(row.id, "U1")


def test_what_waits_is_published_as_it_is_only_while_the_folder_is_the_same(folder):
    row = blocked(folder)
    write_articles(folder.knowledge, {"discovery.md": DISCOVERY})
    assert folder.reindexer().publish_waiting("U1") is None
    (folder.knowledge / "discovery.md").unlink()
    assert folder.reindexer().publish_waiting("U1") == row.generation
    assert folder.store.current_name() == row.generation
    assert folder.rows()[0].status == "published"


def test_a_folder_that_was_indexed_before_is_known_whatever_became_of_it(folder):
    reindexer = folder.reindexer()
    assert reindexer.is_known(reindexer.stamp())
    row = blocked(folder)
    assert reindexer.is_known(reindexer.stamp())
    reindexer.keep_old(row.id, "U1")
    assert reindexer.is_known(reindexer.stamp())
    write_articles(folder.knowledge, {"discovery.md": DISCOVERY})
    assert not reindexer.is_known(reindexer.stamp())


# --- One at a time, and what goes wrong


def test_a_second_reindex_is_told_who_runs_the_first(folder):
    there, go_on = threading.Event(), threading.Event()

    def hold(_progress):
        there.set()
        assert go_on.wait(20)

    first = threading.Thread(target=folder.reindexer().run, args=("U1", hold))
    first.start()
    assert there.wait(20)
    second = folder.reindexer()
    with pytest.raises(ReindexRunningError, match="begun by U1") as told:
        second.run("U2")
    assert told.value.holder
    assert told.value.holder.by == "U1"
    go_on.set()
    first.join()
    assert second.run("U2").published
    assert second.turns.holder() is None
    assert [one.user for one in folder.rows()] == ["U2", "U1", "a test"]


def test_a_second_reindex_can_wait_for_the_first(folder):
    there = threading.Event()
    first = threading.Thread(
        target=folder.reindexer().run, args=("U1", lambda _progress: there.set())
    )
    first.start()
    assert there.wait(20)
    assert folder.reindexer(options=BuildOptions(wait_s=20)).run("U2").published
    first.join()


def test_a_folder_without_articles_changes_nothing_and_is_noted(folder):
    before = folder.store.current_name()
    for path in folder.knowledge.rglob("*.md"):
        path.unlink()
    with pytest.raises(ArticleError, match="no readable article"):
        folder.reindexer().run("U1")
    assert folder.store.current_name() == before
    row = folder.rows()[0]
    assert row.status == "failed"
    assert "no readable article" in row.report["error"]


def test_a_reindex_that_is_stopped_changes_nothing(folder):
    before = folder.store.current_name()
    reindexer = folder.reindexer()
    with pytest.raises(StoppedError):
        reindexer.run("U1", lambda now: reindexer.stop() if now.step == EMBEDDING else None)
    assert folder.store.current_name() == before
    assert folder.rows()[0].status == "interrupted"
    left = {path.name for path in folder.store.folder.iterdir()}
    assert left == {before, "CURRENT", "build.lock", "reindex.lock"}


@pytest.mark.parametrize("step", [READING, EMBEDDING, ASKING])
def test_a_reindex_that_was_killed_leaves_the_old_index_and_no_lock(folder, step):
    before = folder.store.current_name()
    write_articles(folder.knowledge, {"discovery.md": DISCOVERY})
    folder.killed_at(step)
    assert folder.store.current_name() == before
    folder.store.verify(before)
    assert folder.store.names() == [before]
    reindexer = folder.reindexer()
    (left,) = reindexer.recover()
    assert (left.user, left.status) == ("U1", "running")
    assert folder.rows()[0].status == "interrupted"
    assert reindexer.recover() == ()
    outcome = reindexer.run("U2")
    assert outcome.published
    left = {path.name for path in folder.store.folder.iterdir()}
    names = {before, outcome.generation}
    assert left == {*names, "CURRENT", "build.lock", "reindex.lock"}


def test_a_decision_whose_process_was_killed_is_carried_out_by_the_next(folder):
    row = blocked(folder)
    folder.killed_at("publishing")
    reindexer = folder.reindexer()
    assert folder.rows()[0].status == "publishing"
    reindexer.recover()
    assert folder.rows()[0].status == "published"
    assert folder.store.current_name() == row.generation


def test_nothing_is_put_in_order_while_another_process_reindexes(folder):
    reindexer = folder.reindexer()
    with folder.reindexer().turns.take("U1"), pytest.raises(ReindexRunningError):
        reindexer.recover()
