"""The pipelines that are measured, and the programs that run them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENTS = Path("var/peers")
# Nothing is fetched or reported while the clock runs.
_QUIET = (
    "HF_HUB_OFFLINE=1",
    "TRANSFORMERS_OFFLINE=1",
    "HAYSTACK_TELEMETRY_ENABLED=False",
    "LANGSMITH_TRACING=false",
    "ANONYMIZED_TELEMETRY=False",
    "DO_NOT_TRACK=1",
    "TOKENIZERS_PARALLELISM=false",
    "PYTHONWARNINGS=ignore",
)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One of the programs that are compared.

    Attributes:
        key: Names its module here, its environment, and the file of its figures.
        title: As tables have it.
        package: The package whose version is told.
        splitter: How it splits articles, as tables have it.
    """

    key: str
    title: str
    package: str
    splitter: str

    @property
    def environment(self) -> Path:
        """The folder of its virtual environment."""
        return ENVIRONMENTS / self.key

    def program(self, *settings: str) -> tuple[str, ...]:
        """Return what starts its module, with further settings of the environment: "NAME=value"."""
        python = self.environment / "bin" / "python"
        return ("env", *_QUIET, *settings, str(python), "-m", f"bench.peers.{self.key}")


@dataclass(frozen=True, slots=True)
class Way:
    """One way of asking a pipeline.

    Attributes:
        key: Names it among the figures of its pipeline.
        title: As tables have it.
        pipeline: What is asked.
        model: What its module is given for a model.
        threads: Of its libraries: "default", as many as they take, or "one".
    """

    key: str
    title: str
    pipeline: Pipeline
    model: str
    threads: tuple[str, ...]


OURS = Pipeline("pmrole", "PM Role", "pmrole", "sections, whole sentences, 96 word pieces")
PEERS = (
    Pipeline("llamaindex", "LlamaIndex + FAISS", "llama-index-core", "1,024 tokens, 200 shared"),
    Pipeline("langchain", "LangChain + FAISS", "langchain-core", "1,000 characters, 200 shared"),
    Pipeline("haystack", "Haystack", "haystack-ai", "200 words"),
    Pipeline("txtai", "txtai", "txtai", "paragraphs"),
)
EVERY = (OURS, *PEERS)
RETRIEVAL, WHOLE = "retrieval", "whole"
# Where the index folder of ours keeps the titles that questions name, and the generations.
KNOWLEDGE, GENERATIONS = "knowledge", "generations"


def ways(pipelines: Sequence[Pipeline], model: str) -> list[Way]:
    """Return every way of asking these: ours has two.

    What is quicker for PyTorch depends on the machine; ours decides for itself.
    """
    peers = [one for one in pipelines if one != OURS]
    found = [Way(RETRIEVAL, one.title, one, model, ("default", "one")) for one in peers]
    if OURS in pipelines:
        found[:0] = [
            Way(WHOLE, "PM Role, whole question", OURS, WHOLE, ("default",)),
            Way(RETRIEVAL, "PM Role, retrieval alone", OURS, RETRIEVAL, ("default",)),
        ]
    return found
