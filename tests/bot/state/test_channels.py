"""Admins set how the bot behaves in a channel; every process hears of it."""

import pytest

from bot.state.channels import FRESH_S, ChannelSettings

EAGER = ChannelSettings(auto_answer=True, reply="ephemeral", confidence=0.8)


def test_a_channel_nobody_set_has_the_defaults(state):
    assert state.channels.get("T1", "C1") == ChannelSettings(
        auto_answer=False, reply="thread", confidence=None
    )


def test_settings_outlive_a_restart(state, open_state):
    state.channels.put("T1", "C1", EAGER)
    assert open_state().channels.get("T1", "C1") == EAGER


def test_a_change_is_seen_at_once_by_the_process_that_made_it(state):
    state.channels.put("T1", "C1", EAGER)
    assert state.channels.get("T1", "C1") == EAGER
    state.channels.put("T1", "C1", ChannelSettings())
    assert state.channels.get("T1", "C1") == ChannelSettings()


def test_a_change_is_seen_by_other_processes_within_seconds(state, open_state, clock):
    other = open_state().channels
    assert other.get("T1", "C1") == ChannelSettings()
    state.channels.put("T1", "C1", EAGER)
    clock.passes(FRESH_S - 0.1)
    assert other.get("T1", "C1") == ChannelSettings()
    clock.passes(0.1)
    assert other.get("T1", "C1") == EAGER


def test_a_clock_set_back_does_not_freeze_the_settings(state, open_state, clock):
    other = open_state().channels
    assert other.get("T1", "C1") == ChannelSettings()
    state.channels.put("T1", "C1", EAGER)
    clock.passes(-3600)
    assert other.get("T1", "C1") == EAGER


def test_channels_of_one_name_in_two_workspaces_are_two(state):
    state.channels.put("T1", "C1", EAGER)
    assert state.channels.get("T2", "C1") == ChannelSettings()


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_that_makes_no_sense_is_refused(state, confidence):
    with pytest.raises(ValueError, match="from 0 to 1 is wanted"):
        state.channels.put("T1", "C1", ChannelSettings(confidence=confidence))
    assert state.channels.get("T1", "C1") == ChannelSettings()
