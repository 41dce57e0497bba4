"""What admins do and look at."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

_Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables of administration, and the topics of a channel."""
    op.add_column("channel_settings", sa.Column("topics", sa.JSON(), nullable=True))
    _table("audit", _time("done_at"), *_texts("team", "user", "act"), _json("detail"))
    op.create_index("ix_audit_done_at", "audit", ["done_at"])
    op.create_table(
        "uploads",
        *_texts("path"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *_texts("sha256", "added_by"),
        _time("added_at"),
        sa.Column("removed_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("path"),
    )
    _table(
        "waiting",
        *_texts("team", "user", "text", "reference"),
        _time("asked_at"),
        sa.Column("told_at", sa.Double(), nullable=True),
    )
    op.create_index("ix_waiting_told_at", "waiting", ["told_at"])
    _table(
        "pins",
        *_texts("team", "question"),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        *_texts("answer", "source_url", "approved_by"),
        _time("approved_at"),
        _json("articles"),
        sa.Column("ended_at", sa.Double(), nullable=True),
        *_texts("ended_why"),
    )
    _table(
        "reindexes",
        *_texts("team", "user", "channel", "message_ts", "status", "generation"),
        _json("report"),
        _time("begun_at"),
    )
    op.create_index("ix_reindexes_begun_at", "reindexes", ["begun_at"])


def _table(name: str, *columns: sa.Column[object]) -> None:
    number = sa.Column("id", _Id, primary_key=True, autoincrement=True)
    op.create_table(name, number, *columns)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Double(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)
