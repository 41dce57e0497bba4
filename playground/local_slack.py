"""The local Slack: started by `with`, stopped at its end."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from playground import events, oauth
from playground.acting import Actor
from playground.behaving import Behaviour
from playground.changes import Change, Changes
from playground.channels import Channel
from playground.clock import Clock, Timestamps
from playground.credentials import App
from playground.delivery import Deliveries, Delivery
from playground.hosting import Host
from playground.manifest import Manifest
from playground.messages import Message
from playground.people import Person
from playground.sockets import Sockets
from playground.workspace import Workspace
from playground.world import Call, Ping, World

_TEAM = "T0LOCAL"


class LocalSlack(Behaviour):
    """A Slack on this machine with one workspace, four people and the app installed.

    Args:
        port: Where it listens, on 127.0.0.1; 0 takes a free one.
        manifest: The app's manifest; scopes, events, commands and shortcuts outside it are refused.
            Without one everything is allowed.
        clock: Tells the time to whatever expires: triggers, response URLs, codes, statuses.
            Redelivery goes by real time.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        manifest: Mapping[str, Any] | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._port, self._changes = port, Changes()
        app, read = App(), Manifest.read(manifest)
        sockets = Sockets(self._changes, clock, app.id)
        deliveries = Deliveries(self._changes, clock, sockets)
        world = World(app, read, Timestamps(clock), self._changes, deliveries)
        super().__init__(world, sockets, deliveries, Host(world, sockets, deliveries))
        workspace = world.add_workspace(_TEAM, "Local", "local")
        self.bot_token = oauth.install(world, workspace, read.scopes)

    def __enter__(self) -> "LocalSlack":
        """Start listening.

        Raises:
            OSError: The port is taken.
        """
        self._host.start(self._port)
        return self

    def __exit__(self, *_: object) -> None:
        self._host.stop()

    # What the app needs to know

    @property
    def address(self) -> str:
        """Where it listens, such as "http://127.0.0.1:43117"."""
        return self._world.address

    @property
    def api_url(self) -> str:
        """The base of the Web API, for slack_sdk's `base_url`."""
        return f"{self.address}/api/"

    @property
    def authorize_url(self) -> str:
        """Where the app sends people who want to install it."""
        return f"{self.address}/oauth/v2/authorize"

    @property
    def app_token(self) -> str:
        """The token that opens sockets."""
        return self._world.app.app_token

    @property
    def signing_secret(self) -> str:
        """What requests are signed with in HTTP mode."""
        return self._world.app.signing_secret

    @property
    def client_id(self) -> str:
        """The app's public id, for installations."""
        return self._world.app.client_id

    @property
    def client_secret(self) -> str:
        """The app's secret, for installations."""
        return self._world.app.client_secret

    @property
    def app_id(self) -> str:
        """The app's id."""
        return self._world.app.id

    @property
    def team(self) -> str:
        """The id of the first workspace."""
        return _TEAM

    @property
    def bot_user(self) -> str:
        """The bot's user id in the first workspace."""
        return self.workspace().bot_user

    @property
    def bot_id(self) -> str:
        """The bot's bot id in the first workspace."""
        return self.workspace().bot_id

    # Who and what there is

    def workspace(self, team: str = _TEAM) -> Workspace:
        """Return a workspace; to be read, not changed."""
        return self._world.workspaces[team]

    def add_workspace(self, team: str, name: str = "", domain: str = "") -> Workspace:
        """Add a workspace with people and channels of its own, where the app is not installed."""
        with self._world.lock:
            return self._world.add_workspace(team, name or team, domain or team.lower())

    @property
    def channels(self) -> dict[str, Channel]:
        """The channels of the first workspace by name, such as "#careers"."""
        held = self.workspace().channels.values()
        return {f"#{one.name}": one for one in held if one.kind != "im"}

    def person(self, name: str, team: str = _TEAM) -> Actor:
        """Return somebody to act as: ann (member), gus (guest), ada (admin), ole (owner)."""
        workspace = self.workspace(team)
        person = workspace.person(name)
        if person is None or person.is_bot:
            raise KeyError(f"no person {name!r}; there are: ann, gus, ada, ole")
        return Actor(self._world, workspace, person.id)

    def hire(self, name: str, *channels: str) -> Actor:
        """Add a member to the first workspace, and to channels such as "#careers"."""
        with self._world.lock:
            workspace = self.workspace()
            person = Person(f"U0{name.upper()}", name, name.capitalize(), _TEAM)
            workspace.admit(person)
            for channel in channels:
                workspace.join(self.channels[channel].id, person.id)
        return Actor(self._world, workspace, person.id)

    def messages(self, channel: str, team: str = _TEAM) -> list[Message]:
        """Return all messages of a channel: replies, and what single people see, included."""
        with self._world.lock:
            workspace = self.workspace(team)
            found = workspace.channel(channel)
            return list(workspace.messages.get(found.id, {}).values()) if found else []

    # What happened

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API and of response URLs (method "response_url"), in order."""
        with self._world.lock:
            return list(self._world.calls)

    def called(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [one for one in self.calls if one.method == method]

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything sent to the app, as it stands now."""
        return self._deliveries.all()

    def delivery(self, id_: int) -> Delivery:
        """Return one delivery as it stands now."""
        return self._deliveries.find(id_)

    @property
    def pings(self) -> list[Ping]:
        """What in the bot's messages would notify people who are not `pingable`."""
        with self._world.lock:
            return list(self._world.pings)

    @property
    def pingable(self) -> set[str]:
        """Ids of the users whom the bot may mention."""
        return self._world.pingable

    @property
    def connections(self) -> int:
        """How many sockets of the app take envelopes."""
        return self._sockets.count

    @property
    def frames(self) -> list[str]:
        """Every text that came over a socket, as it came."""
        return list(self._sockets.frames)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Tell later changes to a callback, in the thread that makes them; return what ends it."""
        return self._changes.subscribe(callback)

    def wait_for(self, condition: Callable[[], object], what: str, timeout_s: float = 30.0) -> None:
        """Return once the condition holds.

        Raises:
            TimedOutError: It did not hold in time.
        """
        self._changes.wait_for(condition, what, timeout_s)

    # Installing

    def allows(self, authorize_url: str, *, team: str = _TEAM, person: str = "ole") -> str:
        """Let somebody allow what the app asks for; return where that sends the browser.

        Raises:
            ValueError: Slack would refuse the address.
        """
        wish = oauth.Wish.read(_query(authorize_url))
        with self._world.lock:
            if refusal := wish.refusal(self._world):
                raise ValueError(f"{refusal}: {authorize_url}")
            return oauth.allow(self._world, wish, team, self.person(person, team).id)

    def denies(self, authorize_url: str) -> str:
        """Let somebody deny it; return where that sends the browser."""
        return oauth.deny(oauth.Wish.read(_query(authorize_url)))

    def revoke_token(self, team: str = _TEAM) -> None:
        """Make the bot's token useless, and tell the app."""
        self._end(team, "token_revoked")

    def uninstall(self, team: str = _TEAM) -> None:
        """Take the app out of a workspace, and tell it."""
        self._end(team, "account_inactive")

    def _end(self, team: str, state: Literal["token_revoked", "account_inactive"]) -> None:
        world, workspace = self._world, self.workspace(team)
        with world.lock:
            world.tokens.end(team, state)
            world.changes.announce("uninstalled", team)
            ts = world.times.next()
            world.send_event(workspace, events.tokens_revoked(workspace.bot_user, ts))
            if state == "account_inactive":
                world.send_event(workspace, events.app_uninstalled(ts))


def _query(url: str) -> dict[str, Any]:
    return dict(parse_qsl(urlsplit(url).query))
