"""What the bot must still know after a restart, in SQLite or Postgres. No Slack in here.

Only what serves Slack imports it: SQLAlchemy takes half a second.
"""

from bot.state.store import State

__all__ = ["State"]
