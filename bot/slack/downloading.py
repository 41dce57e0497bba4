"""Files that people share: which of them may be articles, and what is in them."""

import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from pathlib import PurePosixPath
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.uploads.contents import check_size
from bot.uploads.naming import FileName, checked_name
from bot.uploads.refusing import RefusedError
from index.article_files import MAX_BYTES

_TIMEOUT_S = 60
# What people show rather than add: a screenshot beside a question.
_SHOWN = frozenset(
    """.png .jpg .jpeg .gif .webp .heic .bmp .tif .tiff .mp4 .mov .webm .m4a .mp3 .wav
    .ogg""".split()
)
_SHOWN_TYPES = ("image/", "video/", "audio/")
_REFUSALS = {
    "file_not_found": "Slack does not show me that file: it is deleted, or I am not in its "
    "channel. Drop it into our direct messages.",
    "file_deleted": "That file is deleted in Slack; drop it again.",
    "missing_scope": "I may not read files in this workspace: the app lacks the scope files:read. "
    "Whoever installed it must install it again.",
}
_SIGN_IN = (
    "Slack sent a page to sign in on instead of the file: the app lacks the scope files:read. "
    "Whoever installed it must install it again."
)


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it came from Slack, with a name that was checked."""

    name: FileName
    content: bytes


def article_files(message: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of a message's files that may be meant as articles: no pictures, no films."""
    files = message.get("files")
    shared = [one for one in files if isinstance(one, Mapping)] if isinstance(files, list) else []
    return tuple(str(one["id"]) for one in shared if one.get("id") and not _is_shown(one))


def _is_shown(file: Mapping[str, Any]) -> bool:
    suffix = PurePosixPath(str(file.get("name") or "")).suffix.lower()
    return suffix in _SHOWN and str(file.get("mimetype") or "image/").startswith(_SHOWN_TYPES)


def download(client: WebClient, file_id: str) -> Download:
    """Fetch a file, at most 10 MB of it.

    Raises:
        RefusedError: Its name or size can be no article's, or Slack does not give it.
        SlackClientError, OSError, HTTPException: Slack cannot be reached.
    """
    try:
        file: Mapping[str, Any] = client.files_info(file=file_id).get("file") or {}
    except SlackApiError as error:
        code = str(error.response.get("error", ""))
        if code in _REFUSALS:
            raise RefusedError(_REFUSALS[code]) from error
        raise
    name, size = checked_name(str(file.get("name") or "")), int(file.get("size") or 0)
    check_size(size)
    address = str(file.get("url_private_download") or "")
    if file.get("is_external") or not _is_slacks(client, address):
        raise RefusedError(f"{name.shown} lies outside Slack; save it and drop the file itself.")
    content, kind = _fetched(client, address)
    if len(content) != size:
        # Without files:read, or signed out, Slack answers with a page and no error.
        if kind == "text/html":
            raise RefusedError(_SIGN_IN)
        raise RefusedError(
            f"Slack sent {len(content):,} bytes of {name.shown}, which has {size:,}; drop it again."
        )
    return Download(name, content)


def _is_slacks(client: WebClient, address: str) -> bool:
    """Tell whether an address may be told the bot's token."""
    here, there = urlsplit(client.base_url), urlsplit(address)
    if there.netloc == here.netloc:
        return there.scheme == here.scheme
    host = there.hostname or ""
    return there.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the token would go along."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


def _fetched(client: WebClient, address: str) -> tuple[bytes, str]:
    """Return what is at an address, and its content type."""
    request = urllib.request.Request(  # noqa: S310 - `_is_slacks` has seen the scheme
        address, headers={"Authorization": f"Bearer {client.token}"}
    )
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as answer:
            return answer.read(MAX_BYTES + 1), str(answer.headers.get_content_type())
    except HTTPError as error:
        with error:
            if 300 <= error.code < 400:
                raise RefusedError(_SIGN_IN) from error
            raise HTTPException(f"Slack answered {error.code} instead of a file") from error
