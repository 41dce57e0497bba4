"""What it means when Slack takes no reply."""

from http.client import HTTPException
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError

# Refusals that another try in a while may overcome: Slack's trouble, or a token being renewed.
_PASSING = frozenset(
    """ratelimited rate_limited internal_error fatal_error service_unavailable request_timeout
    team_added_to_org accesslimited token_revoked token_expired account_inactive invalid_auth
    not_authed""".split()
)
# Refusals that say "not there", after which the asker is told in a direct message.
_CLOSED = frozenset(
    """not_in_channel channel_not_found is_archived restricted_action user_not_in_channel
    restricted_action_read_only_channel restricted_action_thread_only_channel
    restricted_action_non_threadable_channel messages_tab_disabled is_inactive""".split()
)
_GONE = frozenset({"thread_not_found", "cannot_reply_to_message"})
_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

# What a call raises when Slack cannot be reached, or its answer cannot be read.
UNREACHABLE = (SlackClientError, OSError, HTTPException)


class UndeliveredError(Exception):
    """Slack took no reply; the text says what it answered."""


class PassingError(UndeliveredError):
    """Slack took no reply now; the question is worth another try.

    Attributes:
        unsure: Whether Slack may have taken it all the same: its answer was lost.
    """

    def __init__(self, text: str, *, unsure: bool = False) -> None:
        """Say what happened."""
        super().__init__(text)
        self.unsure = unsure


class ClosedError(UndeliveredError):
    """The bot may not write in that place."""


class GoneError(UndeliveredError):
    """The thread to answer in is no longer there."""


class BlocksError(UndeliveredError):
    """Slack does not take the reply in this form."""


def refusal_of(error: Exception) -> UndeliveredError:
    """Return what an error of a call to Slack means for a reply; one of `UNREACHABLE`."""
    if isinstance(error, SlackRequestError):
        return UndeliveredError("Slack's address cannot be called")
    if not isinstance(error, SlackApiError):
        # urllib raises URLError until a request is sent, and bare errors from then on.
        unsure = not isinstance(error, URLError)
        return PassingError(f"Slack cannot be reached: {type(error).__name__}", unsure=unsure)
    response = error.response
    code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if response.status_code == 429 or response.status_code >= 500 or code in _PASSING:
        return PassingError(f"Slack answered {code or response.status_code}")
    kinds: tuple[tuple[frozenset[str], type[UndeliveredError]], ...] = (
        (_CLOSED, ClosedError),
        (_GONE, GoneError),
        (_BLOCKS, BlocksError),
    )
    kind = next((kind for codes, kind in kinds if code in codes), UndeliveredError)
    return kind(f"Slack answered {code or response.status_code}")
