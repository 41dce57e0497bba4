"""Files from Slack into the knowledge folder: shown first, stored when an admin says so.

Between the preview and the button nothing is kept: the file lies in Slack, and is fetched and
checked again. So a restart loses nothing, and what is stored is what was shown.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from slack_sdk import WebClient

from bot.answering.answerer import Answerer
from bot.reindexing.outcome import Outcome
from bot.reindexing.reindexer import Reindexer
from bot.slack.asked import new_reference
from bot.slack.auditing import Auditor
from bot.slack.clicks import Click
from bot.slack.delivering import edited, post, respond, tell
from bot.slack.downloading import Download, download
from bot.slack.messages import FAILED, Shown, notice
from bot.slack.messages.uploads import (
    forget_message,
    forgotten_message,
    preview_message,
    refused_upload,
    stored_message,
)
from bot.slack.refusals import UNREACHABLE, UndeliveredError
from bot.slack.reindexing import Reindexing, Wanted
from bot.state.inbox import Inbox
from bot.state.uploads import Uploads
from bot.uploads.contents import check_content
from bot.uploads.naming_articles import articles_meant
from bot.uploads.previewing import Previewer
from bot.uploads.refusing import RefusedError
from bot.uploads.storing import Shelf, stored_name
from index.errors import IndexingError
from index.passages import Article

logger = logging.getLogger(__name__)

READING = "I am reading the file…"
DISCARDED = "Discarded. Nothing was added."
CHANGED = "The file in Slack is another one by now; drop it again."
ADDING = "I am adding it…"
UNKNOWN = "No article is called so. The Home tab lists them all."
INDEXING = "I am indexing it now; that message tells how it goes."
ANSWERS = "I answer from it now."
WAITS = "The index with it waits for a decision, which `/pmrole history` shows."
NOT_INDEXED = "It is not in the index yet; `/pmrole reindex` tries again."
REJECTED = "The index does not take it: {reason}."
# A reindex that runs is waited for: it began before the article was there.
_WAIT_S = 3600.0


@dataclass(frozen=True)
class Uploading:
    """Previews, stores and takes away articles. Safe between threads.

    Attributes:
        previewer: Reads files.
        shelf: The knowledge folder.
        uploads: What was brought before.
        answerer: Answers from articles.
        reindexing: Indexes what was changed.
        auditor: Is told of it.
        inbox: Remembers which buttons were pressed.
    """

    previewer: Previewer
    shelf: Shelf
    uploads: Uploads
    answerer: Answerer
    reindexing: Reindexing
    auditor: Auditor
    inbox: Inbox

    def preview(self, client: WebClient, channel: str, thread: str, file_id: str) -> None:
        """Show what a file would be, with buttons.

        Args:
            client: Of the workspace.
            channel: Where to show it; a person's id for a direct message.
            thread: In which thread there; empty for none.
            file_id: The file.

        Raises:
            SlackClientError, OSError: if it cannot be shown.
        """
        where, message_ts = post(client, channel, notice(READING), thread=thread)
        shown = self._told(lambda: self._preview(download(client, file_id), file_id))
        client.chat_update(channel=where, ts=message_ts, text=shown.text, blocks=shown.blocks)

    def add(self, client: WebClient, click: Click, chosen: dict[str, str]) -> None:
        """Store a file that was shown, and index it; in the place of another if that was chosen."""
        if not self.inbox.seen((f"upload {click.channel} {click.message_ts}",)):
            return  # pressed twice
        _edit(client, click, notice(ADDING))
        title, path = chosen.get("title", ""), ""

        def store() -> Shown:
            nonlocal path
            path = self._stored(client, click, chosen)
            return stored_message(title, path, became=INDEXING)

        _edit(client, click, self._told(store))
        if path:
            self._reindex(client, click, partial(self._indexed, client, click, title, path))

    def discard(self, client: WebClient, click: Click) -> None:
        """Put a preview away."""
        _edit(client, click, notice(DISCARDED))

    def ask_to_forget(self, client: WebClient, click: Click, words: str) -> None:
        """Offer to take the article away that words mean, or those that they may mean."""
        try:
            self.catch_up()
        except RefusedError as error:
            tell(client, click, refused_upload(str(error)))
            return
        titles = {one.path: one.title for one in self._indexed_articles()}
        known = {one.path: titles.get(one.path, one.name) for one in self.shelf.articles()}
        found = [(path, known[path]) for path in articles_meant(words, known)]
        tell(client, click, forget_message(found) if found else notice(UNKNOWN))

    def forget(self, client: WebClient, click: Click, path: str) -> None:
        """Take an article away, and index without it."""
        try:
            self.shelf.forget(path, click.user)
        except RefusedError as error:
            _instead(client, click, refused_upload(str(error)))
            return
        self._audit(client, click, "took an article away", path)
        _instead(client, click, forgotten_message(path))
        self._reindex(client, click, lambda _outcome: None)

    def bring_back(self, client: WebClient, click: Click, path: str) -> None:
        """Undo `forget`, and index again."""
        try:
            self.shelf.bring_back(path)
        except RefusedError as error:
            _instead(client, click, refused_upload(str(error)))
            return
        self._audit(client, click, "brought an article back", path)
        _instead(client, click, stored_message(path, path, became=INDEXING))
        self._reindex(client, click, lambda _outcome: None)

    def restore(self) -> bool:
        """Put right at a start what the folder lacks; tell whether it must be indexed again.

        Raises:
            RefusedError: Another process holds the folder.
            StateError: if the state database cannot be read.
        """
        restored = self.shelf.restore()
        for path in restored.written:
            logger.warning("%s was missing in the knowledge folder, or older, and is written", path)
        for path in restored.removed:
            logger.warning("%s was taken away by an admin, and is removed again", path)
        if restored:
            return not self.is_indexed()
        indexed = {one.path for one in self._indexed_articles()}
        lacking = set(self.uploads.live_paths()) - indexed
        reindexer = self.reindexing.reindexer
        return bool(lacking) and not reindexer.is_known(reindexer.stamp())

    def catch_up(self) -> bool:
        """Bring the folder to what admins did on other machines; tell whether it changed.

        Raises:
            RefusedError: An article cannot be written.
            StateError: if the state database cannot be read.
        """
        restored = self.shelf.catch_up()
        for path in restored.written:
            logger.info("%s was brought on another machine, and is written", path)
        for path in restored.removed:
            logger.info("%s was taken away on another machine, and is removed", path)
        return bool(restored)

    def is_indexed(self) -> bool:
        """Tell whether an index that is kept was built from the folder as it is now.

        Where that cannot be told, it was not.
        """
        reindexer = self.reindexing.reindexer
        stamp = reindexer.stamp()
        try:
            names = reindexer.store.taken_names()
        except IndexingError:
            return False
        return any(_stamp_of(reindexer, name) == stamp for name in names)

    def _indexed_articles(self) -> list[Article]:
        return self.answerer.generation().passages.articles()

    def _preview(self, file: Download, file_id: str) -> Shown:
        self.catch_up()
        sha256 = hashlib.sha256(file.content).hexdigest()
        known = self.uploads.path_of(sha256)
        if known is not None and known in {one.path for one in self.shelf.articles()}:
            raise RefusedError(f"That file is an article already: {known}.")
        preview = self.previewer.preview(file.name, file.content)
        chosen = {"file": file_id, "sha256": sha256, "title": preview.title[:200]}
        return preview_message(file.name, preview, self.shelf.topics(), chosen)

    def _stored(self, client: WebClient, click: Click, chosen: dict[str, str]) -> str:
        """Fetch a file again and store it; return its path."""
        file = download(client, chosen.get("file", ""))
        if hashlib.sha256(file.content).hexdigest() != chosen.get("sha256"):
            raise RefusedError(CHANGED)
        check_content(file.name, file.content)
        name = stored_name(file.name, chosen.get("title", ""))
        replaced = chosen.get("replaces", "")
        if replaced:
            path = self.shelf.replace(replaced, name, file.content, click.user)
            self._audit(client, click, "replaced an article", path, replaced=replaced)
        else:
            path = self.shelf.add(chosen.get("topic", ""), name, file.content, click.user)
            self._audit(client, click, "added an article", path)
        return path

    def _reindex(
        self, client: WebClient, click: Click, ended: Callable[[Outcome | None], None]
    ) -> None:
        def whisper(shown: Shown) -> None:
            post(client, click.user, shown)

        wanted = Wanted(click.team, click.user, wait_s=_WAIT_S)
        self.reindexing.begin(client, wanted, whisper, ended=ended)

    def _indexed(
        self, client: WebClient, click: Click, title: str, path: str, outcome: Outcome | None
    ) -> None:
        """Say in the preview's place what the index came to."""
        if outcome is None:
            became = NOT_INDEXED
        elif reason := dict(outcome.rejected).get(path):
            became = REJECTED.format(reason=reason)
        else:
            became = ANSWERS if outcome.published else WAITS
        _edit(client, click, stored_message(title, path, became=became))

    def _audit(self, client: WebClient, click: Click, act: str, path: str, **detail: str) -> None:
        self.auditor.did(client, click.team, click.user, act, {"article": path, **detail})

    def _told(self, work: Callable[[], Shown]) -> Shown:
        """Return what comes of work on a file, or why nothing does."""
        try:
            return work()
        except RefusedError as error:
            return refused_upload(str(error))
        except UNREACHABLE as error:
            logger.warning("a file could not be fetched: %s", type(error).__name__)
            return refused_upload("Slack did not give me the file; try again in a minute.")
        except Exception:
            reference = new_reference()
            logger.exception("%s: a file could not be taken in", reference)
            return notice(FAILED.format(reference=reference))


def _stamp_of(reindexer: Reindexer, generation: str) -> str:
    try:
        return reindexer.store.manifest_of(generation).stamp
    except IndexingError:
        return ""  # damaged, or gone this moment


def _edit(client: WebClient, click: Click, shown: Shown) -> None:
    """Put something in the place of a preview; what Slack does not take stops nothing."""
    edited(client, click.channel, click.message_ts, shown)


def _instead(client: WebClient, click: Click, shown: Shown) -> None:
    """Put something in the place of a message that only one person sees."""
    try:
        respond(
            client,
            click.response_url,
            replace_original=True,
            text=shown.text,
            blocks=shown.blocks,
        )
    except (UndeliveredError, *UNREACHABLE):
        post(client, click.user, shown)
