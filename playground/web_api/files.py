"""files.*: sharing files of the bot's, reading those of people."""

from dataclasses import replace

from playground import posting
from playground.files import File, shape_of
from playground.web_api.calling import (
    Answer,
    Caller,
    Fields,
    Method,
    RefusedError,
    refused_arguments,
    whole_number,
)


def _info(caller: Caller, fields: Fields) -> Answer:
    file = caller.workspace.files.get(str(fields["file"]))
    if file is None or file.content is None:
        raise RefusedError("file_not_found")
    members = [caller.workspace.channels[one].members for one in file.channels]
    if not any(caller.workspace.bot_user in one for one in members):
        raise RefusedError("file_not_found")
    shape = shape_of(file, caller.world.address)
    return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}


def _upload_url(caller: Caller, fields: Fields) -> Answer:
    size = whole_number(fields, "length", 0, "invalid_arguments")
    if size <= 0:
        raise refused_arguments("must be greater than 0 [json-pointer:/length]")
    world, workspace = caller.world, caller.workspace
    file = File(
        world.new_id("F"),
        workspace.team,
        str(fields["filename"]),
        workspace.bot_user,
        created=world.times.now(),
        expected_size=size,
    )
    workspace.files[file.id] = file
    return {"upload_url": f"{world.address}/upload/v1/{file.team}-{file.id}", "file_id": file.id}


def _complete_upload(caller: Caller, fields: Fields) -> Answer:
    world, workspace = caller.world, caller.workspace
    wanted = fields["files"]
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise refused_arguments("must provide an array [json-pointer:/files]")
    target = fields.get("channel_id") or fields.get("channels")
    channel = caller.channel(target, member=True) if target else None
    files = []
    for one in wanted:
        file = workspace.files.get(str(one.get("id")))
        if file is None or file.content is None:
            raise RefusedError("file_not_found")
        shared = (channel.id,) if channel else ()
        files.append(replace(file, title=str(one.get("title") or file.name), channels=shared))
    workspace.files |= {file.id: file for file in files}
    if channel:
        comment = str(fields.get("initial_comment") or "")
        message = posting.by_bot(world, workspace, channel.id, comment)
        thread = str(fields.get("thread_ts") or "")
        posting.post(world, workspace, replace(message, files=tuple(files), thread_ts=thread))
    return {"files": [shape_of(file, world.address) for file in files]}


METHODS = {
    "files.info": Method(_info, ("files:read",), ("file",)),
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",), ("length", "filename")),
    "files.completeUploadExternal": Method(
        _complete_upload, ("files:write",), ("files",), ("files",)
    ),
}
