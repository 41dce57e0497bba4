"""The tables, as the last migration leaves them; a test compares the two."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class PlainText(TypeDecorator[str]):
    """Text that every database takes: NUL and halves of surrogate pairs become other signs.

    Without a limit of length: what comes from Slack is stored as it is, never refused.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return what is stored for a text."""
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


_Id = BigInteger().with_variant(Integer, "sqlite")


def _text(name: str, **options: Any) -> Column[str]:  # noqa: ANN401 - handed on to Column
    return Column(name, PlainText, nullable=False, **options)


def _time(name: str, **options: Any) -> Column[float]:  # noqa: ANN401 - handed on to Column
    """Make a column of seconds since 1970, the only form of time in our own tables."""
    return Column(name, Double, nullable=False, **options)


metadata = MetaData()

# sqlite_autoincrement: the number of a finished row is never given to another.
inbox = Table(
    "inbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("asked", JSON, nullable=False),
    _text("channel"),
    _text("message_ts"),
    Column("attempts", Integer, nullable=False),
    _time("received_at"),
    _text("owner"),
    _time("due_at", index=True),
    Index("ix_inbox_message", "channel", "message_ts"),
    sqlite_autoincrement=True,
)

inbox_keys = Table(
    "inbox_keys",
    metadata,
    _text("key", primary_key=True),
    _time("seen_at", index=True),
)

threads = Table(
    "threads",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _text("team"),
    _text("channel"),
    _text("root"),
    _text("asker"),
    Column("others", Boolean, nullable=False),
    _time("spoken_at", index=True),
    UniqueConstraint("team", "channel", "root", name="uq_threads_place"),
    sqlite_autoincrement=True,
)

thread_messages = Table(
    "thread_messages",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("thread", _Id, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("sender"),
    _text("text"),
    _time("said_at"),
)

questions = Table(
    "questions",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _text("reference"),
    _time("asked_at", index=True),
    _text("surface"),
    _text("outcome"),
    _text("text"),
    Column("titles", JSON, nullable=False),
    _text("intent"),
    Column("confidence", Double, nullable=False),
    Column("milliseconds", Double, nullable=False),
    _text("generation"),
    Column("articles", JSON, nullable=False),
    Column("sensitive", Boolean, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    _text("id", primary_key=True),
    _text("team"),
    _text("channel"),
    _text("question_ts"),
    _text("message_ts"),
    _text("root"),
    _text("asker"),
    _text("surface"),
    _text("reference"),
    _text("text"),
    Column("as_asked", Boolean, nullable=False),  # the text is as the person wrote it
    Column("reply", JSON, nullable=False),
    _time("kept_at", index=True),
    Index("ix_answers_question", "team", "channel", "question_ts"),
)

votes = Table(
    "votes",
    metadata,
    _text("answer", primary_key=True),
    _text("voter", primary_key=True),
    _text("verdict"),
    _text("reason"),
    _text("comment"),
    _time("voted_at", index=True),
)

salts = Table("salts", metadata, _text("name", primary_key=True), _text("value"))

channel_settings = Table(
    "channel_settings",
    metadata,
    _text("team", primary_key=True),
    _text("channel", primary_key=True),
    Column("auto_answer", Boolean, nullable=False),
    _text("reply"),
    Column("confidence", Double, nullable=True),
    Column("topics", JSON, nullable=True),  # folders answered from; NULL for all
)

# What admins did, for admins to read.
audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _time("done_at", index=True),
    _text("team"),
    _text("user"),
    _text("act"),
    Column("detail", JSON, nullable=False),
)

# Articles that came from Slack: the folder's disk may not last.
uploads = Table(
    "uploads",
    metadata,
    _text("path", primary_key=True),
    Column("content", LargeBinary, nullable=False),
    _text("sha256"),
    _text("added_by"),
    _time("added_at"),
    Column("removed_at", Double, nullable=True),
)

# People who want to be told once their question can be answered.
waiting = Table(
    "waiting",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _text("team"),
    _text("user"),
    _text("text"),
    _text("reference"),
    _time("asked_at"),
    Column("told_at", Double, nullable=True, index=True),
)

pins = Table(
    "pins",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _text("team"),
    _text("question"),
    Column("vector", LargeBinary, nullable=False),
    _text("answer"),
    _text("source_url"),
    _text("approved_by"),
    _time("approved_at"),
    Column("articles", JSON, nullable=False),
    Column("ended_at", Double, nullable=True),
    _text("ended_why"),
)

# Builds begun from Slack, and what is to become of those that lost answers.
reindexes = Table(
    "reindexes",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    _text("team"),
    _text("user"),
    _text("channel"),
    _text("message_ts"),
    _text("status"),
    _text("generation"),
    Column("report", JSON, nullable=False),
    _time("begun_at", index=True),
)

# The tables of slack_sdk's SQLAlchemyInstallationStore and SQLAlchemyOAuthStateStore, column by
# column: a test compares them. Their times are UTC without a zone.
slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("enterprise_name", String(200)),
    Column("enterprise_url", String(200)),
    Column("team_id", String(32)),
    Column("team_name", String(200)),
    Column("bot_token", String(200)),
    Column("bot_id", String(32)),
    Column("bot_user_id", String(32)),
    Column("bot_scopes", String(1000)),
    Column("bot_refresh_token", String(200)),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", String(32), nullable=False),
    Column("user_token", String(200)),
    Column("user_scopes", String(1000)),
    Column("user_refresh_token", String(200)),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", String(200)),
    Column("incoming_webhook_channel", String(200)),
    Column("incoming_webhook_channel_id", String(200)),
    Column("incoming_webhook_configuration_url", String(200)),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", String(32)),
    Column("installed_at", DateTime, nullable=False),
    Index(
        "slack_installations_idx",
        "client_id",
        "enterprise_id",
        "team_id",
        "user_id",
        "installed_at",
    ),
)

slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("enterprise_name", String(200)),
    Column("team_id", String(32)),
    Column("team_name", String(200)),
    Column("bot_token", String(200)),
    Column("bot_id", String(32)),
    Column("bot_user_id", String(32)),
    Column("bot_scopes", String(1000)),
    Column("bot_refresh_token", String(200)),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)
