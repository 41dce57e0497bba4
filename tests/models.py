"""Tiny sentence-transformers models, made in a folder: real parts, no weights to fetch.

Their weights are random (seeded), so they know no meaning; equal words still give near vectors.
Only functions import torch: importing this module is free.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

ARTICLES = Path(__file__).parent.parent / "knowledge"
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# The longest text these models read, in word pieces.
LIMIT = 128


def shipped_words() -> list[str]:
    """Return the words of the shipped articles in small letters, sorted, each once."""
    text = " ".join(path.read_text("utf-8") for path in sorted(ARTICLES.rglob("*.md")))
    return sorted(set(re.findall(r"[a-z]+|[^\sa-z]", text.lower())))


def make_bert(folder: Path, *, dimension: int = 48, layers: int = 2) -> Path:
    """Make a BERT with mean pooling and normalised vectors, as all-MiniLM-L6-v2 is."""
    return _save(folder, _bert(dimension, layers), pooling="mean", normalize=True)


def make_prompted(folder: Path) -> Path:
    """Make a BERT with CLS pooling, vectors of any length and prompts, as e5 and bge are."""
    return _save(
        folder,
        _bert(32, 2),
        pooling="cls",
        normalize=False,
        prompts={"query": "query: ", "document": "passage: "},
    )


def make_wide(folder: Path) -> Path:
    """Make a BERT of 768 dimensions, as most large models are."""
    return _save(folder, _bert(768, 1), pooling="mean", normalize=True, limit=40)


def make_mpnet(folder: Path) -> Path:
    """Make an MPNet: other position numbers, no token types, <s> for [CLS]."""

    def parts() -> tuple[Any, Any]:
        from transformers import MPNetConfig, MPNetModel, MPNetTokenizer

        special = ["<s>", "<pad>", "</s>", "[UNK]"]
        vocabulary = {word: row for row, word in enumerate([*special, *_pieces(), "<mask>"])}
        tokenizer = MPNetTokenizer(vocab=vocabulary, model_max_length=LIMIT)
        config = MPNetConfig(
            vocab_size=len(vocabulary),
            max_position_embeddings=LIMIT + 2,
            pad_token_id=1,
            **_sizes(32, 2),
        )
        return MPNetModel(config), tokenizer

    return _save(folder, parts, pooling="mean", normalize=True)


def make_roberta(folder: Path) -> Path:
    """Make a RoBERTa with byte-level BPE, as many multilingual and distilled models are."""

    return _save(folder, _roberta, pooling="mean", normalize=True)


def make_static(folder: Path) -> Path:
    """Make a StaticEmbedding: one vector a word, no transformer, and so nothing to compile."""
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {word: row for row, word in enumerate(["[UNK]", *shipped_words()])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    weights = np.random.default_rng(5).normal(size=(len(vocabulary), 32)).astype(np.float32)
    table = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[table], device="cpu").save(str(folder), create_model_card=False)
    return folder


def make_reranker(folder: Path) -> Path:
    """Make a CrossEncoder of one label and a sigmoid, as most rerankers are."""
    return _save_cross_encoder(folder, _bert(48, 2))


def make_plain_reranker(folder: Path) -> Path:
    """Make a CrossEncoder without a sigmoid, and without token types, that reads little."""
    import torch

    return _save_cross_encoder(folder, _roberta, activation=torch.nn.Identity(), limit=40)


def make_tanh_reranker(folder: Path) -> Path:
    """Make a CrossEncoder with a prompt, whose scores go through another function."""
    import torch

    prompts = {"query": "product career question: "}
    return _save_cross_encoder(folder, _bert(32, 1), activation=torch.nn.Tanh(), prompts=prompts)


def make_classifier(folder: Path) -> Path:
    """Make a CrossEncoder of two labels, which tells contradiction from agreement or the like."""
    return _save_cross_encoder(folder, _bert(32, 1), labels=2)


def _bert(dimension: int, layers: int) -> Callable[[], tuple[Any, Any]]:
    def parts() -> tuple[Any, Any]:
        from transformers import BertConfig, BertModel, BertTokenizer

        vocabulary = {word: row for row, word in enumerate([*_SPECIAL, *_pieces()])}
        tokenizer = BertTokenizer(vocab=vocabulary, model_max_length=LIMIT)
        config = BertConfig(
            vocab_size=len(vocabulary),
            max_position_embeddings=LIMIT,
            **_sizes(dimension, layers),
        )
        return BertModel(config), tokenizer

    return parts


def _roberta() -> tuple[Any, Any]:
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast, RobertaConfig, RobertaModel

    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(shipped_words(), 1200, special_tokens=special)
    trained.post_processor = _roberta_ends()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained._tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        sep_token="</s>",
        cls_token="<s>",
        unk_token="<unk>",
        pad_token="<pad>",
        mask_token="<mask>",
        model_max_length=LIMIT,
        model_input_names=["input_ids", "attention_mask"],
    )
    config = RobertaConfig(
        vocab_size=len(tokenizer),
        max_position_embeddings=LIMIT + 2,
        pad_token_id=1,
        **_sizes(32, 2),
    )
    return RobertaModel(config), tokenizer


def _sizes(dimension: int, layers: int) -> dict[str, Any]:
    return {
        "hidden_size": dimension,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "intermediate_size": 2 * dimension,
        # Much larger than a model is trained from, so that vectors of different texts differ.
        "initializer_range": dimension**-0.5,
    }


def _pieces() -> list[str]:
    """Return whole words, single characters and their continuations: no text is unknown."""
    words = shipped_words()
    letters = sorted({letter for word in words for letter in word})
    return list(dict.fromkeys([*words, *letters, *(f"##{letter}" for letter in letters)]))


def _roberta_ends() -> Any:
    from tokenizers.processors import RobertaProcessing

    return RobertaProcessing(sep=("</s>", 2), cls_token=("<s>", 0))


def _save(
    folder: Path,
    parts: Callable[[], tuple[Any, Any]],
    *,
    pooling: str,
    normalize: bool,
    prompts: dict[str, str] | None = None,
    limit: int = LIMIT,
) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import (
        Normalize,
        Pooling,
        Transformer,
    )

    torch.manual_seed(11)
    model, tokenizer = parts()
    with torch.no_grad():
        # Words count for more than their places.
        for name, weight in model.named_parameters():
            if "word_embeddings" in name:
                weight.mul_(4)
    bare = folder.with_name(folder.name + "-bare")
    model.save_pretrained(bare)
    tokenizer.save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=limit)
    modules = [transformer, Pooling(transformer.get_embedding_dimension(), pooling_mode=pooling)]
    if normalize:
        modules.append(Normalize())
    whole = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
    whole.save(str(folder), create_model_card=False)
    return folder


def _save_cross_encoder(
    folder: Path,
    parts: Callable[[], tuple[Any, Any]],
    *,
    labels: int = 1,
    activation: Any = None,
    prompts: dict[str, str] | None = None,
    limit: int = LIMIT,
) -> Path:
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoModelForSequenceClassification

    torch.manual_seed(11)
    bare, tokenizer = parts()
    bare.config.num_labels = labels
    model = AutoModelForSequenceClassification.from_config(bare.config)
    unfinished = folder.with_name(folder.name + "-bare")
    model.save_pretrained(unfinished)
    tokenizer.save_pretrained(unfinished)
    whole = CrossEncoder(
        str(unfinished),
        max_length=limit,
        activation_fn=activation,
        device="cpu",
        prompts=prompts,
        default_prompt_name="query" if prompts else None,
    )
    whole.save_pretrained(str(folder), create_model_card=False)
    return folder
