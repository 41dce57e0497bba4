"""Files that people and the bot share."""

import mimetypes
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file; `content` is None until it has arrived."""

    id: str
    team: str
    name: str
    user: str
    title: str = ""
    content: bytes | None = None
    channels: tuple[str, ...] = ()
    created: float = 0.0
    expected_size: int = 0


def shape_of(file: File, address: str) -> dict[str, Any]:
    """Return a file as events and `files.info` show it; its addresses are below `address`."""
    path = f"{address}/files-pri/{file.team}-{file.id}"
    suffix = PurePath(file.name).suffix.lstrip(".")
    return {
        "id": file.id,
        "created": int(file.created),
        "timestamp": int(file.created),
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": {"md": "markdown", "txt": "text"}.get(suffix, suffix) or "binary",
        "pretty_type": suffix.upper() or "Binary",
        "user": file.user,
        "user_team": file.team,
        "editable": False,
        "size": len(file.content or b""),
        "mode": "hosted",
        "is_external": False,
        "is_public": True,
        "url_private": f"{path}/{quote(file.name)}",
        "url_private_download": f"{path}/download/{quote(file.name)}",
        "permalink": f"{address}/files/{file.user}/{file.id}/{quote(file.name)}",
        "channels": list(file.channels),
        "file_access": "visible",
    }
