"""The socket that a web server listens at."""

import socket

from bot.errors import BotError


class ListeningError(BotError):
    """Nothing can be served at an address; the text says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 is any free one.

    Raises:
        ListeningError: if another program listens there, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ListeningError(
            f"cannot listen at HTTP_HOST={host} and PORT={port}: {error.strerror or error}. Stop "
            "what listens there, or set another PORT"
        ) from error


def address_of(listening: socket.socket) -> str:
    """Return where a socket listens, as the address of a page."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
