"""Changes of the local Slack, told to one open page as they come."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from playground.acting import Actor
from playground.changes import Change
from playground.delivery import Delivery
from playground.local_slack import LocalSlack
from playground.messages import Message
from playground.page import showing
from playground.page.showing import Json

_GATHER_S = 0.02  # an answer makes a dozen changes within milliseconds: one update tells them all
_SURROUNDINGS = {"view", "view_closed", "status", "prompts", "channel"}


class Watch:
    """One open page: what it shows is a snapshot, then updates. Used in the server's loop."""

    def __init__(self, slack: LocalSlack, person: str, manifest: Mapping[str, Any]) -> None:
        self._slack, self._actor, self._manifest = slack, slack.person(person), manifest
        self._changes: asyncio.Queue[Change | None] = asyncio.Queue()
        self._calls_told = 0

    async def updates(self) -> AsyncIterator[str]:
        """Give the snapshot and then every update as JSON, until `end`."""
        loop = asyncio.get_running_loop()

        def heard(change: Change) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._changes.put_nowait, change)

        unsubscribe = self._slack.subscribe(heard)
        try:
            self._calls_told = len(self._slack.calls)
            first = showing.snapshot(self._slack, self._actor, self._manifest)
            yield json.dumps({"snapshot": first})
            while (changes := await self._gathered()) is not None:
                yield json.dumps({"update": self._update(changes)})
        finally:
            unsubscribe()

    def end(self) -> None:
        """Let `updates` end: the page has to begin anew."""
        self._changes.put_nowait(None)

    async def _gathered(self) -> list[Change] | None:
        gathered = [await self._changes.get()]
        await asyncio.sleep(_GATHER_S)
        while not self._changes.empty():
            gathered.append(self._changes.get_nowait())
        changes = [one for one in gathered if one is not None]
        return changes if len(changes) == len(gathered) else None

    def _update(self, changes: list[Change]) -> Json:
        update: Json = {"messages": [], "gone": []}
        latest: dict[int, Delivery] = {}
        kinds = {one.kind for one in changes}
        for change in changes:
            match change.value:
                case Message() as message if change.kind == "message_deleted":
                    update["gone"].append({"channel": message.channel, "ts": message.ts})
                case Message() as message:
                    update["messages"] += self._as_seen(self._actor, message)
                case Delivery() as delivery:
                    latest[delivery.id] = delivery
        update["deliveries"] = [showing.delivery_shown(one) for one in latest.values()]
        if "call" in kinds:
            calls = self._slack.calls
            update["calls"] = showing.calls_from(calls, self._calls_told)
            self._calls_told = len(calls)
        if "sockets" in kinds:
            update["sockets"] = self._slack.connections
        if kinds & _SURROUNDINGS:
            update |= showing.surroundings(self._slack, self._actor)
        return update

    def _as_seen(self, actor: Actor, message: Message) -> list[Json]:
        channel = self._slack.workspace().channels[message.channel]
        if actor.id not in channel.members or not showing.sees(actor, message):
            return []
        return [showing.message_shown(message)]
