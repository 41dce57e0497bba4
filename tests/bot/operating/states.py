"""A state with something in every table, and what a database holds."""

from datetime import datetime

from sqlalchemy import insert, select

from bot.state.answers import KeptAnswer
from bot.state.channels import ChannelSettings
from bot.state.schema import metadata
from bot.state.threads import Place

PLACE = Place("T1", "C1", "1.1")
TOKEN = "xoxb-of-a-workspace-123"
PNG = bytes(range(256)) * 8
NINE = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - slack_sdk keeps UTC without a zone
INSTALLATIONS = {"slack_installations", "slack_bots", "slack_oauth_states"}


def fill(state):
    """Put something into every table."""
    state.inbox.accept(["Ev1"], {"channel": "C1", "message_ts": "1.2", "text": "\u00e9 \U0001f600"})
    state.threads.remember(PLACE, "U1", "what does a VP do", "A VP leads.")
    state.answers.keep(
        KeptAnswer("a1", "T1", "C1", "1.1", "1.2", "1.1", "U1", "mention", "r1", "q", {"n": [1.5]})
    )
    state.feedback.vote("a1", "U1", "down")
    state.channels.put("T1", "C1", ChannelSettings(auto_answer=True, topics=("roles",)))
    state.channels.put("T1", "C2", ChannelSettings(confidence=0.5))
    state.audit.note("T1", "U1", "rolled the index back", generation="g1")
    state.uploads.put("roles/new.md", PNG, "U1")
    state.uploads.remove("roles/old.md", b"old", "U1")
    state.waiting.add("T1", "U1", "what is a CPO", "r2")
    now = 1_795_435_200.25
    question = {
        **dict.fromkeys(("reference", "surface", "outcome", "text", "intent", "generation"), "x"),
        "asked_at": now,
        "titles": ["cpo"],
        "confidence": 0.1 + 0.2,
        "milliseconds": 12.5,
        "articles": [],
        "sensitive": True,
    }
    pin = {
        **dict.fromkeys(("team", "question", "answer", "source_url", "approved_by"), "x"),
        "vector": b"\x00\xff",
        "approved_at": now,
        "articles": {"a.md": "00"},
        "ended_why": "",
    }
    reindex = {
        **dict.fromkeys(("team", "user", "channel", "message_ts", "status", "generation"), "x"),
        "report": {"added": 1},
        "begun_at": now,
    }
    installed: dict[str, object] = {
        "app_id": "A1",
        "bot_token": TOKEN,
        "user_id": "U1",
        "state": "s",
    }
    installed |= {"client_id": "1.2", "is_enterprise_install": False, "installed_at": NINE}
    installed |= {"expire_at": NINE}
    rows: dict[str, dict[str, object]] = {"questions": question, "pins": pin, "reindexes": reindex}
    rows |= dict.fromkeys(INSTALLATIONS, installed)
    with state.transactions.writing() as connection:
        for name, row in rows.items():
            table = metadata.tables[name]
            fitting = {key: value for key, value in row.items() if key in table.c}
            connection.execute(insert(table), fitting)


def contents(engine, *, installations=False):
    """Return all rows of all tables."""
    wanted = [
        one for one in metadata.sorted_tables if installations or one.name not in INSTALLATIONS
    ]
    with engine.connect() as connection:
        found = {
            one.name: connection.execute(select(one).order_by(*one.primary_key)) for one in wanted
        }
        return {name: [tuple(row) for row in rows] for name, rows in found.items()}


def handed_back(tables):
    """Return what a database holds, with its waiting questions free for anybody."""
    rows = [(*one[:-2], "", one[5]) for one in tables["inbox"]]
    return {**tables, "inbox": rows}
