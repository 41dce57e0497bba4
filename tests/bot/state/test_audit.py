"""What admins did is kept in order, and never changed."""

from bot.state.audit import Act


def test_acts_come_back_newest_first_with_their_details(state, clock):
    state.audit.note("T1", "U1", "reindexed the articles", index="a", articles=3)
    clock.passes(5)
    state.audit.note("T1", "U2", "kept the old index")
    assert state.audit.recent() == (
        Act(clock.now, "T1", "U2", "kept the old index"),
        Act(clock.now - 5, "T1", "U1", "reindexed the articles", {"index": "a", "articles": 3}),
    )
    assert [one.user for one in state.audit.recent(1)] == ["U2"]


def test_another_process_reads_them(open_state, state):
    state.audit.note("T1", "U1", "returned to an older index", index="b")
    assert open_state().audit.recent() == state.audit.recent()
