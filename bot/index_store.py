"""What keeps the generations of an installation, as its settings say."""

from bot.settings import Settings
from index.generation import Generations
from index.generation_store import GenerationStore
from index.hits import HYBRID, Weights
from index.opening import IndexFolders, LiveIndex

# In INDEX_DIR, what the index in Postgres needs on a machine: builds under way, and copies.
LOCAL = "postgres"


def index_store(settings: Settings) -> Generations:
    """Return the generations that the settings name; nothing is opened yet.

    Whoever calls this closes it, where it lives longer than a command.
    """
    if settings.index_store == "folder":
        return GenerationStore(settings.index_dir)
    # psycopg and what comes with it take time to import, and only these two kinds need them.
    from index.postgres.generations import PostgresGenerations  # noqa: PLC0415
    from index.postgres.pulling import PulledGenerations  # noqa: PLC0415

    folder = settings.index_dir / LOCAL
    generations = PostgresGenerations(settings.database_url, folder)
    if settings.index_store == "postgres":
        return generations
    return PulledGenerations(generations, folder)


def live_index(
    settings: Settings, *, store: Generations | None = None, weights: Weights = HYBRID
) -> LiveIndex:
    """Open the published generation and the encoder that made it.

    Args:
        settings: Where they are.
        store: The generations, where others use them too; closed with the index.
        weights: What each signal counts for.

    Raises:
        IndexingError: as `LiveIndex` does.
    """
    store = store or index_store(settings)
    try:
        return LiveIndex(folders_of(settings), store=store, weights=weights)
    except BaseException:
        store.close()
        raise


def folders_of(settings: Settings) -> IndexFolders:
    """Return where the index and its parts are."""
    return IndexFolders(
        knowledge=settings.knowledge_dir,
        index=settings.index_dir,
        encoders=settings.encoder_dir,
        model=settings.embedding_model,
    )
