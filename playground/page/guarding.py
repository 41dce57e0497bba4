"""Who may ask the page's server: browsers on this machine, and no page but our own."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_NAMES = {"127.0.0.1", "localhost"}
_HEADERS = {
    # Nothing is loaded from elsewhere, and nothing is sent there.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests for another host, and those that another site's page makes.

    A foreign name may point to this machine (DNS rebinding): then the Host is foreign. A foreign
    page may post here: then its Origin is foreign.
    """
    if not _is_ours(f"//{request.host}", request) or not _has_our_origin(request):
        return web.Response(status=403, text="Only the page of this machine may ask here.\n")
    return await handler(request)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Tell browsers to load nothing from elsewhere; for `on_response_prepare`."""
    response.headers.update(_HEADERS)


def _has_our_origin(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin.startswith("http://") and _is_ours(origin, request)
    # Browsers name the origin of all that is no GET, so a page that names none is not ours.
    return request.method in {"GET", "HEAD"}


def _is_ours(address: str, request: web.Request) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    socket = request.transport.get_extra_info("sockname") if request.transport else None
    return parts.hostname in _NAMES and socket is not None and (port or 80) == socket[1]
