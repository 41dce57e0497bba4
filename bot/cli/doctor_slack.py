"""What `pmrole doctor` checks of Slack: tokens, scopes, clock, channels."""

import time
from collections.abc import Callable, Iterator

from bot.errors import BotError
from bot.settings import Settings
from bot.slack.probing import Identity, try_app_token, try_channel, who_is

# Slack's signature of a request is good for five minutes; the Date header is up to a second old.
_SKEW_S = 60.0

Outcome = Callable[[], str | None]


class ClockError(BotError):
    """This machine's clock is wrong."""


class ScopesError(BotError):
    """The app was installed with fewer scopes than the bot needs."""


def slack_checks(
    settings: Settings, clock: Callable[[], float] = time.time
) -> Iterator[tuple[str, Outcome]]:
    """Give the checks that the settings allow; later ones only where Slack answered the first.

    Args:
        settings: With the tokens.
        clock: Of this machine, seconds since 1970.
    """
    if not settings.slack_bot_token:
        yield "slack", lambda: _without_token(settings)
    else:
        asked: list[Identity] = []

        def ask() -> str:
            asked.append(who_is(settings, clock))
            return f"answers as {asked[0].name}"

        yield "slack", ask
        if asked:
            yield "scopes", lambda: _scopes(asked[0])
            yield "clock", lambda: _clock(asked[0])
            for name in ("ask_channel", "admin_channel"):
                yield name.upper(), _channel(settings, name)
    if settings.slack_app_token:
        yield "app token", lambda: _app_token(settings)


def _without_token(settings: Settings) -> str:
    if settings.slack_client_id:
        nobody = "" if settings.admin_users else "; nobody may reindex in Slack: set ADMIN_USERS"
        return f"workspaces install it: their tokens are in the state database{nobody}"
    return "not set up; SLACK_BOT_TOKEN is what `pmrole serve` needs, see README.md"


def _scopes(identity: Identity) -> str:
    if identity.lacking is None:
        return "Slack does not say which"
    if identity.lacking:
        raise ScopesError(
            f'the app lacks {", ".join(identity.lacking)}: paste slack-manifest.json under "App '
            'Manifest" and install the app again; the token may change'
        )
    return "all that the manifest asks for"


def _clock(identity: Identity) -> str:
    ahead = identity.ahead_s
    if ahead is None:
        return "Slack does not say the time"
    if abs(ahead) > _SKEW_S:
        raise ClockError(
            f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} Slack's: let the system "
            "keep it right (timedatectl set-ntp true). From five minutes on all that comes over "
            "HTTP is refused"
        )
    return "right to the minute"


def _channel(settings: Settings, name: str) -> Outcome:
    def check() -> str | None:
        channel: str | None = getattr(settings, name)
        if channel is None:
            return None
        try_channel(settings, name.upper(), channel)
        return f"the bot is in {channel}"

    return check


def _app_token(settings: Settings) -> str:
    try_app_token(settings)
    return "may open sockets"
