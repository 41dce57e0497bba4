"""`pmrole knowledge ...`: check the folder of articles, begin a new one."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby

from bot.answering.titles import Vocabulary, VocabularyError, load_vocabulary
from bot.cli import FAILED, OK, USAGE
from bot.index_store import index_store
from bot.knowledge.answers import AnswerShares, Ask
from bot.knowledge.checking import Report, check_folder
from bot.knowledge.rules import read_rules
from bot.knowledge.template import new_article
from bot.settings import Settings
from index.build import BuildOptions, knowledge_stamp
from index.errors import NoIndexError


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Check the knowledge folder; fail if something in it is an error."""
    ask, note = (None, "not asked (--no-answers)")
    if not options.no_answers:
        ask, note = _answering(settings)
    report = check_folder(settings.knowledge_dir, ask)
    if options.json:
        print(json.dumps(_as_json(report, note), ensure_ascii=False))
    else:
        print("\n".join(_lines(report, note)))
    return FAILED if report.count("error") else OK


def new(options: argparse.Namespace, settings: Settings) -> int:
    """Write a template for an article."""
    folder = settings.knowledge_dir
    rules, _ = read_rules(folder)
    try:
        vocabulary = load_vocabulary(folder / "titles.toml")
    except VocabularyError:
        vocabulary = Vocabulary.empty()  # `pmrole knowledge check` says what is wrong with it
    try:
        path = new_article(
            folder,
            options.title,
            topic=options.topic,
            today=datetime.now(UTC).astimezone().date(),
            rules=rules,
            vocabulary=vocabulary,
        )
    except ValueError as error:
        print(f"pmrole: {error}", file=sys.stderr)
        return USAGE
    print(f"{path} is ready to be written; then `pmrole knowledge check` and `pmrole index build`")
    return OK


def _answering(settings: Settings) -> tuple[Ask | None, str]:
    """Return what answers questions, and a note on it; nothing where no index was built."""
    from bot.cli.asking import open_answerer

    try:
        answerer = open_answerer(settings)
    except NoIndexError:
        return None, "not asked: there is no index yet; run `pmrole index build`"
    store = index_store(settings)
    manifest = store.manifest_of(store.current_name())
    options = BuildOptions(settings.chunk_tokens, settings.keep_boilerplate)
    if manifest.stamp == knowledge_stamp(settings.knowledge_dir, options):
        return answerer.ask, ""
    return answerer.ask, "of an index older than the articles: run `pmrole index build`"


def _lines(report: Report, note: str) -> Iterator[str]:
    for path, findings in groupby(report.findings, lambda one: one.path):
        yield path
        for found in findings:
            line = f" line {found.line}" if found.line else ""
            yield f"  {found.severity}{line}: {found.message}"
        yield ""
    width = max((len(one.path) for one in report.figures), default=0)
    yield f"{'article':<{width}}  words  sentences  naming their subject"
    for one in report.figures:
        yield f"{one.path:<{width}}  {one.words:5}  {one.sentences:9}  {one.share:20.0%}"
    yield ""
    yield f"questions: {_shares(report.answers) if report.answers else note}"
    if report.answers and note:
        yield f"           {note}"
    yield f"{report.count('error')} errors, {report.count('warning')} warnings"


def _shares(answers: AnswerShares) -> str:
    return (
        f"{answers.asked}; own article at rank 1: {_share(answers.first, answers.asked)}, "
        f"among the first 3: {_share(answers.among_three, answers.asked)}; "
        f"answered: {_share(answers.answered, answers.asked)}, "
        f"citing it: {_share(answers.cited, answers.asked)}"
    )


def _share(count: int, whole: int) -> str:
    return f"{count} ({count / whole:.1%})" if whole else "0"


def _as_json(report: Report, note: str) -> dict[str, object]:
    return {
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "findings": [asdict(one) for one in report.findings],
        "articles": [asdict(one) | {"share": round(one.share, 4)} for one in report.figures],
        "questions": asdict(report.answers) if report.answers else None,
        "note": note,
    }
