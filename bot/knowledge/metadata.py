"""Checks of what the articles say of themselves: front matter, links between them, sources."""

import re
import reprlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answering.titles import Vocabulary, find_titles
from bot.knowledge.findings import Finding
from bot.knowledge.reading import Article, Key
from bot.knowledge.rules import FILE, Rules

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BULLET = re.compile(r"\s*[-*+]\s+(.*)")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of value: its test and how a finding names it."""

    test: Callable[[object], bool]
    called: str


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_questions(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, str) and one.rstrip().endswith("?") for one in value
    )


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and SLUG.fullmatch(value) is not None


def _is_slugs(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_slug, value))


def _is_day(value: object) -> bool:
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_sources(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(one) or isinstance(one, dict) for one in value)


def _is_keep(value: object) -> bool:
    return isinstance(value, bool) or value == "all"


def _is_author(value: object) -> bool:
    return _is_text(value) or _is_texts(value)


_TEXT = _Kind(_is_text, "text")
_TEXTS = _Kind(_is_texts, "a list of texts")
_KINDS: Mapping[str, _Kind] = {
    "title": _TEXT,
    "slug": _Kind(_is_slug, "small letters and digits joined by hyphens"),
    "aliases": _TEXTS,
    "roles": _TEXTS,
    "level": _TEXT,
    "audience": _TEXTS,
    "questions": _Kind(_is_questions, "a list of questions, each with its question mark"),
    "updated": _Kind(_is_day, "a date like 2026-11-23"),
    "related": _Kind(_is_slugs, "a list of slugs"),
    "sources": _Kind(_is_sources, "a list of texts, or of fields such as title and address"),
    "keep": _Kind(_is_keep, "true, false or all"),
    "url": _TEXT,
    "author": _Kind(_is_author, "text or a list of texts"),
}


def check_front_matter(article: Article, rules: Rules) -> Iterator[Finding]:
    """Find fields that are missing, ill-typed or have a value that is not allowed."""
    if article.problem:
        yield Finding(article.path, article.problem, line=article.problem_line)
    if article.front is None:
        return
    for name in rules.required_of(article.path):
        if article.front.get(name) is None:
            yield Finding(article.path, f"no `{name}` in the front matter", line=1)
    if not article.is_titled:
        yield Finding(article.path, "no title: give it a first heading, or a `title`", line=1)
    for name, value in article.front.items():
        yield from _ill_typed(article, name, value)
    yield from _unknown_values(article, "level", rules.levels)
    yield from _unknown_values(article, "audience", rules.audiences)


def check_roles(article: Article, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find roles that are not a title of titles.toml by its canonical name."""
    if not vocabulary.titles:
        return
    for place, role in enumerate(article.texts("roles")):
        if vocabulary.title(role) is not None:
            continue
        meant = next((one.readings[0] for one in find_titles(role, vocabulary) if one.ours), None)
        hint = f"; is {meant!r} meant?" if meant else ""
        message = f"the role {role!r} is not the name of a [[title]] of titles.toml{hint}"
        yield Finding(article.path, message, line=_line(article, "roles", place))


def check_sources(article: Article, rules: Rules) -> Iterator[Finding]:
    """Find sources of which something is not said, and facts the folder does not know."""
    for place, source in article.sources():
        line = _line(article, "sources", place)
        named = f"source {place + 1} ({source.get('title') or 'without a title'})"
        for name in rules.source_fields:
            if source.get(name) in (None, ""):
                yield Finding(article.path, f"{named} has no `{name}`", line=line)
        facts = source.get("facts", [])
        if not _is_texts(facts):
            yield Finding(article.path, f"{named}: `facts` must be a list of ids", line=line)
        elif rules.facts:
            for fact in sorted(set(facts_of(source)) - set(rules.facts)):
                message = f"{named} names {fact}, which is not among the facts of {FILE}"
                yield Finding(article.path, message, line=line)


def check_source_list(article: Article, rules: Rules) -> Iterator[Finding]:
    """Find where the list under "Sources" and the sources of the front matter differ."""
    lines = article.section("Sources")
    sources = [source for _, source in article.sources()]
    if lines is None:
        if sources and "sources" in rules.required_of(article.path):
            yield Finding(article.path, 'no section "Sources" for the sources of the front matter')
        return
    bullets = [(line, match[1]) for line, text in lines if (match := _BULLET.match(text))]
    if not sources and article.texts("sources"):
        return  # sources in one line each have no fields to compare
    for source in sources:
        wanted = [str(source[key]) for key in ("title", "address", "date") if source.get(key)]
        same = [one for one in bullets if all(part in one[1] for part in wanted)]
        if same:
            # The shortest: a title may be the beginning of another.
            bullets.remove(min(same, key=lambda one: len(one[1])))
        else:
            message = f'"Sources" does not list {", ".join(wanted)}, which the front matter names'
            yield Finding(article.path, message)
    for line, text in bullets:
        message = f'"Sources" lists {text!r}, which the front matter does not name'
        yield Finding(article.path, message, line=line)


def check_slugs(articles: Sequence[Article]) -> Iterator[Finding]:
    """Find slugs that are given twice or differ from the file's name, and links to none."""
    slugs = [(article, slug) for article in articles if (slug := _slug(article)) is not None]
    count = Counter(slug for _, slug in slugs)
    for article, slug in slugs:
        line = article.lines.get(("slug",))
        if slug != article.stem:
            message = f"the slug {slug!r} is not the file's name, {article.stem!r}"
            yield Finding(article.path, message, line=line)
        if count[slug] > 1:
            others = ", ".join(one.path for one, same in slugs if same == slug and one != article)
            yield Finding(article.path, f"the slug {slug!r} is also that of {others}", line=line)
    known = set(count) | {article.stem for article in articles}
    for article in articles:
        for place, slug in enumerate(article.texts("related")):
            if slug not in known:
                message = f"related: there is no article {slug!r}"
                yield Finding(article.path, message, line=_line(article, "related", place))


def check_facts(articles: Sequence[Article], rules: Rules) -> Iterator[Finding]:
    """Find facts that no article uses."""
    used = {fact for article in articles for _, one in article.sources() for fact in facts_of(one)}
    missing = [fact for fact in rules.facts if fact not in used]
    if missing:
        yield Finding(FILE, f"no article uses {', '.join(missing)}")


def facts_of(source: Mapping[str, object]) -> tuple[str, ...]:
    """Return the ids of the facts that a source backs."""
    facts = source.get("facts")
    return tuple(map(str, facts)) if isinstance(facts, list) else ()


def _ill_typed(article: Article, name: str, value: object) -> Iterator[Finding]:
    line, kind = article.lines.get((name,)), _KINDS.get(name)
    if kind is None:
        message = f"`{name}` is not a field this program knows; known are {', '.join(_KINDS)}"
        yield Finding(article.path, message, "warning", line)
    elif value is not None and not kind.test(value):
        message = f"`{name}` must be {kind.called}, not {reprlib.repr(value)}"
        yield Finding(article.path, message, line=line)


def _unknown_values(article: Article, name: str, allowed: Sequence[str]) -> Iterator[Finding]:
    value = (article.front or {}).get(name)
    values = [value] if _is_text(value) else list(article.texts(name))
    for one in values if allowed else ():
        if one not in allowed:
            message = f"`{name}` {one!r} is not one of {', '.join(allowed)}"
            yield Finding(article.path, message, line=article.lines.get((name,)))


def _slug(article: Article) -> str | None:
    slug = (article.front or {}).get("slug")
    return slug if isinstance(slug, str) else None


def _line(article: Article, *key: str | int) -> int | None:
    exact: Key = key
    return article.lines.get(exact, article.lines.get(key[:1]))
