"""The generations that are kept, and the way back to one of them."""

from dataclasses import dataclass
from datetime import datetime

from index.errors import IndexingError
from index.generation import Generations
from index.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation that is kept.

    Attributes:
        name: Its name.
        built: When; None if it is damaged.
        articles: How many articles it holds.
        passages: How many passages.
        current: Whether it answers.
        waiting: Whether it was never published, and somebody is to decide.
        problem: Why it cannot be opened; empty if it can.
    """

    name: str
    built: datetime | None
    articles: int = 0
    passages: int = 0
    current: bool = False
    waiting: bool = False
    problem: str = ""


def kept_generations(store: Generations) -> tuple[Kept, ...]:
    """Return the generations that are kept, newest first, a waiting candidate among them.

    Raises:
        NoIndexError: if nothing was built yet.
    """
    current, waiting = store.current_name(), store.candidate()
    return tuple(
        _kept(store, name, current=name == current, waiting=name == waiting)
        for name in reversed(store.taken_names())
    )


def roll_back(store: Generations, name: str = "") -> str:
    """Publish a generation that is kept, and return its name.

    Args:
        store: The generations.
        name: Which; without it the one before the present.

    Raises:
        NoIndexError: if there is no such generation.
        DamagedIndexError: if it cannot be opened; what answers stays.
    """
    chosen = name or store.previous_name()
    if chosen in store.names():  # otherwise what follows names the command that lists them
        store.open_named(chosen).passages.close()
    store.point_at(chosen)
    return chosen


def _kept(store: Generations, name: str, *, current: bool, waiting: bool) -> Kept:
    try:
        manifest: Manifest = store.manifest_of(name)
    except IndexingError as error:
        return Kept(name, None, current=current, waiting=waiting, problem=str(error))
    return Kept(
        name,
        datetime.fromisoformat(manifest.built),
        manifest.articles,
        manifest.chunks,
        current=current,
        waiting=waiting,
    )
