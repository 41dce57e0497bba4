"""A conversation over every surface, held with the real bot in the local Slack, and written down.

`python -m tests.scenarios.transcript` writes docs/conversation.md anew.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.slack import names
from playground.acting import Actor, Posted
from playground.messages import Message
from playground.views import View
from tests.library import INDEX, KNOWLEDGE, index_of
from tests.scenarios.conftest import Office, office_in, running_slack, text_of
from tests.scenarios.rendering import Renderer, quoted

PAGE = Path(__file__).parents[2] / "docs" / "conversation.md"
SETTINGS = {"ask_channel": "C0GENERAL"}
_OPENING = """# A conversation with PM Role

What people see in Slack, on every surface. It is no mock-up: a test holds this conversation with
the bot as it is shipped, connected over Socket Mode to the local Slack of `playground/`, and fails
if a word here is no longer what people would see. `python -m tests.scenarios.transcript` writes
the page anew. Buttons stand in [brackets]; of long lists the beginning is shown.

Ann and Gus are members of a workspace, Ada is one of its admins. PM Role is a member of #careers
and #general, and not of #elsewhere."""


class Transcript:
    """A page that grows as people act."""

    def __init__(self, office: Office) -> None:
        self.office = office
        workspace = office.slack.workspace()
        people = {one.id: one.name.capitalize() for one in workspace.people.values()}
        channels = {one.id: f"#{one.name}" for one in workspace.channels.values()}
        self._renderer = Renderer({**channels, **people, workspace.bot_user: "PM Role"})
        self._parts = [_OPENING]

    @property
    def text(self) -> str:
        """The page."""
        return "\n\n".join(self._parts) + "\n"

    def chapter(self, title: str, about: str = "") -> None:
        """Begin a chapter."""
        self.office.begin()
        self._parts += [f"## {title}", *([about] if about else [])]

    def tell(self, text: str) -> None:
        """Tell what happens, in Markdown."""
        self._parts.append(text)

    def says(self, who: Actor, where: str, text: str) -> None:
        """Show what somebody wrote."""
        shown = self._renderer.mrkdwn(text)
        self._parts.append(f"**{who.name.capitalize()}**, {where}:\n\n{quoted(shown)}")

    def answers(self, message: Message, where: str) -> None:
        """Show what the bot wrote."""
        self._parts.append(f"**PM Role**, {where}:\n\n{self._renderer.message(message)}")

    def opens(self, view: View, how: str) -> None:
        """Show a modal or the Home tab."""
        self._parts.append(f"{how}\n\n{self._renderer.view(view)}")


def hold(office: Office) -> str:
    """Hold the conversation and return the page."""
    office.slack.pingable.add(office.ann.id)
    page = Transcript(office)
    for chapter in CHAPTERS:
        chapter(page)
        office.settle()
    return page.text


def _mention(page: Transcript) -> None:
    office, ann, gus = page.office, page.office.ann, page.office.gus
    page.chapter("A mention in a channel")
    thread = _asks(page, ann, "What does a VP of Product do?")
    (first,) = office.replies(ann, thread)
    notified = first.text.split(" [1]")[0]
    page.tell(f"On a phone the notification begins: “{notified}”")
    page.answers(first, "in the thread")
    office.settle()
    _replies(page, ann, thread, "and how do I become one?")
    page.answers(office.replies(ann, thread, 2)[1], "in the thread, without being mentioned again")
    office.settle()
    _replies(page, gus, thread, "We have had none since June.")
    _replies(page, ann, thread, "what does that mean for the roadmap?")
    office.settle()
    assert len(office.replies(ann, thread)) == 2
    page.tell("Two people talk now. PM Role stays out of it until somebody mentions it.")
    gus.clicks(first, names.ask(0))
    page.tell("Gus presses the first suggestion under the first answer.")
    page.answers(office.replies(ann, thread, 3)[2], "in the thread")


def _buttons(page: Transcript) -> None:
    office, ann, gus = page.office, page.office.ann, page.office.gus
    page.chapter("The buttons under an answer")
    thread = _asks(page, ann, "What does a product operations manager do?")
    (answer,) = office.replies(ann, thread)
    page.answers(answer, "in the thread")
    office.settle()
    gus.clicks(answer, names.PASSAGES)
    page.opens(office.view(gus, "Passages"), "Gus presses [Show passages].")
    ann.clicks(answer, names.COMPARE_WITH)
    form = office.view(ann, "Compare titles")
    page.opens(form, "Ann presses [Compare with…].")
    ann.submits(form, {names.SECOND_TITLE: "Product manager"})
    page.tell("She picks “Product manager” as the second title and presses [Compare].")
    page.answers(office.replies(ann, thread, 2)[1], "in the thread")
    gus.clicks(answer, names.FEEDBACK, "negative")
    form = office.view(gus, "Not helpful")
    page.opens(form, "Gus presses [Not helpful].")
    gus.submits(form, {names.REASON: "incomplete", names.COMMENT: "Say who pays them."})
    page.tell("He sends it. The vote is kept without his name. Ann presses [Helpful].")
    ann.clicks(answer, names.FEEDBACK, "positive")
    page.answers(office.whispers(ann, "#careers")[0], "in the thread, to Ann alone")


def _two_meanings(page: Transcript) -> None:
    office, ann = page.office, page.office.ann
    page.chapter("Letters with two meanings")
    thread = _asks(page, ann, "How do I become a TPM?")
    (back,) = office.replies(ann, thread)
    page.answers(back, "in the thread")
    office.settle()
    ann.clicks(back, names.choose(0))
    page.tell("Ann presses the first.")
    page.answers(office.replies(ann, thread, 2)[1], "in the thread")


def _direct_message(page: Transcript) -> None:
    office, gus = page.office, page.office.gus
    page.chapter("A direct message")
    gus.opens_home("messages")
    office.wait(gus.prompts, "prompts")
    offered = "\n".join(f"* [{one.title}]" for one in gus.prompts())
    page.tell(f"Gus opens the Messages tab. He is offered:\n\n{offered}")
    for number, text in enumerate(("hello", "CPO vs Head of Product", "and a VP?"), 1):
        gus.writes(text)
        page.says(gus, "to PM Role", text)
        page.answers(office.direct_replies(gus, number)[-1], "to Gus")
        office.settle()


def _command(page: Transcript) -> None:
    office, ann = page.office, page.office.ann
    page.chapter("The command, also where the bot is no member")
    _commands(page, ann, "help", "#elsewhere")
    page.answers(office.whispers(ann, "#elsewhere")[-1], "to Ann alone")
    _commands(page, ann, "path group product manager", "#elsewhere")
    answer = office.whispers(ann, "#elsewhere", 2)[-1]
    page.answers(answer, "to Ann alone")
    office.settle()
    ann.clicks(answer, names.SHARE)
    page.tell(
        f"She presses [Share to channel] and confirms “{_confirmation(answer, names.SHARE)}” Her "
        "own copy goes, and everybody sees:"
    )
    page.answers(office.posted("#elsewhere")[0], "in #elsewhere")
    office.settle()
    _commands(page, ann, "compare CPO, VP of product, head of product", "#careers")
    page.answers(office.whispers(ann, "#careers")[-1], "to Ann alone")


def _private(page: Transcript) -> None:
    office, ann = page.office, page.office.ann
    page.chapter("What one would rather not ask aloud")
    thread = _asks(page, ann, "My manager does not promote me to senior PM, what can I do?")
    page.answers(office.whispers(ann, "#careers")[0], "in #careers, to Ann alone")
    office.settle()
    assert office.replies(ann, thread, 0) == []


def _refusal(page: Transcript) -> None:
    office, ann = page.office, page.office.ann
    page.chapter("What the articles do not hold")
    thread = _asks(page, ann, "Which visa does a product manager need for Japan?")
    (refused,) = office.replies(ann, thread)
    page.answers(refused, "in the thread")
    office.settle()
    ann.clicks(refused, names.ASK_HUMAN)
    confirmation = _confirmation(refused, names.ASK_HUMAN)
    page.tell(f"Ann presses [Ask a human] and confirms “{confirmation}”")
    page.answers(office.posted("#general")[0], "in #general")
    page.answers(office.whispers(ann, "#careers")[0], "in the thread, to Ann alone")


def _shortcuts(page: Transcript) -> None:
    office, ann, gus = page.office, page.office.ann, page.office.gus
    page.chapter("Shortcuts")
    text = "Does anybody know how many PMs a group product manager leads?"
    posted = gus.says("#careers", text)
    page.says(gus, "in #careers", text)
    ann.uses_shortcut(names.ANSWER_MESSAGE, posted)
    page.tell("Ann chooses “Answer with PM Role” in the menu of his message.")
    page.answers(office.whispers(ann, "#careers")[0], "to Ann alone")
    ann.uses_shortcut(names.COMPARE_SHORTCUT)
    form = office.view(ann, "Compare titles")
    page.opens(form, "From the menu beside the message box she chooses “Compare product titles”.")
    title = "Product marketing manager"
    response = ann.submits(form, {names.FIRST_TITLE: title, names.SECOND_TITLE: title})
    assert response is not None
    page.tell(
        f"She picks “{title}” twice by mistake. Under the second title it says: "
        f"“{response['errors'][names.SECOND_TITLE]}” She picks “Product manager”."
    )
    ann.submits(office.view(ann), {names.SECOND_TITLE: "Product manager"})
    office.wait(lambda: "Reports to" in text_of(office.view(ann)), "a comparison")
    page.opens(office.view(ann), "The form becomes:")


def _home(page: Transcript) -> None:
    office, ada = page.office, page.office.ada
    page.chapter("The Home tab")
    ada.opens_home()
    office.wait(ada.home, "the Home tab")
    home = ada.home()
    assert home is not None
    page.opens(home, "Ada, an admin, opens it. Others see it without its last part.")
    office.settle()
    ada.clicks(home, names.ask(5))
    office.wait(lambda: "[1]" in text_of(office.view(ada)), "an answer")
    page.opens(office.view(ada), "She presses the first step of the ladder.")


def _auto(page: Transcript) -> None:
    office, ada, gus = page.office, page.office.ada, page.office.gus
    page.chapter("A channel where plain questions are answered")
    _commands(page, gus, "auto on", "#careers")
    page.answers(office.whispers(gus, "#careers")[0], "to Gus alone")
    _commands(page, ada, "auto on", "#careers")
    page.answers(office.whispers(ada, "#careers")[0], "to Ada alone")
    office.settle()
    text = "When does a start-up need its first product manager?"
    asked = gus.says("#careers", text)
    page.says(gus, "in #careers", text)
    page.answers(office.replies(gus, asked)[0], "in the thread")
    office.settle()
    text = "Where is the coffee machine?"
    asked = gus.says("#careers", text)
    page.says(gus, "in #careers", text)
    office.settle()
    assert office.replies(gus, asked, 0) == []
    page.tell("PM Role is not sure that its articles answer this, and stays silent.")
    ada.commands(names.COMMAND, "auto off", "#careers")
    office.whispers(ada, "#careers", 2)


CHAPTERS: tuple[Callable[[Transcript], None], ...] = (
    _mention,
    _buttons,
    _two_meanings,
    _direct_message,
    _command,
    _private,
    _refusal,
    _shortcuts,
    _home,
    _auto,
)


def _asks(page: Transcript, who: Actor, question: str) -> Posted:
    text = f"{page.office.mention} {question}"
    page.says(who, "in #careers", text)
    return who.says("#careers", text)


def _replies(page: Transcript, who: Actor, thread: Posted, text: str) -> None:
    page.says(who, "in the thread", text)
    who.says("#careers", text, thread)
    page.office.settle()


def _commands(page: Transcript, who: Actor, text: str, channel: str) -> None:
    page.says(who, f"in {channel}", f"`{names.COMMAND} {text}`")
    who.commands(names.COMMAND, text, channel)


def _confirmation(message: Message, action_id: str) -> str:
    """Return what a button makes people confirm."""
    elements = [one for block in message.blocks for one in block.get("elements", [])]
    button = next(one for one in elements if one.get("action_id") == action_id)
    return str(button["confirm"]["text"]["text"])


def main() -> int:
    """Write the page."""
    live = index_of(KNOWLEDGE, INDEX)
    with running_slack() as slack, tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/state.db"
        office = office_in(slack, Answerer.open(live), database_url=database, **SETTINGS)
        office.start()
        PAGE.write_text(hold(office), encoding="utf-8")
        office.stop()
    live.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
