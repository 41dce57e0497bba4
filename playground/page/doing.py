"""What somebody does on the page, done in the local Slack."""

from collections.abc import Callable, Mapping
from typing import Any

from playground.acting import Actor
from playground.changes import TimedOutError
from playground.delivery import Delivery
from playground.finding import NotThereError
from playground.local_slack import LocalSlack
from playground.messages import Message
from playground.onlooking import Posted
from playground.page.composing import command_in, with_mentions
from playground.views import View

Json = dict[str, Any]
Files = list[tuple[str, bytes]]

_TROUBLE = "We had some trouble connecting. Try again? (The app did not acknowledge this in time.)"


class NotDoneError(Exception):
    """Slack would not let somebody do that; the text says why."""


class Doing:
    """One person's hands in the local Slack."""

    def __init__(self, slack: LocalSlack, actor: Actor) -> None:
        self._slack, self._actor = slack, actor
        self._deeds: Mapping[str, Callable[[Json], object]] = {
            "say": self.say,
            "edit": self._edit,
            "delete": lambda asked: actor.deletes(self._place(asked)),
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._use_shortcut,
            "home": lambda _: actor.opens_home("home"),
            "messages": lambda _: actor.opens_home("messages"),
            "invite": lambda asked: actor.invites_bot(str(asked["channel"])),
        }

    def do(self, asked: Json) -> Json:
        """Do what the page asks for; return what it has to know of the outcome.

        Raises:
            NotDoneError: Slack would not let them, or there is no such thing.
        """
        deed = self._deeds.get(str(asked.get("do")))
        if deed is None:
            raise NotDoneError(f"there is nothing to do by that name: {asked.get('do')!r}")
        try:
            outcome = deed(asked)
        except (NotThereError, TimedOutError) as error:
            raise NotDoneError(str(error)) from error
        except KeyError as error:
            raise NotDoneError(f"{error} is missing") from error
        return outcome if isinstance(outcome, dict) else {}

    def say(self, asked: Json, files: Files | None = None) -> Json:
        """Write a message, or type a slash command.

        Raises:
            NotThereError: The place cannot be written in, or the app has no such command.
            NotDoneError: Commands cannot be used in threads.
        """
        text, channel = str(asked["text"]), str(asked["channel"])
        thread = str(asked.get("thread") or "") or None
        command = command_in(text)
        if command is not None and not files:
            if thread:
                raise NotDoneError(f"{command[0]} is not supported in threads. Sorry!")
            self._actor.commands(*command, channel)
            return {}
        held = self._slack.workspace()
        text = with_mentions(text, held.people.values(), held.channels.values())
        posted = self._actor.says(channel, text, thread, files or ())
        return {"ts": posted.ts}

    def _edit(self, asked: Json) -> None:
        held = self._slack.workspace()
        text = with_mentions(str(asked["text"]), held.people.values(), held.channels.values())
        self._actor.edits(self._place(asked), text)

    def _click(self, asked: Json) -> None:
        target: Message | Posted | View
        target = self._view(asked) if asked.get("view") else self._place(asked)
        value, selected = asked.get("value"), asked.get("selected")
        self._actor.clicks(target, str(asked["action"]), value, selected)

    def _submit(self, asked: Json) -> Json:
        view = self._view(asked)
        response = self._actor.submits(view, asked.get("values") or {})
        refused = _submission_of(self._slack.deliveries, view.id)
        if refused is not None and refused.error:
            late = refused.error == "operation_timeout"
            why = f"Slack refused the app's answer: {refused.error}"
            raise NotDoneError(_TROUBLE if late else why)
        errors = response.get("errors") if response else None
        return {"errors": errors or {}}

    def _close(self, asked: Json) -> None:
        self._actor.closes(self._view(asked), everything=bool(asked.get("everything")))

    def _use_shortcut(self, asked: Json) -> None:
        on = self._place(asked) if asked.get("ts") else None
        self._actor.uses_shortcut(str(asked["callback"]), on)

    def _place(self, asked: Json) -> Posted:
        return Posted(str(asked["channel"]), str(asked["ts"]), "")

    def _view(self, asked: Json) -> View:
        wanted, home = str(asked["view"]), self._actor.home()
        shown = [*self._actor.views(), *([home] if home else [])]
        found = next((one for one in shown if one.id == wanted), None)
        if found is None:
            raise NotThereError("that view is no longer open")
        return found


def _submission_of(deliveries: list[Delivery], view: str) -> Delivery | None:
    """Return the latest submission of a view."""
    for one in reversed(deliveries):
        payload = one.payload if isinstance(one.payload, Mapping) else {}
        if payload.get("type") == "view_submission" and payload["view"]["id"] == view:
            return one
    return None
