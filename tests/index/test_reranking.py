"""A compiled CrossEncoder scores pairs as the model itself does, and orders the hits by that."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers import CrossEncoder

from bot.answering.answerer import Answerer
from bot.answering.titles import Vocabulary
from bot.answering.understanding import understand
from bot.cli import FAILED, OK, main
from index import compiling_rerankers
from index.compiling_rerankers import is_compiled, open_reranker
from index.documents import Span
from index.embedding import find_model
from index.errors import ModelError
from index.export import probe_passages
from index.hits import Hit
from index.opening import IndexFolders, LiveIndex
from index.reranking import (
    DEPTH,
    MAX_DEVIATION,
    WEIGHTS,
    Reranker,
    RerankerCard,
    fuse,
    largest_deviation,
    usual_spread,
)
from tests.builds import ARTICLES, build, write_articles
from tests.commands import run

ROOT = Path(__file__).parent.parent.parent
KINDS = ["reranker", "plain_reranker", "tanh_reranker"]
QUESTION = "what does a roadmap tell a team"
PASSAGES = [*probe_passages()[::17], "", "CPO?", "naïve café — “quoted” 日本語 🙂"]


@pytest.fixture(scope="module")
def opened(tiny_models):
    """Open a tiny reranker, compiled the first time."""

    def once(kind="reranker"):
        return open_reranker(str(tiny_models.folder(kind)), tiny_models.encoders)

    return once


@pytest.fixture(scope="module")
def original(tiny_models):
    """Load a tiny reranker with sentence-transformers."""

    def once(kind="reranker"):
        return CrossEncoder(str(tiny_models.folder(kind)), device="cpu")

    return once


@pytest.fixture
def compiled(tiny_models, opened, tmp_path):
    """A copy of a compiled reranker that a test may damage."""
    folder = tmp_path / "compiled"
    shutil.copytree(tiny_models.encoders / opened().card.fingerprint, folder)
    return folder


def predicted(model, question, passages):
    return model.predict([(question, one) for one in passages], show_progress_bar=False)


def hit(rank, score, text="", row=None):
    return Hit(
        rank=rank,
        score=score,
        row=rank if row is None else row,
        article="a.md",
        title="Title",
        heading=("Heading",),
        span=Span(0, len(text)),
        text=text,
        sentences=(),
        cosine=0.0,
        lexical=0.0,
        url=None,
        updated=None,
    )


# --- Agreement with sentence-transformers


@pytest.mark.parametrize("kind", KINDS)
def test_a_compiled_reranker_gives_the_scores_of_sentence_transformers(opened, original, kind):
    reranker = opened(kind)
    wanted = predicted(original(kind), QUESTION, PASSAGES)
    seen = reranker.predict(QUESTION, PASSAGES)
    assert (seen.shape, seen.dtype) == ((len(PASSAGES),), np.float32)
    assert seen == pytest.approx(wanted, abs=1e-5)
    assert np.ptp(wanted) > 1e-3


def test_a_sigmoid_is_left_out_of_the_scores_that_order(opened):
    reranker, plain = opened("reranker"), opened("plain_reranker")
    raw = reranker.raw_scores(QUESTION, PASSAGES)
    assert reranker.predict(QUESTION, PASSAGES) == pytest.approx(1 / (1 + np.exp(-raw)), abs=1e-6)
    assert np.array_equal(plain.predict(QUESTION, PASSAGES), plain.raw_scores(QUESTION, PASSAGES))
    assert (reranker.card.sigmoid, plain.card.sigmoid) == (True, False)


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_beyond_the_models_limit_are_cut_as_the_model_cuts_them(opened, original, kind):
    long = "a product manager leads the product team " * 60
    for question, passage in [(long, "a roadmap"), ("a roadmap", long), (long, long)]:
        wanted = predicted(original(kind), question, [passage])
        assert opened(kind).predict(question, [passage]) == pytest.approx(wanted, abs=1e-4)
    assert opened(kind).card.max_tokens == (40 if kind == "plain_reranker" else 128)


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_says_how_well_the_compiled_reranker_agrees(tiny_models, opened, kind):
    card = opened(kind).card
    assert card.model == str(tiny_models.folder(kind))
    assert card.pairs == 144
    assert 0 <= card.deviation <= MAX_DEVIATION
    assert card.spread > 0
    assert RerankerCard.read(tiny_models.encoders / card.fingerprint) == card


def test_a_models_prompt_stands_before_every_question(opened):
    reranker = opened("tanh_reranker")
    seen = reranker.card.prompt
    assert seen == "product career question: "
    assert opened("reranker").card.prompt == ""
    bare = replace(reranker.card, prompt="")
    reranker.card = bare
    assert not np.allclose(
        reranker.predict(QUESTION, PASSAGES), reranker.predict(seen + QUESTION, PASSAGES), atol=1e-4
    )


def test_no_passages_have_no_scores(opened):
    assert opened().predict(QUESTION, []).shape == (0,)


def test_threads_share_a_reranker(opened):
    reranker = opened()
    questions = [" ".join(QUESTION.split()[:count]) for count in range(1, 8)] * 4
    alone = [reranker.predict(question, PASSAGES) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: reranker.predict(one, PASSAGES), questions))
    assert np.array_equal(np.stack(alone), np.stack(together))


def test_a_compiled_reranker_scores_without_torch(tiny_models, opened):
    wanted = opened().predict(QUESTION, PASSAGES)
    program = (
        "import json, sys; from pathlib import Path\n"
        "from index.compiling_rerankers import open_reranker\n"
        "reranker = open_reranker(sys.argv[1], Path(sys.argv[2]))\n"
        "scores = reranker.predict(sys.argv[3], json.loads(sys.argv[4]))\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx'}\n"
        "print(json.dumps([scores.tolist(), sorted(heavy & set(sys.modules))]))"
    )
    argv = [tiny_models.folder("reranker"), tiny_models.encoders, QUESTION, json.dumps(PASSAGES)]
    seen = subprocess.run(
        [sys.executable, "-c", program, *argv], cwd=ROOT, capture_output=True, text=True, check=True
    )
    scores, heavy = json.loads(seen.stdout)
    assert heavy == []
    assert scores == pytest.approx(wanted.tolist(), abs=1e-6)


# --- The order of hits


def test_hits_that_search_finds_equal_come_in_the_models_order(opened, original):
    hits = [hit(rank, 0.6 + 0.001 * (rank == 1), text) for rank, text in enumerate(PASSAGES, 1)]
    texts = [f"Title > Heading\n{one.text}" for one in hits]
    wanted = predicted(original(), QUESTION, texts)
    seen = opened().rerank(QUESTION, hits)
    rest = [one.row for one in seen if one.row != 1]
    assert rest == [row for row in (np.argsort(-wanted) + 1).tolist() if row != 1]
    assert [one.rank for one in seen] == [*range(1, len(hits) + 1)]
    scores = [one.score for one in seen]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_only_the_score_and_the_rank_of_a_hit_change(opened):
    hits = [hit(1, 0.9, PASSAGES[0]), hit(2, 0.5, PASSAGES[1])]
    for one in opened().rerank(QUESTION, hits):
        assert replace(one, score=0.0, rank=1) == replace(hits[one.row - 1], score=0.0, rank=1)


def test_hits_beyond_the_depth_keep_their_scores(opened):
    hits = [
        hit(rank, 1 - rank / 100, f"passage {rank} on roadmaps") for rank in range(1, DEPTH + 6)
    ]
    seen = {one.row: one for one in opened().rerank(QUESTION, hits)}
    assert len(seen) == DEPTH + 5
    assert all(seen[row].score == hits[row - 1].score for row in range(DEPTH + 1, DEPTH + 6))
    assert [one.score for one in seen.values()] == sorted(
        (one.score for one in seen.values()), reverse=True
    )


@pytest.mark.parametrize("count", [0, 1])
def test_no_hit_or_one_stays_as_it_is(opened, count):
    hits = tuple(hit(rank, 0.7, "a roadmap") for rank in range(1, count + 1))
    assert opened().rerank(QUESTION, hits) == hits


def test_the_answerer_finds_passages_in_the_fused_order(tiny_models, opened, original, tmp_path):
    knowledge = write_articles(tmp_path / "knowledge", ARTICLES)
    model = str(tiny_models.folder("bert"))
    build(knowledge, tmp_path / "index", tiny_models.embedder("bert"), model=model)
    live = LiveIndex(IndexFolders(knowledge, tmp_path / "index", tiny_models.encoders, model))
    plain, reranked = Answerer(live), Answerer(live, reranker=opened())
    changed = 0
    for question in [QUESTION, "head of product", "who reports to the VP", "features with dates"]:
        before, after = plain.search(question), reranked.search(question)
        query = understand(question, (), Vocabulary.empty()).query
        hybrid = {one.row: one.score for one in live.retriever().search(query)}
        texts = [" > ".join([one.title, *one.heading]) + f"\n{one.text}" for one in before]
        raw = -np.log(1 / predicted(original(), query, texts).astype(float) - 1)
        fused = fuse(np.array([hybrid[one.row] for one in before]), raw, 0.0)
        # What titles and intents add, they add to the fused score.
        wanted = {
            one.row: one.score - hybrid[one.row] + score
            for one, score in zip(before, fused, strict=True)
        }
        assert {one.row: one.score for one in after} == pytest.approx(wanted, abs=1e-3)
        assert [one.row for one in after] == sorted(wanted, key=lambda row: -wanted[row])
        changed += [one.row for one in before] != [one.row for one in after]
    live.close()
    assert changed


SCORES = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(-1000, 1000)), min_size=1, max_size=20
)


def both(pairs):
    hybrid, read = np.array(pairs, dtype=np.float64).T
    return hybrid / 1000, read / 100


@given(SCORES, st.floats(0.1, 10), st.floats(-50, 50))
def test_the_scale_of_a_models_scores_does_not_matter(pairs, factor, offset):
    hybrid, read = both(pairs)
    fused = fuse(hybrid, read, 0.0)
    if np.ptp(read) > 0:
        assert fuse(hybrid, factor * read + offset, 0.0) == pytest.approx(fused, abs=1e-6)


@given(SCORES)
def test_a_hit_better_by_both_stays_ahead_and_the_range_is_kept(pairs):
    hybrid, read = both(pairs)
    fused = fuse(hybrid, read, 0.1)
    assert fused.mean() == pytest.approx(hybrid.mean(), abs=1e-9)
    assert fused.std() <= hybrid.std() + 1e-9
    for one in range(len(pairs)):
        for other in range(len(pairs)):
            if hybrid[one] >= hybrid[other] and read[one] >= read[other]:
                assert fused[one] >= fused[other] - 1e-9


@given(SCORES)
def test_a_model_that_tells_no_passages_apart_leaves_the_order(pairs):
    hybrid, _ = both(pairs)
    fused = fuse(hybrid, np.full(len(hybrid), 3.0), 0.0)
    assert np.array_equal(np.argsort(-hybrid, kind="stable"), np.argsort(-fused, kind="stable"))


def test_small_differences_are_not_spread_further_apart_than_the_least():
    hybrid = np.array([0.8, 0.6])
    assert fuse(hybrid, np.array([0.0, 1.0]), 0.0) == pytest.approx([0.7, 0.7])
    assert fuse(hybrid, np.array([0.0, 1.0]), 5.0) == pytest.approx([0.745, 0.655])


def test_a_deviation_counts_in_standard_deviations_of_its_own_question():
    wanted = np.array([[0.0, 2.0], [0.0, 20.0]], dtype=np.float32)
    seen = wanted + np.array([[0.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    assert usual_spread(wanted) == pytest.approx(5.5)
    assert largest_deviation(wanted, seen) == pytest.approx(0.1)


# --- What is refused


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("classifier", "it gives 2 scores a pair, as classifiers do, and one is wanted"),
        ("bert", r"it was not trained to score pairs \(it is a BertModel\)"),
    ],
)
def test_a_model_that_is_no_reranker_is_refused_with_what_to_do(
    tiny_models, tmp_path, kind, reason
):
    name = str(tiny_models.folder(kind))
    wanted = f"{reason}; set RERANKER_MODEL to another .* and run `pmrole index build`"
    with pytest.raises(ModelError, match=wanted) as caught:
        open_reranker(name, tmp_path)
    assert f"the reranker {name!r} cannot be used" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_scores_all_passages_the_same_is_refused(original, tmp_path):
    model = original()
    for weight in model.transformers_model.classifier.parameters():
        weight.data.zero_()
    model.save_pretrained(str(tmp_path / "model"), create_model_card=False)
    with pytest.raises(ModelError, match="gives every passage the same score"):
        open_reranker(str(tmp_path / "model"), tmp_path / "encoders")


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"holds no sentence-transformers model .*RERANKER_MODEL"):
        open_reranker(str(tmp_path), tmp_path / "encoders")


def test_a_model_that_cannot_be_loaded_is_refused_by_name(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "no such architecture"}')
    with pytest.raises(ModelError, match=f"cannot load the reranker '{tmp_path}'") as caught:
        open_reranker(str(tmp_path), tmp_path / "encoders")
    assert str(caught.value).endswith("or to nothing, and run `pmrole index build`")


def test_an_export_that_disagrees_is_refused_and_leaves_nothing(tiny_models, tmp_path, monkeypatch):
    monkeypatch.setattr(compiling_rerankers, "MAX_DEVIATION", -1.0)
    with pytest.raises(ModelError, match=r"its export disagrees with it: .* set RERANKER_MODEL"):
        open_reranker(str(tiny_models.folder("reranker")), tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- Damage


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("reranker.json", None, "no compiled reranker in .*: remove that folder"),
        ("reranker.json", "{", "no compiled reranker in .*: remove that folder"),
        ("reranker.json", '{"inputs": []}', "no compiled reranker in .*: remove that folder"),
        ("tokenizer.json", None, "cannot read .*tokenizer.json"),
        (WEIGHTS, "not ONNX", r"cannot open the encoder .*reranker-fp32\.onnx.* remove"),
        (WEIGHTS, None, r"cannot open the encoder .*reranker-fp32\.onnx.* remove"),
    ],
)
def test_a_missing_or_damaged_file_is_named(compiled, file, content, reason):
    (compiled / file).unlink()
    if content is not None:
        (compiled / file).write_text(content)
    with pytest.raises(ModelError, match=reason):
        Reranker(compiled)


def test_a_reranker_of_another_format_is_refused(compiled):
    replace(RerankerCard.read(compiled), format=99).write(compiled)
    with pytest.raises(ModelError, match="has format 99, this program reads 1: remove"):
        Reranker(compiled)


# --- The setting


@dataclass(frozen=True)
class Installation:
    """A built folder of articles, and where its settings point."""

    folder: Path
    env: dict[str, str]

    def run(self, *argv):
        return main([*argv], self.env)

    def with_reranker(self, name):
        return replace(self, env={**self.env, "RERANKER_MODEL": str(name)})

    @property
    def encoders(self):
        return Path(self.env["ENCODER_DIR"])


@pytest.fixture(scope="module")
def built(tmp_path_factory, tiny_models):
    folder = tmp_path_factory.mktemp("installation")
    write_articles(folder / "knowledge", ARTICLES)
    tiny_models.embedder("bert")
    env = {
        "KNOWLEDGE_DIR": str(folder / "knowledge"),
        "INDEX_DIR": str(folder / "index"),
        "ENCODER_DIR": str(tiny_models.encoders),
        "EMBEDDING_MODEL": str(tiny_models.folder("bert")),
    }
    made = Installation(folder, env)
    assert made.run("index", "build") == OK
    return made


@pytest.fixture
def unready(built, tiny_models, tmp_path):
    """An installation whose setting names a reranker that was not compiled since."""
    model = tmp_path / "model"
    shutil.copytree(tiny_models.folder("reranker"), model)
    (model / "note.txt").write_text("another fingerprint")
    assert not is_compiled(str(model), built.encoders)
    yield built.with_reranker(model)
    target = compiling_rerankers._target(find_model(str(model)), built.encoders)
    shutil.rmtree(target, ignore_errors=True)


def answer(installation, capsys):
    capsys.readouterr()
    assert installation.run("ask", QUESTION, "--json") == OK
    return json.loads(capsys.readouterr().out)


def test_a_build_compiles_the_reranker_even_if_nothing_else_changed(unready, capsys, caplog):
    assert unready.run("index", "build", "--if-changed") == OK
    assert is_compiled(unready.env["RERANKER_MODEL"], unready.encoders)
    assert capsys.readouterr().out == ""
    assert "RERANKER_MODEL" not in caplog.text
    answer(unready, capsys)
    assert "RERANKER_MODEL" not in caplog.text


def test_a_changed_setting_without_a_build_says_what_to_do(unready, capsys, caplog):
    name = unready.env["RERANKER_MODEL"]
    assert unready.run("index", "status") == OK
    wanted = f"reranker: {name}, not compiled yet: run `pmrole index build`"
    assert wanted in capsys.readouterr().out
    answer(unready, capsys)
    assert f"RERANKER_MODEL {name} is compiled now, once" in caplog.text
    assert "run `pmrole index build`" in caplog.text
    assert unready.run("index", "status") == OK
    assert f"reranker: {name}\n" in capsys.readouterr().out


def test_the_reranker_moves_the_scores_that_ask_and_explain_show(built, opened, capsys):
    reranked = built.with_reranker(opened().card.model)
    before, after = answer(built, capsys), answer(reranked, capsys)
    scores = [[one["score"] for one in exchange["passages"]] for exchange in (before, after)]
    assert scores[0] != scores[1]
    assert reranked.run("index", "explain", QUESTION) == OK
    seen = capsys.readouterr().out
    assert f"the best {DEPTH} were read by {opened().card.model}" in seen
    assert built.run("index", "explain", QUESTION) == OK
    assert "were read by" not in capsys.readouterr().out


def test_doctor_tries_the_reranker_if_one_is_set(built, opened, capsys):
    assert built.with_reranker(opened().card.model).run("doctor") == OK
    seen = capsys.readouterr().out
    assert f"ok   reranker: {opened().card.model}, {DEPTH} passages took " in seen
    assert built.run("doctor") == OK
    assert "reranker" not in capsys.readouterr().out


@pytest.mark.parametrize("argv", [["ask", QUESTION], ["index", "build"], ["doctor"]], ids=str)
def test_a_reranker_of_two_labels_stops_whatever_needs_it(built, tiny_models, capsys, argv):
    wrong = built.with_reranker(tiny_models.folder("classifier"))
    assert wrong.run(*argv) == FAILED
    seen = capsys.readouterr()
    assert "it gives 2 scores a pair" in seen.out + seen.err
    assert "run `pmrole index build`" in seen.out + seen.err


def test_a_name_that_no_hub_knows_is_refused_with_what_to_do(built):
    env = {**built.env, "RERANKER_MODEL": "nobody/no-such-reranker", "HF_HUB_OFFLINE": "1"}
    seen = run(["index", "build"], env, built.folder)
    assert seen.returncode == FAILED
    assert "pmrole: cannot load the reranker 'nobody/no-such-reranker': " in seen.stderr
    assert "set RERANKER_MODEL to the name or folder of a" in seen.stderr
    assert "Traceback" not in seen.stderr
