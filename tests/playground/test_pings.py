"""Whom a message would notify."""

import pytest

from playground.blocks import pings_of


@pytest.mark.parametrize(
    ("text", "blocks", "wanted"),
    [
        ("hello <!channel>", [], ["<!channel>"]),
        ("&lt;!channel&gt; @here", [], []),
        ("<@U0ANN|ann> and <!subteam^S1>", [], ["<@U0ANN>", "<!subteam^S1>"]),
        ("", [{"type": "section", "text": {"type": "mrkdwn", "text": "@here"}}], ["@here"]),
        (
            "",
            [{"type": "section", "text": {"type": "mrkdwn", "text": "@here", "verbatim": True}}],
            [],
        ),
        ("", [{"type": "header", "text": {"type": "plain_text", "text": "<!here>"}}], []),
        ("", [{"type": "rich_text", "elements": [{"type": "user", "user_id": "U1"}]}], ["<@U1>"]),
        ("", [{"elements": [{"type": "broadcast", "range": "here"}]}], ["<!here>"]),
        ("", [{"type": "markdown", "text": "<@U1>"}], ["<@U1>"]),
        ("<@U0BOSS>", [], []),
    ],
)
def test_live_mentions_are_named(text, blocks, wanted):
    assert pings_of(text, blocks, allowed={"U0BOSS"}) == wanted
