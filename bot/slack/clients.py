"""Clients of Slack's Web API, made one way, and the right one for each workspace."""

from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
)
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Engine, select

from bot.errors import BotError
from bot.settings import Settings
from bot.state.transactions import Transactions

# What Slack does not answer in this time, it does not answer; threads are not to hang on it.
TIMEOUT_S = 10
_RETRIES = 2


class SlackError(BotError):
    """Slack cannot be used; the text says why and what to do."""


class NotInstalledError(SlackError):
    """The bot is not, or no longer, installed in a workspace."""


def web_client(settings: Settings, token: str | None) -> WebClient:
    """Return a client that waits when Slack says so, and never sends a message twice.

    A call is repeated after 429 when its Retry-After is over, and after an error that left it
    unsent. One that was sent and whose answer was lost is not: Slack may have done it.
    """
    return WebClient(
        token=token,
        base_url=settings.slack_api_url,
        timeout=TIMEOUT_S,
        retry_handlers=[
            # urllib raises URLError until a request is sent, and bare errors from then on.
            ConnectionErrorRetryHandler(max_retry_count=_RETRIES, error_types=[URLError]),
            RateLimitErrorRetryHandler(max_retry_count=_RETRIES),
        ],
    )


def is_multi_workspace(settings: Settings) -> bool:
    """Tell whether workspaces install the bot themselves; a bot token means there is but one."""
    return bool(
        settings.slack_client_id and settings.slack_client_secret and not settings.slack_bot_token
    )


def installation_store(settings: Settings, engine: Engine) -> SQLAlchemyInstallationStore:
    """Return where the tokens of workspaces are kept, in the state database.

    Raises:
        SlackError: if no client id is set.
    """
    if settings.slack_client_id is None:
        raise SlackError("SLACK_CLIENT_ID is not set: there are no installations")
    return SQLAlchemyInstallationStore(client_id=settings.slack_client_id, engine=engine)


class Clients:
    """Gives a client for a workspace, outside any request of Slack. Safe between threads."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        """Use the bot token, or else the installations in a database."""
        self._settings = settings
        self._store = installation_store(settings, engine) if is_multi_workspace(settings) else None

    def for_team(self, team_id: str) -> WebClient:
        """Return a client for a workspace.

        Raises:
            NotInstalledError: if the bot is not installed there.
            StateError: if the installations cannot be read.
        """
        token = self._settings.slack_bot_token if self._store is None else self._token_of(team_id)
        if not token:
            raise NotInstalledError(
                f"PM Role is not installed in the workspace {team_id}: open /slack/install there"
            )
        return web_client(self._settings, token)

    def _token_of(self, team_id: str) -> str | None:
        if self._store is None:
            return None
        bots = self._store.bots.c
        # An Enterprise Grid workspace is stored with its enterprise, which nobody here knows.
        latest = (
            select(bots.bot_token)
            .where(
                bots.client_id == self._store.client_id,
                bots.team_id == team_id,
                bots.bot_token.is_not(None),
            )
            .order_by(bots.installed_at.desc(), bots.id.desc())
            .limit(1)
        )
        with Transactions(self._store.engine).reading() as connection:
            token: str | None = connection.execute(latest).scalar()
            return token
