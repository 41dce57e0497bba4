"""The Home tab, and the prompts of the Messages tab."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.slack.admins import Admins, Reach
from bot.slack.catalogue import Catalogue
from bot.slack.clicks import Click
from bot.slack.events import team_of
from bot.slack.gestures import Gestures
from bot.slack.messages import EXAMPLES, home_view


def register(app: App, admins: Admins, catalogue: Catalogue, gestures: Gestures) -> None:
    """Listen to people who open the bot."""

    def open_home(event: dict[str, Any], body: dict[str, Any]) -> None:
        click = Click(team=team_of(body, event), user=str(event.get("user") or ""))

        def publish(client: WebClient) -> None:
            admin = admins.may(client, click, Reach.EVERYTHING)
            view = home_view(catalogue.home(admin=admin))
            client.views_publish(user_id=click.user, view=view)

        def prompt(client: WebClient) -> None:
            # Not by Bolt's own: that adds a thread, and then Slack silently shows nothing.
            client.assistant_threads_setSuggestedPrompts(
                channel_id=str(event["channel"]),
                title="Ask about product careers",
                prompts=[{"title": one, "message": one} for one in EXAMPLES],
            )

        if click.user and event.get("tab") == "home":
            gestures.do(click, publish, aloud=False)
        elif click.user and event.get("tab") == "messages" and event.get("channel"):
            gestures.do(click, prompt, aloud=False)

    app.event("app_home_opened")(open_home)
