"""The Bolt app without its listeners: for one workspace, or for all that install it by OAuth."""

import logging
import threading
from urllib.parse import urljoin

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from slack_sdk.web import SlackResponse
from sqlalchemy import Engine

from bot.settings import Settings
from bot.slack.clients import SlackError, installation_store, is_multi_workspace, web_client
from bot.state.transactions import READING

logger = logging.getLogger(__name__)

INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
# What the bot asks a workspace for; the same as in slack-manifest.json.
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "groups:history",
    "im:history",
    "users:read",
)
_STATE_S = 600
_GONE = "PM Role is not installed in this workspace any more. Please install it again."


def bolt_app(settings: Settings, engine: Engine) -> App:
    """Return the app without listeners; it calls nobody before its first event.

    With a bot token it serves that workspace. With a client id and secret instead, it serves every
    workspace that went through /slack/install, and forgets one that uninstalls it.

    Args:
        settings: The tokens and secrets.
        engine: The state database, which holds the installations.
    """
    client = web_client(settings, None)
    flow: OAuthFlow | None = None
    if is_multi_workspace(settings):
        store = installation_store(settings, engine)
        flow = _oauth_flow(settings, store, client)
        readers = engine.execution_options(**{READING: True})
        authorize: Authorize = _Installed(installation_store(settings, readers))
    else:
        authorize = _OneWorkspace(web_client(settings, settings.slack_bot_token))
    app = App(
        name="pmrole",
        signing_secret=settings.slack_signing_secret or "",
        client=client,
        authorize=authorize,  # type: ignore[arg-type] # Bolt takes an Authorize too
        oauth_flow=flow,
        user_facing_authorize_error_message=_GONE,
        # Listeners only keep and queue what they hear. So Bolt acknowledges when one has ended,
        # not before: what Slack was told arrived, is kept; what failed, Slack delivers again.
        process_before_response=True,
        # What nobody listens to is acknowledged too, by the error listener.
        raise_error_for_unhandled_request=True,
    )
    if flow is None:
        # Only now: Bolt would warn of a token that it leaves to `authorize`.
        client.token = settings.slack_bot_token
        _listen_to_the_end(app)
    else:
        app.enable_token_revocation_listeners()
    return app


class _OneWorkspace(Authorize):
    """Everything comes from the workspace of the bot token. Asks Slack once who the bot is.

    Bolt's own does so too, but acknowledges, and so loses, the event during which that fails.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._bot: SlackResponse | None = None

    def __call__(  # noqa: PLR0913 - Bolt calls it so
        self,
        *,
        context: BoltContext,  # noqa: ARG002
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult:
        bot = self._known()
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.get("bot_id"),
            bot_user_id=bot.get("user_id"),
            bot_token=self._client.token,
            user_id=user_id,
        )

    def _known(self) -> SlackResponse:
        with self._lock:
            if self._bot is None:
                try:
                    self._bot = self._client.auth_test()
                except SlackApiError as error:
                    # Bolt acknowledges on a SlackApiError; on this one Slack delivers again.
                    raise SlackError(f"auth.test failed: {error.response.get('error')}") from error
            return self._bot


class _Installed(Authorize):
    """The workspace's own installation, without a call to Slack.

    A database that does not answer is an error, so that Slack delivers the event again.
    """

    def __init__(self, store: SQLAlchemyInstallationStore) -> None:
        self._store = store

    def __call__(  # noqa: PLR0913 - Bolt calls it so
        self,
        *,
        context: BoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult | None:
        bot = self._store.find_bot(
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=context.is_enterprise_install,
        )
        if bot is None:
            logger.warning("workspace %s sent something, but is not installed", team_id)
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
            user_id=user_id,
        )


def _oauth_flow(
    settings: Settings, store: SQLAlchemyInstallationStore, client: WebClient
) -> OAuthFlow:
    return OAuthFlow(
        client=client,
        settings=OAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
            scopes=SCOPES,
            user_scopes=(),
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=urljoin(settings.slack_api_url, "/oauth/v2/authorize"),
            installation_store=store,
            installation_store_bot_only=True,
            state_store=SQLAlchemyOAuthStateStore(_STATE_S, store.engine),
            state_expiration_seconds=_STATE_S,
        ),
    )


def _listen_to_the_end(app: App) -> None:
    """Acknowledge that the only workspace put the bot out: nobody is left to tell but the log."""

    def note_the_end(event: dict[str, object]) -> None:
        logger.warning(
            "Slack says %s: install the app again and set its new SLACK_BOT_TOKEN", event["type"]
        )

    app.event("app_uninstalled")(note_the_end)
    app.event("tokens_revoked")(note_the_end)
