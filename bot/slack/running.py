"""A bot that serves Slack: its state, its threads and its app, opened and closed together."""

import logging
import sys
import threading
import time

from bot.answering.answerer import Answerer
from bot.at_intervals import AtIntervals
from bot.errors import BotError
from bot.operating.metrics import Metrics
from bot.reindexing.watching import KnowledgeWatch
from bot.settings import Settings
from bot.slack.app import Queues, SlackApp, create_app
from bot.slack.figures import count_deliveries, show_figures
from bot.slack.hearing import Hearing
from bot.slack.work import Work
from bot.state.database import StateError
from bot.state.retention import sweep
from bot.state.store import State
from bot.uploads.following import Follower
from index.generation import Generations
from index.helping import SWITCH_S

logger = logging.getLogger(__name__)

_SWEEP_EVERY_S = 3600.0
# So soon it is noticed that another replica died over a reindex.
_LOOK_EVERY_S = 60.0
# Views open at once or never: few threads, and a short queue.
_GESTURE_THREADS, _GESTURES_WAITING = 4, 64
# An edit may wait for the answer that it changes.
_EDIT_THREADS, _EDITS_WAITING = 2, 256
# A file takes a core for seconds, so they take turns.
_UPLOAD_THREADS, _UPLOADS_WAITING = 1, 32
# A first question reads what every later one needs.
_WARMING_UP = "What does a product manager do?"


class RunningBot:
    """Everything between an answerer and Slack, except the connection.

    Attributes:
        state: The state database.
        app: The Bolt app, and what starts and stops with it.
        hearing: What a connection tells of events, so that answers wait for them.
    """

    def __init__(
        self,
        answerer: Answerer,
        settings: Settings,
        metrics: Metrics | None = None,
        *,
        store: Generations | None = None,
    ) -> None:
        """Open the state and make the app; calls nobody.

        Args:
            answerer: What answers.
            settings: Tokens, addresses, admins.
            metrics: The figures of this process; none where nobody can look at them.
            store: The generations that are answered from, to reindex into over the same
                connections; closed with the bot. If not given, those that the settings name.

        Raises:
            StateError: if the state database cannot be used.
        """
        # At INFO it names the addresses of replies, with which anybody could write in our name.
        logging.getLogger("slack_sdk.webhook").setLevel(logging.WARNING)
        self.state = State.open(
            settings.database_url,
            policy=settings.question_log,
            retention_days=settings.retention_days,
            known=lambda word: _is_known(answerer, word),
        )
        self.hearing = Hearing()
        self._work = Work(before_each=self.hearing.let_pass)
        self._gestures = Work(threads=_GESTURE_THREADS, waiting=_GESTURES_WAITING)
        self._edits = Work(threads=_EDIT_THREADS, waiting=_EDITS_WAITING)
        self._uploads = Work(threads=_UPLOAD_THREADS, waiting=_UPLOADS_WAITING)
        queues = Queues(self._work, self._gestures, self._edits, self._uploads)
        metrics = metrics or Metrics()
        self.app: SlackApp = create_app(
            answerer, self.state, settings, queues, metrics, store=store
        )
        show_figures(metrics, answerer, queues)
        count_deliveries(metrics, self.app.bolt)
        self._watch = _watch(self.app, settings)
        self._follower = _follower(self.app, answerer)
        self._started = False
        self._swept = -_SWEEP_EVERY_S
        self._sweeper = AtIntervals(
            self._look_after,
            _LOOK_EVERY_S,
            name="looking after",
            failed="old rows could not be deleted or put in order",
            expected=(StateError,),
        )

    def start(self) -> None:
        """Take up what an earlier process left, and begin to delete what is old."""
        sys.setswitchinterval(SWITCH_S)
        self.app.recovery.start()
        self.app.reindexing.recover()
        self._restore()
        if self._watch is not None:
            self._watch.start()
        if self._follower is not None:
            self._follower.start()
        self._sweeper.start()
        self.app.teller.start()
        self._started = True

    def close(self, within_s: float) -> None:
        """Finish the questions at hand; those that would take longer go to the next process.

        Call it once Slack can deliver no more. A process may end at once when this returns.
        """
        self._sweeper.stop()
        if self._watch is not None:
            self._watch.close()
        if self._follower is not None:
            self._follower.close()
        self.app.reindexing.reindexer.stop()
        end = time.monotonic() + within_s
        self._work.close(within_s)
        for queue in (self._gestures, self._edits, self._uploads):
            queue.close(max(0.0, end - time.monotonic()))
        if self._started:
            self.app.recovery.close()
            self.app.teller.close()
        self.app.reindexing.close(max(0.0, end - time.monotonic()))
        self.state.close()

    @property
    def unfinished(self) -> int:
        """The number of questions, clicks and edits that wait or are worked on."""
        queues = (self._work, self._gestures, self._edits, self._uploads)
        return sum(one.unfinished for one in queues)

    def _restore(self) -> None:
        """Write back articles that the folder lacks; where it must, index them meanwhile."""
        try:
            changed = self.app.uploading.restore()
        except BotError as error:
            logger.warning("articles that admins brought could not be restored: %s", error)
            return
        if changed:
            index_anew = self.app.reindexing.begin_by_itself
            threading.Thread(target=index_anew, name="restored articles", daemon=True).start()

    def _look_after(self) -> None:
        """Delete what is old, once an hour, and put in order what another replica left."""
        if time.monotonic() >= self._swept + _SWEEP_EVERY_S:
            self._swept = time.monotonic()
            sweep(self.state)
        self.app.reindexing.recover_others()


def _watch(app: SlackApp, settings: Settings) -> KnowledgeWatch | None:
    if not settings.knowledge_watch:
        return None
    reindexing = app.reindexing
    reindexer = reindexing.reindexer
    return KnowledgeWatch(
        settings.knowledge_dir,
        # Where an admin changed something, they index it themselves, here or on another machine.
        lambda: app.uploading.is_indexed() or reindexing.begin_by_itself(),
        known=lambda: reindexer.is_known(reindexer.stamp()),
    )


def _follower(app: SlackApp, answerer: Answerer) -> Follower | None:
    """Follow what is done on other machines; None where the state is this machine's own."""
    if not app.uploading.shelf.is_shared:
        return None
    return Follower(
        app.uploading.catch_up,
        lambda: answerer.generation().manifest.name,
        app.uploading.is_indexed,
        app.reindexing.begin_by_itself,
    )


def warm_up(answerer: Answerer) -> None:
    """Answer a question for nobody, so that the first asker need not wait."""
    answerer.ask(_WARMING_UP)


def _is_known(answerer: Answerer, word: str) -> bool:
    """Tell whether the articles hold a word; the very common ones count as held."""
    lexical = answerer.generation().lexical
    return all(lexical.holds(stem) for stem in lexical.terms(word))
