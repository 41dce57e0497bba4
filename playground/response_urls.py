"""Response URLs: answers to commands and clicks, five within half an hour."""

from dataclasses import dataclass, replace

from playground import posting
from playground.messages import Message
from playground.tickets import TicketError, UsedTicketError
from playground.web_api.calling import Answer, Fields, RefusedError, is_set
from playground.web_api.contents import content_of
from playground.workspace import Workspace
from playground.world import ResponseTo, World

_USED_UP = 404  # what Slack answers for a URL that is used up or too old


@dataclass(frozen=True, slots=True)
class Responded:
    """The HTTP status and body of the answer."""

    status: int
    body: Answer


def respond(world: World, ticket: str, fields: Fields) -> Responded:
    """Show what the app answers to a command or a click."""
    with world.lock:
        try:
            to = world.responses.use(ticket)
        except UsedTicketError:
            return Responded(_USED_UP, {"ok": False, "error": "used_url"})
        except TicketError:
            return Responded(_USED_UP, {"ok": False, "error": "expired_url"})
        try:
            show(world, to, fields)
        except RefusedError as refused:
            return Responded(500, {"ok": False, "error": refused.error, **refused.more})
    return Responded(200, {"ok": True})


def show(world: World, to: ResponseTo, fields: Fields) -> None:
    """Post, replace or delete, as the answer says.

    Raises:
        RefusedError: What it wants to show is refused.
    """
    workspace = world.workspaces[to.team]
    original = workspace.message(to.channel, to.message_ts) if to.message_ts else None
    if is_set(fields.get("delete_original")):
        if original is None:
            raise RefusedError("message_not_found")
        posting.delete(world, workspace, original)
    elif is_set(fields.get("replace_original")) and original is not None:
        _replace(world, workspace, original, fields)
    else:
        _post(world, workspace, to, fields)


def _replace(world: World, workspace: Workspace, old: Message, fields: Fields) -> None:
    if old.bot_id != workspace.bot_id:
        raise RefusedError("cant_update_message")
    content = content_of(fields)
    posting.change(
        world,
        workspace,
        old,
        text=content.text,
        blocks=content.blocks,
        attachments=content.attachments,
        edited_at=world.times.next(),
    )


def _post(world: World, workspace: Workspace, to: ResponseTo, fields: Fields) -> None:
    content = content_of(fields)
    message = replace(
        posting.by_bot(world, workspace, to.channel, content.text),
        blocks=content.blocks,
        attachments=content.attachments,
        thread_ts=str(fields.get("thread_ts") or ""),
        visible_to="" if fields.get("response_type") == "in_channel" else to.user,
        metadata=content.metadata,
    )
    posting.post(world, workspace, message)
