"""How the local Slack behaves, and misbehaves on purpose."""

import time
from collections.abc import Callable
from typing import Any, Literal

from playground.delivery import Deliveries, Delivery
from playground.faults import Fault, Wrong
from playground.hosting import Host
from playground.http_delivery import HttpCarrier
from playground.sockets import Sockets
from playground.world import World


class Behaviour:
    """What a test can set, break and send."""

    def __init__(self, world: World, sockets: Sockets, deliveries: Deliveries, host: Host) -> None:
        self._world, self._sockets, self._deliveries = world, sockets, deliveries
        self._host = host

    @property
    def ack_within_s(self) -> float:
        """How long the app has to acknowledge; 3 seconds unless set."""
        return self._deliveries.ack_within_s

    @ack_within_s.setter
    def ack_within_s(self, seconds: float) -> None:
        self._deliveries.ack_within_s = seconds

    @property
    def redeliver_after(self) -> tuple[float, ...]:
        """The pauses in seconds before each redelivery of an event; 0, 60, 300 unless set."""
        return self._deliveries.redeliver_after

    @redeliver_after.setter
    def redeliver_after(self, seconds: tuple[float, ...]) -> None:
        self._deliveries.redeliver_after = seconds

    @property
    def trigger_s(self) -> float:
        """How long a trigger id is good; 3 seconds unless set."""
        return self._world.triggers.seconds

    @trigger_s.setter
    def trigger_s(self, seconds: float) -> None:
        self._world.triggers.seconds = seconds

    def refuse(
        self, method: str, what: Wrong, times: int = 1, *, retry_after: int = 0, after: bool = False
    ) -> None:
        """Let the next calls of a method go wrong.

        Args:
            method: Such as "chat.postMessage"; "response_url" and "files.download" count too.
            what: An error's name; an HTTP status such as 429 or 500; "timeout": no answer until the
                client gives up; "cut": the connection ends without an answer.
            times: How many calls.
            retry_after: Seconds, for 429.
            after: Do the work first: the answer is lost, not the call.
        """
        fault = Fault(what, "after" if after else "before", retry_after)
        self._world.faults.add(method, fault, times)

    def cut_sockets(self, *, clean: bool = False) -> None:
        """End all sockets: with a close frame if clean, else as if a cable had been pulled."""
        self._host.run(self._sockets.cut(clean=clean))

    def silence_sockets(self) -> None:
        """Keep the sockets open, but answer no ping and send nothing: a peer gone silent."""
        self._host.run(_called(self._sockets.silence))

    def ask_to_reconnect(
        self, reason: Literal["refresh_requested", "warning", "link_disabled"] = "refresh_requested"
    ) -> None:
        """Tell all sockets that they will end; after half a second they do, but for a warning."""
        self._host.run(self._sockets.ask_to_reconnect(reason))

    def refuse_sockets(self, seconds: float) -> None:
        """Let no new socket in for so long; 0 lets them in again."""
        self._sockets.refused_until = time.monotonic() + seconds

    def sends(
        self,
        payload: object,
        kind: str = "events_api",
        **envelope: Any,  # noqa: ANN401 - any JSON
    ) -> Delivery:
        """Send the app any payload at all; `envelope` overrides the envelope's own fields."""
        return self._deliveries.submit(kind, payload, extra=envelope)

    def sends_frame(self, text: str) -> None:
        """Send the app a text over its socket, as it is."""
        self._host.run(self._sockets.send_text(text))

    def delivers_to(self, url: str, *, verify: bool = True) -> None:
        """Send everything as signed requests to this address from now on: HTTP mode.

        Raises:
            ValueError: The address did not answer the challenge that Slack sends first.
        """
        carrier = HttpCarrier(url, self._world.app.signing_secret, self._world.times.now)
        self._host.deliver_to(carrier)
        token = self._world.app.verification_token
        if verify and not self._host.run(carrier.verify(token, self.ack_within_s)):
            raise ValueError(f"{url} did not answer url_verification with the challenge")


async def _called(work: Callable[[], None]) -> None:
    work()
