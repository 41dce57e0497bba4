"""Messages, modals and the Home tab of the local Slack as Markdown, for people to read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playground.messages import Message
from playground.views import View

Block = Mapping[str, Any]

# Of a longer list a reader of the page sees the beginning.
_ITEMS = 6
_LINK = re.compile(r"<(?P<target>https?://[^|>]+)\|(?P<label>[^>]+)>")
_USER = re.compile(r"<@(?P<user>[A-Z0-9]+)>")
_CHANNEL = re.compile(r"<#(?P<channel>[A-Z0-9]+)>")
# What differs from one machine and day to the next.
_INDEX = re.compile(r"Index \S+, built [^\n]+ UTC")
_WAITING = re.compile(r"\d+ questions? waiting now")
_MILLISECONDS = re.compile(r"\b[\d,.]+ (?=ms\b)")
_ADDRESS = re.compile(r"\]\(https?://[^\s)]+/archives/[^\s)]+\)")
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")


class Renderer:
    """Knows the names of people and channels by their ids."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def message(self, message: Message) -> str:
        """Return a message as quoted Markdown."""
        blocks = message.blocks
        text = self.blocks(blocks) if blocks else self.mrkdwn(message.text)
        return quoted(text)

    def view(self, view: View) -> str:
        """Return a modal or the Home tab as quoted Markdown."""
        head = f"**{view.title}**\n\n" if view.title else ""
        foot = [
            f"[{view.content[name]['text']}]"
            for name in ("submit", "close")
            if view.content.get(name)
        ]
        return quoted(head + self.blocks(view.blocks) + (f"\n\n{' '.join(foot)}" if foot else ""))

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Return blocks as paragraphs of Markdown."""
        parts = [part for block in blocks for part in self._block(block)]
        return stable("\n\n".join(part for part in parts if part))

    def mrkdwn(self, text: str) -> str:
        """Return mrkdwn as Markdown."""
        text = _LINK.sub(lambda found: f"[{found['label']}]({found['target']})", text)
        text = _USER.sub(lambda found: f"@{self._name(found['user'])}", text)
        text = _CHANNEL.sub(lambda found: self._name(found["channel"]), text)
        return text.replace("&lt;", "\\<").replace("&gt;", ">").replace("&amp;", "&")

    def _name(self, id_: str) -> str:
        return self._names.get(id_, id_)

    def _block(self, block: Block) -> Iterator[str]:
        match block["type"]:
            case "rich_text":
                yield from map(self._rich, block["elements"])
            case "context":
                lines = "\n".join(self.mrkdwn(one["text"]) for one in block["elements"])
                yield "\\\n".join(f"<sub>{line}</sub>" for line in lines.split("\n"))
            case "actions" | "context_actions":
                yield " ".join(map(_button, block["elements"]))
            case "table":
                yield self._table(block["rows"])
            case "divider":
                yield "---"
            case _:
                yield _input(block) if "label" in block else self.mrkdwn(block["text"]["text"])

    def _rich(self, element: Block) -> str:
        match element["type"]:
            case "rich_text_list":
                return self._list([self._words(one) for one in element["elements"]])
            case "rich_text_quote":
                return quoted(self._words(element))
            case _:
                return self._words(element)

    def _list(self, items: Sequence[str]) -> str:
        shown = [f"* {one}" for one in items[:_ITEMS]]
        more = len(items) - len(shown)
        return "\n".join([*shown, *([f"* (… {more} more)"] if more else [])])

    def _words(self, element: Block) -> str:
        text = "".join(self._part(one) for one in element["elements"]).strip()
        return _LINE_END.sub(r"\\\n", text)  # in Markdown a line goes on in the next

    def _part(self, part: Block) -> str:
        if part["type"] == "user":
            return f"@{self._name(part['user_id'])}"
        text = str(part["text"]).replace("<", "\\<")
        if part["type"] == "link":
            text = f"[{text}]({part['url']})"
        style = part.get("style") or {}
        mark = "**" if style.get("bold") else "_" if style.get("italic") else ""
        body = text.strip()
        return text.replace(body, f"{mark}{body}{mark}") if mark and body else text

    def _table(self, rows: Sequence[Sequence[Block]]) -> str:
        lines = [
            [" ".join(self._words(part) for part in cell["elements"]) for cell in row]
            for row in rows
        ]
        head, *body = ["| " + " | ".join(line) + " |" for line in lines]
        return "\n".join([head, "|" + " --- |" * len(rows[0]), *body])


def stable(text: str) -> str:
    """Take out of a text what differs from one machine and day to the next."""
    text = _INDEX.sub("Index (name), built (day) at (time) UTC", text)
    text = _ADDRESS.sub("](#)", text)
    text = _MILLISECONDS.sub("(some) ", text)
    return _WAITING.sub("0 questions waiting now", text)


def quoted(text: str) -> str:
    """Return Markdown with a bar beside it."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _button(element: Block) -> str:
    if element["type"] == "feedback_buttons":
        faces = (element["positive_button"], element["negative_button"])
        return " ".join(f"[{one['text']['text']}]" for one in faces)
    return f"[{element['text']['text']}]"


def _input(block: Block) -> str:
    element, label = block["element"], block["label"]["text"]
    optional = " (optional)" if block.get("optional") else ""
    match element["type"]:
        case "radio_buttons":
            faces = "\n".join(f"* ( ) {one['text']['text']}" for one in element["options"])
            return f"{label}{optional}\n\n{faces}"
        case "static_select":
            chosen = element.get("initial_option") or {}
            face = chosen.get("text", {}).get("text") or element["placeholder"]["text"]
            return f"{label}{optional}: [{face} ▾]"
        case _:
            return f"{label}{optional}: [__________]"
