"""`pmrole`, the command line: parse, call, print."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.operating.log import set_up
from bot.operating.masking import Masking
from bot.settings import Settings, SettingsError, chunk_tokens
from index.errors import IndexingError

OK, FAILED, USAGE, DOUBTFUL, BLOCKED = 0, 1, 2, 3, 4

Command = Callable[[argparse.Namespace, Settings], int]


def main(argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run one command and return the exit status.

    0: done. 1: it failed, and standard error says why and what to do. 2: the command line is
    wrong. 3: the index was built, but some articles were refused or doubtful. 4: it was built and
    not published, because too many saved questions would lose their answer.
    """
    parser = _parser()
    try:
        options = parser.parse_args(argv)
    except SystemExit as error:
        return int(error.code or 0)
    masking = Masking()
    try:
        settings = _with_options(Settings.from_env(env), options)
        masking = Masking.of(settings)
        set_up(settings.log_level, settings.log_format, masking)
        module, function = options.command.split(":")
        command: Command = getattr(import_module(module), function)
        return command(options, settings)
    except BrokenPipeError:
        return FAILED  # whoever read our output has had enough
    except (IndexingError, BotError, OSError) as error:
        print(masking(f"pmrole: {error}"), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("pmrole: stopped", file=sys.stderr)
        return 130


def _with_options(settings: Settings, options: argparse.Namespace) -> Settings:
    changes: dict[str, Any] = {}
    if options.knowledge:
        changes["knowledge_dir"] = options.knowledge
    if options.index:
        if settings.index_store != "folder":
            raise SettingsError(
                f"--index names a folder, and INDEX_STORE={settings.index_store} keeps the index "
                "in DATABASE_URL: leave --index out, or set INDEX_STORE=folder for this command"
            )
        changes["index_dir"] = options.index
    return replace(settings, **changes)


def _parser() -> argparse.ArgumentParser:
    folders = argparse.ArgumentParser(add_help=False)
    folders.add_argument("--knowledge", type=Path, metavar="DIR", help="the folder of articles")
    folders.add_argument("--index", type=Path, metavar="DIR", help="the folder of the index")
    parser = argparse.ArgumentParser(
        prog="pmrole", description="Answers product-career questions from a folder of articles."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_ask(commands, folders)
    _add_index(commands, folders)
    _add_eval(commands, folders)
    _add_knowledge(commands, folders)
    _add_insights(commands, folders)
    fitting = commands.add_parser(
        "calibrate", parents=[folders], help="fit the refusal threshold to labelled questions"
    )
    fitting.add_argument("file", type=Path, help='JSON lines with "question" and "answerable"')
    fitting.set_defaults(command="bot.cli.calibrating:calibrate")
    chat = commands.add_parser("chat", parents=[folders], help="ask question after question")
    chat.set_defaults(command="bot.cli.chatting:chat")
    serve = commands.add_parser("serve", parents=[folders], help="answer in Slack")
    serve.add_argument(
        "--http", action="store_true", help="let Slack deliver to an address; else Socket Mode"
    )
    serve.add_argument(
        "--or-play", action="store_true", help="without tokens of Slack, do as `pmrole play` does"
    )
    _add_port(serve)
    serve.set_defaults(command="bot.cli.serving:serve")
    _add_backup(commands, folders)
    play = commands.add_parser(
        "play", parents=[folders], help="show the bot in a browser, without Slack"
    )
    _add_port(play)
    play.set_defaults(command="bot.cli.playing:play")
    doctor = commands.add_parser("doctor", parents=[folders], help="check this installation")
    doctor.set_defaults(command="bot.cli.doctor:doctor")
    return parser


Subparsers = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def _add_ask(
    commands: "Subparsers[argparse.ArgumentParser]", folders: argparse.ArgumentParser
) -> None:
    ask = commands.add_parser("ask", parents=[folders], help="answer one question, or many")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    ask.add_argument(
        "--batch", metavar="FILE", help="JSON lines with a question each; - is standard input"
    )
    ask.set_defaults(command="bot.cli.asking:ask")


def _add_eval(
    commands: "Subparsers[argparse.ArgumentParser]", folders: argparse.ArgumentParser
) -> None:
    evaluate = commands.add_parser(
        "eval", parents=[folders], help="measure answers to questions with known answers"
    )
    evaluate.add_argument("file", type=Path, help="JSON lines; see docs/machine-interface.md")
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    evaluate.add_argument("--dense", action="store_true", help="search by passage vectors alone")
    evaluate.add_argument("--lexical", action="store_true", help="search by BM25 alone")
    evaluate.add_argument("--worst", type=int, default=0, metavar="N", help="list N failures")
    evaluate.set_defaults(command="bot.cli.evaluating:evaluate")


def _add_index(
    commands: "Subparsers[argparse.ArgumentParser]", folders: argparse.ArgumentParser
) -> None:
    index = commands.add_parser("index", help="build the index and look after it")
    verbs = index.add_subparsers(required=True, metavar="VERB")
    build = verbs.add_parser("build", parents=[folders], help="build from the articles, publish")
    build.add_argument("--if-changed", action="store_true", help="only if an article changed")
    build.add_argument("--full", action="store_true", help="embed everything again")
    build.add_argument(
        "--publish-anyway", action="store_true", help="however many answers that loses"
    )
    build.add_argument("--explain", action="store_true", help="list what is left out, and why")
    build.add_argument("--wait", type=float, default=0.0, metavar="S", help="for another build")
    build.add_argument(
        "--chunk-tokens", type=chunk_tokens, metavar="N", help="word pieces in a passage"
    )
    build.set_defaults(command="bot.cli.indexing:build")
    for verb, text in {
        "status": "what is published, and whether articles changed since",
        "list": "the generations that are kept",
        "verify": "compare every file of the published generation with its checksum",
    }.items():
        one = verbs.add_parser(verb, parents=[folders], help=text)
        function = verb if verb != "list" else "list_all"
        one.set_defaults(command=f"bot.cli.kept_indexes:{function}")
    rollback = verbs.add_parser("rollback", parents=[folders], help="publish an older generation")
    rollback.add_argument("generation", nargs="?", help="its name; without it, the one before")
    rollback.set_defaults(command="bot.cli.kept_indexes:rollback")
    explain = verbs.add_parser(
        "explain", parents=[folders], help="why a question finds what it finds"
    )
    explain.add_argument("question", nargs="?", help="without it: what was left out, and why")
    explain.set_defaults(command="bot.cli.indexing:explain")


def _add_insights(
    commands: "Subparsers[argparse.ArgumentParser]", folders: argparse.ArgumentParser
) -> None:
    gaps = commands.add_parser("gaps", parents=[folders], help="what people could not find")
    gaps.add_argument("--days", type=_some, default=30, metavar="N", help="look back so far")
    gaps.add_argument("--limit", type=_some, default=20, metavar="N", help="print so many")
    gaps.set_defaults(command="bot.cli.insights:gaps")
    stats = commands.add_parser("stats", parents=[folders], help="how the bot is used, by week")
    stats.add_argument("--weeks", type=_some, default=4, metavar="N", help="look back so far")
    stats.add_argument("--csv", metavar="FILE", help="write a table; - is standard output")
    stats.set_defaults(command="bot.cli.insights:stats")


def _add_backup(
    commands: "Subparsers[argparse.ArgumentParser]", folders: argparse.ArgumentParser
) -> None:
    export = commands.add_parser(
        "export", parents=[folders], help="write the state and the uploaded articles to one file"
    )
    export.add_argument("file", type=Path, help="a new file")
    export.add_argument(
        "--with-installations", action="store_true", help="the tokens of workspaces too"
    )
    export.set_defaults(command="bot.cli.backup:export")
    restore = commands.add_parser("import", parents=[folders], help="put such a file back")
    restore.add_argument("file", type=Path, help="what `pmrole export` wrote")
    restore.add_argument("--replace", action="store_true", help="delete what the state holds now")
    restore.set_defaults(command="bot.cli.backup:restore")
    move = commands.add_parser(
        "migrate-to-postgres", parents=[folders], help="move the state from SQLite to Postgres"
    )
    move.add_argument(
        "address", nargs="?", metavar="ADDRESS", help="of an empty database; else DATABASE_URL"
    )
    move.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="the SQLite file; else the state's"
    )
    move.add_argument(
        "--with-index", action="store_true", help="the published index too, without embedding"
    )
    move.set_defaults(command="bot.cli.moving:migrate_to_postgres")


def _add_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--page-port",
        type=int,
        default=8765,
        metavar="N",
        help="where `play` shows its page, on 127.0.0.1; 0 is any free port",
    )


def _some(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError("a whole number from 1 to 1000 is wanted")
    return int(text)


def _add_knowledge(
    commands: "Subparsers[argparse.ArgumentParser]", folders: argparse.ArgumentParser
) -> None:
    knowledge = commands.add_parser("knowledge", help="check the articles, begin a new one")
    verbs = knowledge.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser("check", parents=[folders], help="what an author should mend")
    check.add_argument("--json", action="store_true", help="print one JSON object")
    check.add_argument(
        "--no-answers", action="store_true", help="do not ask the articles' questions"
    )
    check.set_defaults(command="bot.cli.knowledge:check")
    new = verbs.add_parser("new", parents=[folders], help="write a template for an article")
    new.add_argument("title", help="the article's title")
    new.add_argument("--topic", default="", metavar="FOLDER", help="a folder of the articles")
    new.set_defaults(command="bot.cli.knowledge:new")
