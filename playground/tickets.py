"""What Slack hands out for a short while: trigger ids, response URLs, codes, socket tickets."""

import secrets
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from playground.clock import Clock

T = TypeVar("T")

TRIGGER_S = 3.0
RESPONSE_URL_S = 30 * 60.0
RESPONSE_URL_USES = 5
CODE_S = 10 * 60.0


@dataclass(slots=True)
class Ticket(Generic[T]):
    """Something that ends after a time, or after so many uses."""

    value: T
    until: float
    uses_left: int


@dataclass
class Tickets(Generic[T]):
    """Tickets of one kind; each can be used so often, and for so many seconds."""

    clock: Clock
    seconds: float
    uses: int = 1
    _tickets: dict[str, Ticket[T]] = field(default_factory=dict)

    def give(self, value: T, name: str | None = None) -> str:
        """Hand out a ticket, under a name of its own unless one is given."""
        name = name or secrets.token_hex(12)
        self._tickets[name] = Ticket(value, self.clock() + self.seconds, self.uses)
        return name

    def use(self, name: str) -> T:
        """Use a ticket once.

        Raises:
            UnknownTicketError, UsedTicketError, ExpiredTicketError: It is no good.
        """
        ticket = self._tickets.get(name)
        if ticket is None:
            raise UnknownTicketError(name)
        if ticket.uses_left <= 0:
            raise UsedTicketError(name)
        if self.clock() > ticket.until:
            raise ExpiredTicketError(name)
        ticket.uses_left -= 1
        return ticket.value


class TicketError(Exception):
    """A ticket is no good."""


class UnknownTicketError(TicketError):
    """No such ticket was handed out."""


class UsedTicketError(TicketError):
    """It was used as often as it could be."""


class ExpiredTicketError(TicketError):
    """Its time is over."""
