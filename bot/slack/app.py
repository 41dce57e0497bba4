"""The Bolt app, wired together."""

from dataclasses import dataclass

from slack_bolt import App

from bot.answering.answerer import Answerer
from bot.insights.gaps import Gaps
from bot.insights.meanings import Meanings
from bot.insights.pinned import PinnedAnswers
from bot.insights.telling import Telling
from bot.operating.metrics import Metrics
from bot.reindexing.models import RunningModels
from bot.reindexing.reindexer import Reindexer
from bot.settings import Settings
from bot.slack.admins import Admins
from bot.slack.auditing import Auditor
from bot.slack.catalogue import Catalogue
from bot.slack.clients import Clients, is_multi_workspace
from bot.slack.desk import Desk
from bot.slack.editing import Editor
from bot.slack.gestures import Gestures
from bot.slack.installing import bolt_app
from bot.slack.keeping import Keeper
from bot.slack.listeners import (
    answers,
    buttons,
    channel_messages,
    channel_settings,
    commands,
    comparisons,
    direct_messages,
    edits,
    failures,
    feedback,
    files,
    home,
    insights,
    mentions,
    pins,
    reindexing,
    shortcuts,
)
from bot.slack.recovering import Recovery
from bot.slack.reindexing import Reindexing
from bot.slack.responding import Responder
from bot.slack.telling import Teller
from bot.slack.uploading import Uploading
from bot.slack.verbs import Verbs
from bot.slack.work import Work
from bot.state.store import State
from bot.uploads.previewing import Previewer
from bot.uploads.storing import Shelf
from index.build import BuildOptions
from index.generation import Generations


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The app, and what is started and stopped with it.

    Attributes:
        bolt: Hears Slack.
        recovery: Takes up what was left unanswered; start it once Slack can be reached.
        clients: Slack, by workspace.
        reindexing: Indexes the articles anew.
        verbs: What may follow the command.
        auditor: Is told what admins do.
        teller: Tells people who wait for answers.
        uploading: Takes in articles, and puts right at a start what the folder lacks.
    """

    bolt: App
    recovery: Recovery
    clients: Clients
    reindexing: Reindexing
    verbs: Verbs
    auditor: Auditor
    teller: Teller
    uploading: Uploading


@dataclass(frozen=True, slots=True)
class Queues:
    """The threads that work for the app; whoever made them closes them.

    Attributes:
        questions: They answer.
        gestures: They open views, which cannot wait.
        edits: They let answers follow their questions, which may have to wait.
        uploads: They read files, which takes seconds.
    """

    questions: Work
    gestures: Work
    edits: Work
    uploads: Work


def create_app(
    answerer: Answerer,
    state: State,
    settings: Settings,
    queues: Queues,
    metrics: Metrics,
    *,
    store: Generations | None = None,
) -> SlackApp:
    """Return the app; it calls nobody before its first event.

    Every listener keeps what it heard and queues the rest, so it ends within milliseconds, and Bolt
    acknowledges when it has ended: what Slack was told arrived, is kept.

    Args:
        answerer: What answers.
        state: What outlives the process.
        settings: Tokens, addresses, admins.
        queues: What works off what listeners queue.
        metrics: Counts what becomes of questions.
        store: What is reindexed into, if not what the settings name; closed with the app.
    """
    clients = Clients(settings, state.engine)
    app = bolt_app(settings, state.engine)
    pinned, gaps = _insights(answerer, state)
    responder = Responder(answerer, state, pinned, metrics, ask_channel=settings.ask_channel)
    desk = Desk(responder, state, clients, queues.questions, metrics)
    gestures = Gestures(clients, queues.gestures)
    admins = Admins(settings.admin_users, shared=is_multi_workspace(settings))
    catalogue = Catalogue(answerer, state, gaps, queues.questions)
    failures.register(app, gestures)
    mentions.register(app, desk)
    channel_messages.register(app, desk, state)
    edits.register(app, desk, Editor(responder, state, clients), queues.edits)
    auditor = Auditor(state.audit, settings.admin_channel)
    verbs = Verbs(commands.auto_answers(state, auditor))
    commands.register(app, desk, verbs, admins, gestures)
    index, uploading = _articles(answerer, state, settings, clients, auditor, store)
    reindexing.Listeners(index, state.reindexes, admins, auditor, gestures).register(app, verbs)
    _hear_files(
        app,
        desk,
        verbs,
        files.Listeners(uploading, admins, Gestures(clients, queues.uploads), state.inbox),
    )
    shortcuts.register(app, desk)
    buttons.register(app, desk, responder, gestures)
    answers.register(app, state, gestures, settings.ask_channel)
    feedback.register(app, state, gestures)
    comparisons.Form(desk, responder, state, gestures, catalogue).register(app)
    home.register(app, admins, catalogue, gestures)
    insights.Listeners(state, answerer, gaps, gestures).register(app, verbs)
    pins.Listeners(state.pins, pinned, admins, auditor, gestures).register(app, verbs)
    channel_settings.Form(state.channels, admins, auditor, gestures, catalogue).register(app, verbs)
    teller = Teller(Telling(answerer, state.waiting), pinned, state.waiting, Keeper(state), clients)
    return SlackApp(
        app, Recovery(state.inbox, desk), clients, index, verbs, auditor, teller, uploading
    )


def _insights(answerer: Answerer, state: State) -> tuple[PinnedAnswers, Gaps]:
    meanings = Meanings(answerer)
    return PinnedAnswers(answerer, state.pins, meanings), Gaps(answerer, state, meanings)


def _hear_files(app: App, desk: Desk, verbs: Verbs, articles: files.Listeners) -> None:
    """Listen to what brings articles, and to direct messages, which may."""
    articles.register(app, verbs)
    direct_messages.register(app, desk, articles.offered)


def _articles(
    answerer: Answerer,
    state: State,
    settings: Settings,
    clients: Clients,
    auditor: Auditor,
    store: Generations | None,
) -> tuple[Reindexing, Uploading]:
    """Return what indexes the articles, and what changes them."""
    shelf = Shelf(settings.knowledge_dir, state.uploads)
    reindexer = Reindexer(
        settings,
        RunningModels(answerer, settings.embedding_model),
        store=store,
        rows=state.reindexes,
        most_asked=state.questions.most_asked,
    )
    index = Reindexing(
        reindexer,
        state.reindexes,
        clients,
        auditor,
        settings.admin_channel,
        before=shelf.catch_up,
    )
    options = BuildOptions(settings.chunk_tokens, settings.keep_boilerplate)
    uploading = Uploading(
        previewer=Previewer(answerer, settings.knowledge_dir, options),
        shelf=shelf,
        uploads=state.uploads,
        answerer=answerer,
        reindexing=index,
        auditor=auditor,
        inbox=state.inbox,
    )
    return index, uploading
