"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

_ORDER = ("client_id", "enterprise_id", "team_id", "installed_at")
_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    _of_work()
    _of_threads()
    _of_questions()
    _of_channels()
    _of_installations()
    _of_oauth()


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text() if length is None else sa.String(length), nullable=False)


def _time(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=False)


def _indexed(table: str, *columns: str, name: str | None = None) -> None:
    op.create_index(name or f"ix_{table}_{columns[0]}", table, list(columns))


def _of_work() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("asked", sa.JSON(), nullable=False),
        _text("channel"),
        _text("message_ts"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _time("received_at"),
        _text("owner"),
        _time("due_at"),
        sqlite_autoincrement=True,
    )
    _indexed("inbox", "due_at")
    _indexed("inbox", "channel", "message_ts", name="ix_inbox_message")
    op.create_table("inbox_keys", _text("key"), _time("seen_at"), sa.PrimaryKeyConstraint("key"))
    _indexed("inbox_keys", "seen_at")


def _of_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        _text("team"),
        _text("channel"),
        _text("root"),
        _text("asker"),
        sa.Column("others", sa.Boolean(), nullable=False),
        _time("spoken_at"),
        sa.UniqueConstraint("team", "channel", "root", name="uq_threads_place"),
        sqlite_autoincrement=True,
    )
    _indexed("threads", "spoken_at")
    op.create_table(
        "thread_messages",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        sa.Column("thread", _Id, sa.ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
        _text("sender"),
        _text("text"),
        _time("said_at"),
    )
    _indexed("thread_messages", "thread")


def _of_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", _Id, primary_key=True, autoincrement=True),
        _text("reference"),
        _time("asked_at"),
        *map(_text, ("surface", "outcome", "text")),
        sa.Column("titles", sa.JSON(), nullable=False),
        _text("intent"),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("milliseconds", sa.Double(), nullable=False),
        _text("generation"),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
    )
    _indexed("questions", "asked_at")
    names = ("id", "team", "channel", "question_ts", "message_ts", "root", "asker")
    op.create_table(
        "answers",
        *map(_text, (*names, "surface", "reference", "text")),
        sa.Column("as_asked", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.JSON(), nullable=False),
        _time("kept_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    _indexed("answers", "kept_at")
    _indexed("answers", "team", "channel", "question_ts", name="ix_answers_question")
    op.create_table(
        "votes",
        *map(_text, ("answer", "voter", "verdict", "reason", "comment")),
        _time("voted_at"),
        sa.PrimaryKeyConstraint("answer", "voter"),
    )
    _indexed("votes", "voted_at")
    op.create_table("salts", _text("name"), _text("value"), sa.PrimaryKeyConstraint("name"))


def _of_channels() -> None:
    op.create_table(
        "channel_settings",
        _text("team"),
        _text("channel"),
        sa.Column("auto_answer", sa.Boolean(), nullable=False),
        _text("reply"),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("team", "channel"),
    )


def _texts(length: int, *names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length)) for name in names]


def _of_installations() -> None:
    """Make the tables of slack_sdk's SQLAlchemyInstallationStore, as of 3.47."""
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        _text("client_id", 32),
        _text("app_id", 32),
        *_texts(32, "enterprise_id"),
        *_texts(200, "enterprise_name", "enterprise_url"),
        *_texts(32, "team_id"),
        *_texts(200, "team_name", "bot_token"),
        *_texts(32, "bot_id", "bot_user_id"),
        *_texts(1000, "bot_scopes"),
        *_texts(200, "bot_refresh_token"),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        _text("user_id", 32),
        *_texts(200, "user_token"),
        *_texts(1000, "user_scopes"),
        *_texts(200, "user_refresh_token"),
        sa.Column("user_token_expires_at", sa.DateTime()),
        *_texts(200, "incoming_webhook_url", "incoming_webhook_channel"),
        *_texts(200, "incoming_webhook_channel_id", "incoming_webhook_configuration_url"),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        *_texts(32, "token_type"),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
    )
    _indexed(
        "slack_installations", *_ORDER[:3], "user_id", _ORDER[3], name="slack_installations_idx"
    )
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        _text("client_id", 32),
        _text("app_id", 32),
        *_texts(32, "enterprise_id"),
        *_texts(200, "enterprise_name"),
        *_texts(32, "team_id"),
        *_texts(200, "team_name", "bot_token"),
        *_texts(32, "bot_id", "bot_user_id"),
        *_texts(1000, "bot_scopes"),
        *_texts(200, "bot_refresh_token"),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
    )
    _indexed("slack_bots", *_ORDER, name="slack_bots_idx")


def _of_oauth() -> None:
    """Make the table of slack_sdk's SQLAlchemyOAuthStateStore, as of 3.47."""
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        _text("state", 200),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
    )
