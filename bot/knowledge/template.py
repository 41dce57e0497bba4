"""A new article: every field of the front matter, and where to say what."""

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path, PurePosixPath

from bot.answering.titles import Vocabulary, find_titles
from bot.knowledge.rules import Rules
from index.article_files import find_articles
from index.cleaning import clean_line

# Guidance stands in comments: they are never indexed, so a template is never quoted.
_TEMPLATE = """\
---
title: {title}
slug: {slug}
aliases: []
roles: {roles}
level: {level}
audience: {audience}
questions:
  - {question}
updated: {today}
related: []
sources:
  - title: "Name of the source"
    address: "example.org/page"
    date: "undated"
    facts: []
---

# {heading}

<!-- Answer directly: two or three sentences that say what the subject is, by its full name and its
abbreviation, so that they can be quoted alone. Then delete these comments. -->

## What is {heading}?

<!-- Headings are the questions of readers, in their words. The first sentence answers the heading.
Every sentence names what it is about: no "they", "this role" or "it" at its beginning. -->

## How does {heading} differ from its neighbours?

<!-- Say a comparison in sentences, and repeat it in a table if you like. Date every figure and say
whose it is. Where sources disagree, say so and name them. -->

## Sources

- Name of the source. example.org/page. Date: undated.

## Related articles

<!-- One line an article, as in the front matter: - Its title (its-slug) -->
"""


def new_article(
    folder: Path, title: str, *, topic: str = "", today: date, rules: Rules, vocabulary: Vocabulary
) -> Path:
    """Write a template for an article and return its path.

    Args:
        folder: The knowledge folder.
        title: The article's title.
        topic: A folder in it; empty for the top.
        today: The day that `updated` says.
        rules: What the folder is held to.
        vocabulary: The titles it knows.

    Raises:
        ValueError: The title has no letter or digit, or the topic leaves the knowledge folder.
        FileExistsError: There is an article with this slug.
        FileNotFoundError: There is no such knowledge folder.
    """
    title = clean_line(title)
    slug = slug_of(title)
    if not slug:
        raise ValueError(f"the title {title!r} has no letter or digit to name a file by")
    if not folder.is_dir():
        raise FileNotFoundError(f"the knowledge folder {folder} does not exist")
    place = _inside(folder, topic) / f"{slug}.md"
    for file in find_articles(folder):
        if PurePosixPath(file.path).name.split(".")[0] == slug:
            raise FileExistsError(f"{folder / file.path} exists already; choose another title")
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("x", encoding="utf-8") as opened:
        opened.write(_filled(title, slug, today, rules, vocabulary))
    return place


def slug_of(title: str) -> str:
    """Return a title as the name of a file: small letters and digits joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower().replace("'", "")))


def _inside(folder: Path, topic: str) -> Path:
    place = (folder / topic).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise ValueError(f"the topic {topic!r} is not a folder of {folder}")
    return folder / topic


def _filled(title: str, slug: str, today: date, rules: Rules, vocabulary: Vocabulary) -> str:
    roles = {one.readings[0] for one in find_titles(title, vocabulary) if one.ours}
    return _TEMPLATE.format(
        title=_quoted(title),
        slug=slug,
        roles=_listed(sorted(roles)),
        level=_quoted(rules.levels[0] if rules.levels else "all"),
        audience=_listed(rules.audiences[:1]),
        question=_quoted(f"What is {title}?"),
        today=today.isoformat(),
        heading=title,
    )


def _quoted(text: str) -> str:
    # A JSON string is a YAML string.
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"
