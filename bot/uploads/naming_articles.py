"""Which article a person means by a few words: its path, its name or its title. Pure."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from rapidfuzz import fuzz, utils

from bot.uploads.naming import slug_of

# Of a hundred: "hed of product" is 96 like "Head of product".
_LIKE = 82
_OFFERED = 5
# What a name has in common with some of the words counts for less than the whole.
_SOME = 0.9


def articles_meant(words: str, articles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paths that words may mean: one if they are clear, several if not, or none.

    Args:
        words: A path, a file's name with or without its ending, or a title.
        articles: The titles by path.
    """
    said = words.strip().strip("`\"'“”<>")
    if said in articles:
        return (said,)
    exact = [
        path
        for path, title in articles.items()
        if said and (title.casefold() == said.casefold() or _is_named(path, said))
    ]
    if exact:
        return tuple(sorted(exact)[:_OFFERED])
    scores = {path: _likeness(said, path, title) for path, title in articles.items()}
    near = [path for path in articles if scores[path] >= _LIKE]
    return tuple(sorted(near, key=lambda path: (-scores[path], path))[:_OFFERED])


def _likeness(said: str, path: str, title: str) -> float:
    """Return how like words are to an article's names, 0 to 100."""
    names = (title, PurePosixPath(path).stem)
    whole = max(fuzz.ratio(said, one, processor=utils.default_process) for one in names)
    some = max(fuzz.token_set_ratio(said, one, processor=utils.default_process) for one in names)
    return max(whole, _SOME * some)


def _is_named(path: str, said: str) -> bool:
    name = PurePosixPath(path).name
    return said.casefold() in {name.casefold(), name.split(".", 1)[0].casefold()} or (
        slug_of(said) == name.split(".", 1)[0] and slug_of(said) != "article"
    )
