"""The command line: what it prints, what it returns, and what it says when something is wrong."""

import json
import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.cli import DOUBTFUL, FAILED, OK, USAGE, main
from bot.cli.asking import context_of
from bot.domain import Message
from index.generation_store import GenerationStore
from tests.builds import ARTICLES, write_articles
from tests.commands import run

QUESTION = "What does a roadmap tell a team?"
KINDS = {"answer", "comparison", "clarification", "no_answer"}
CITATION = ["number", "article", "title", "heading", "quote", "start", "end", "url", "updated"]
# Every command that reads the index.
READING = {
    "ask": ["ask", QUESTION],
    "json": ["ask", QUESTION, "--json"],
    "batch": ["ask", "--batch", "questions.jsonl"],
    "status": ["index", "status"],
    "list": ["index", "list"],
    "verify": ["index", "verify"],
    "rollback": ["index", "rollback"],
    "explain": ["index", "explain", QUESTION],
    "left out": ["index", "explain"],
    "eval": ["eval", "questions.jsonl"],
}


@dataclass(frozen=True)
class Installation:
    """A folder with articles and their index, and the settings that name them."""

    folder: Path
    encoders: Path
    model: str

    @property
    def knowledge(self):
        return self.folder / "knowledge"

    @property
    def store(self):
        return GenerationStore(self.folder / "index")

    @property
    def env(self):
        return {
            "KNOWLEDGE_DIR": str(self.knowledge),
            "INDEX_DIR": str(self.store.folder),
            "ENCODER_DIR": str(self.encoders),
            "EMBEDDING_MODEL": self.model,
            "DATABASE_URL": f"sqlite:///{self.folder / 'state.db'}",
        }

    def run(self, *argv):
        """Run a command in this process; return its exit status."""
        return main([str(one) for one in argv], self.env)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, tiny_models):
    """An installation whose index is built; tests that change it take `installation`."""
    folder = tmp_path_factory.mktemp("installation")
    write_articles(folder / "knowledge", ARTICLES)
    made = Installation(folder, tiny_models.encoders, str(tiny_models.folder("bert")))
    assert made.run("index", "build") == OK
    return made


@pytest.fixture
def installation(shared, tmp_path):
    """A copy of the installation that a test may change."""
    shutil.copytree(shared.folder, tmp_path / "installation")
    return replace(shared, folder=tmp_path / "installation")


@pytest.fixture
def bare(shared, tmp_path):
    """An installation without an index."""
    write_articles(tmp_path / "knowledge", ARTICLES)
    return replace(shared, folder=tmp_path)


def lines_of(path, *items):
    path.write_text("".join(json.dumps(item) + "\n" for item in items), "utf-8")
    return path


# --- index build


def test_a_build_says_what_it_indexed_and_embedded(bare, capsys):
    assert bare.run("index", "build") == OK
    seen = capsys.readouterr()
    name = bare.store.current_name()
    assert seen.out.startswith("Indexed 3 articles (3 added, 0 changed, 0 removed): 4 passages, ")
    assert seen.out.rstrip().endswith(f"Published {name}.")
    for step in ("reading articles", "cutting into passages", "embedding"):
        assert f"{step}: " in seen.err
        assert f"{step}: done in " in seen.err


def test_a_second_build_embeds_what_changed_alone(installation, capsys):
    roadmap = installation.knowledge / "roadmap.md"
    roadmap.write_text(roadmap.read_text().replace("dates", "names"))
    assert installation.run("index", "build") == OK
    assert "(0 added, 1 changed, 0 removed)" in capsys.readouterr().out
    assert installation.run("index", "build") == OK
    assert "; 0 texts embedded" in capsys.readouterr().out
    assert installation.run("index", "build", "--full") == OK
    assert "; 0 texts embedded" not in capsys.readouterr().out


def test_a_build_with_refused_or_doubtful_articles_says_which_and_returns_3(bare, capsys):
    write_articles(bare.knowledge, {"broken.pdf": "no PDF", "twin.md": "# Roadmap\n\nAnother.\n"})
    assert bare.run("index", "build") == DOUBTFUL
    seen = capsys.readouterr()
    assert "Indexed 4 articles" in seen.out
    assert "Refused: broken.pdf: " in seen.err
    assert "Doubtful: twin.md: same title as roadmap.md" in seen.err


@pytest.mark.parametrize("make", [False, True], ids=["missing", "empty"])
def test_a_build_without_articles_fails_and_keeps_the_old_index(
    installation, capsys, tmp_path, make
):
    before = installation.store.current_name()
    if make:
        (tmp_path / "none").mkdir()
    assert installation.run("index", "build", "--knowledge", tmp_path / "none") == FAILED
    assert str(tmp_path / "none") in capsys.readouterr().err
    assert installation.store.current_name() == before


def test_what_is_left_out_is_counted_or_listed(bare, capsys):
    advert = "Sign up for our free course today and land your dream job in tech!"
    write_articles(bare.knowledge, {"sold.md": f"# Sold\n\nA plan is made first.\n\n{advert}\n"})
    assert bare.run("index", "build") == OK
    assert "Left out 1 stretches; `pmrole index explain` lists them." in capsys.readouterr().out
    assert bare.run("index", "build", "--explain") == OK
    assert f"Left out of sold.md (advert): {advert!r}" in capsys.readouterr().out
    assert bare.run("index", "explain") == OK
    assert capsys.readouterr().out == f"left out sold.md (advert): {advert!r}\n"


def change_nothing(_installation):
    return False


def edit_an_article(installation):
    (installation.knowledge / "new.md").write_text("# New\n\nA sentence.\n")
    return True


def damage_the_index(installation):
    (installation.store.folder / installation.store.current_name() / "passages.db").unlink()
    return True


def remove_the_index(installation):
    shutil.rmtree(installation.store.folder)
    return True


@pytest.mark.parametrize(
    "change", [change_nothing, edit_an_article, damage_the_index, remove_the_index]
)
def test_a_build_if_changed_builds_only_where_something_did(installation, capsys, change):
    before = installation.store.current_name()
    changed = change(installation)
    assert installation.run("index", "build", "--if-changed") == OK
    assert bool(capsys.readouterr().out) is changed
    assert (installation.store.current_name() != before) is changed


def test_a_build_if_changed_notices_another_size_of_passages(installation):
    before = installation.store.current_name()
    assert installation.run("index", "build", "--if-changed", "--chunk-tokens", "32") == OK
    assert installation.store.current_name() != before


def test_a_build_if_changed_notices_that_the_model_changed(bare, tmp_path, capsys):
    model = tmp_path / "model"
    shutil.copytree(bare.model, model)
    made = replace(bare, model=str(model))
    assert made.run("index", "build") == OK
    capsys.readouterr()
    assert made.run("index", "build", "--if-changed") == OK
    assert capsys.readouterr().out == ""
    config = model / "config.json"
    config.write_text(config.read_text("utf-8") + "\n", "utf-8")
    assert made.run("index", "status") == OK
    assert "up to date: no: run `pmrole index build`" in capsys.readouterr().out


def test_an_index_of_a_model_that_cannot_be_compiled_is_up_to_date_too(
    bare, tiny_models, capsys, caplog
):
    made = replace(bare, model=str(tiny_models.folder("static")))
    with caplog.at_level(logging.WARNING):
        assert made.run("index", "build") == OK
    assert "is served by sentence-transformers as it is" in caplog.text
    capsys.readouterr()
    assert made.run("index", "build", "--if-changed") == OK
    assert capsys.readouterr().out == ""
    assert made.run("ask", QUESTION, "--json") == OK
    assert json.loads(capsys.readouterr().out)["passages"]


# --- index status, list, verify, rollback, explain


def test_status_says_what_is_published_and_whether_it_is_up_to_date(installation, capsys):
    name = installation.store.current_name()
    assert installation.run("index", "status") == OK
    seen = dict(line.strip().split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert seen["name"] == name
    assert seen["model"] == installation.model
    assert (seen["dimension"], seen["chunk tokens"]) == ("48", "96")
    assert seen["articles"] == "3 (0 with problems)"
    assert seen["up to date"] == "yes"
    edit_an_article(installation)
    assert installation.run("index", "status") == OK
    assert "up to date: no: run `pmrole index build`\n" in capsys.readouterr().out


def test_list_marks_the_published_generation(installation, capsys):
    first = installation.store.current_name()
    edit_an_article(installation)
    assert installation.run("index", "build") == OK
    capsys.readouterr()
    assert installation.run("index", "list") == OK
    second = installation.store.current_name()
    assert capsys.readouterr().out == (
        f"* {second}  4 articles, 5 passages\n  {first}  3 articles, 4 passages\n"
    )


def test_list_names_a_generation_that_cannot_be_read_among_the_others(installation, capsys):
    first = installation.store.current_name()
    assert installation.run("index", "build") == OK
    capsys.readouterr()
    (installation.store.folder / first / "manifest.json").write_text("{")
    assert installation.run("index", "list") == OK
    published, damaged = capsys.readouterr().out.splitlines()
    assert published.endswith("3 articles, 4 passages")
    assert damaged.startswith(f"  {first}  ")
    assert "manifest.json cannot be read" in damaged


def test_verify_says_that_all_is_good_or_names_what_is_damaged(installation, capsys):
    name = installation.store.current_name()
    assert installation.run("index", "verify") == OK
    assert capsys.readouterr().out.startswith(f"{name} is good: ")
    file = installation.store.folder / name / "sentences.f16.npy"
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    assert installation.run("index", "verify") == FAILED
    assert capsys.readouterr().err == f"pmrole: {file} is damaged: its checksum differs\n"


def test_rollback_goes_to_the_generation_before_or_to_the_one_named(installation, capsys):
    first = installation.store.current_name()
    assert installation.run("index", "build") == OK
    second = installation.store.current_name()
    capsys.readouterr()
    assert installation.run("index", "rollback") == OK
    assert capsys.readouterr().out == f"{first} is published\n"
    assert installation.store.current_name() == first
    assert installation.run("index", "rollback") == FAILED
    assert f"no generation before {first} is kept" in capsys.readouterr().err
    assert installation.run("index", "rollback", second) == OK
    assert installation.store.current_name() == second


def test_rollback_refuses_a_generation_that_is_damaged_or_unknown(installation, capsys):
    first = installation.store.current_name()
    assert installation.run("index", "build") == OK
    second = installation.store.current_name()
    (installation.store.folder / first / "passages.db").unlink()
    for name, words in [(first, "passages.db is missing"), ("nowhere", "nowhere")]:
        capsys.readouterr()
        assert installation.run("index", "rollback", name) == FAILED
        assert words in capsys.readouterr().err
        assert installation.store.current_name() == second


def test_explain_shows_the_signals_of_each_hit(shared, capsys):
    assert shared.run("index", "explain", QUESTION) == OK
    out = capsys.readouterr().out
    assert out.startswith("weights {")
    assert "; Signals(" in out.splitlines()[0]
    first, sentence = out.splitlines()[1:3]
    assert first.startswith(" 1 ")
    assert "BM25 1.000  roadmap.md" in first
    assert sentence.strip() in ARTICLES["roadmap.md"]


def test_explain_lists_the_problems_of_the_articles(bare, capsys):
    write_articles(bare.knowledge, {"broken.pdf": "no PDF", "twin.md": "# Roadmap\n\nAnother.\n"})
    assert bare.run("index", "build") == DOUBTFUL
    capsys.readouterr()
    assert bare.run("index", "explain") == OK
    refused, doubtful = capsys.readouterr().out.splitlines()
    assert refused.startswith("refused  broken.pdf: ")
    assert doubtful.startswith("doubtful twin.md: same title as roadmap.md")


# --- ask


def test_ask_prints_a_reply(shared, capsys):
    assert shared.run("ask", QUESTION) == OK
    assert capsys.readouterr().out.strip()


def assert_is_a_reply(seen, question):
    """Assert that an object is what docs/machine-interface.md promises."""
    assert list(seen) == [
        "id",
        "question",
        "kind",
        "titles",
        "confidence",
        "text",
        "sentences",
        "citations",
        "passages",
        "suggestions",
        "milliseconds",
    ]
    assert seen["question"] == question
    assert seen["kind"] in KINDS
    assert 0.0 <= seen["confidence"] <= 1.0
    assert isinstance(seen["text"], str)
    for name in ("titles", "suggestions"):
        assert all(isinstance(one, str) for one in seen[name])
    numbers = [one["number"] for one in seen["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for one in seen["citations"]:
        assert [*one] == CITATION
        assert len(one["quote"]) == one["end"] - one["start"]
    for one in seen["sentences"]:
        assert set(one) == {"text", "citation"}
        assert one["text"] in seen["citations"][one["citation"] - 1]["quote"]
        assert one["text"] in seen["text"]
    assert [one["rank"] for one in seen["passages"]] == list(range(1, len(seen["passages"]) + 1))
    assert len(seen["passages"]) <= 10
    for one in seen["passages"]:
        assert [*one] == ["rank", "score", "article", "heading", "text"]
        assert isinstance(one["score"], float)
    assert {type(one) for one in seen["milliseconds"].values()} == {float}
    assert "total" in seen["milliseconds"]


def test_ask_as_json_prints_one_object_of_the_machine_interface(shared, capsys):
    assert shared.run("ask", QUESTION, "--json") == OK
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    seen = json.loads(out)
    assert_is_a_reply(seen, QUESTION)
    assert seen["id"] is None
    assert len(seen["passages"]) == 4
    for one in seen["citations"]:
        text = ARTICLES[one["article"]]
        assert " ".join(one["quote"].split()) in " ".join(text.split())


@pytest.mark.parametrize("question", ["", "  ", "?", "\0", "x " * 5000, "日本語 🙂"])
def test_any_question_gets_a_reply(shared, capsys, question):
    assert shared.run("ask", question, "--json") == OK
    assert json.loads(capsys.readouterr().out)["kind"] in KINDS


def test_an_article_path_is_relative_to_the_knowledge_folder(shared, capsys):
    assert shared.run("ask", "who reports to the VP of product", "--json") == OK
    paths = {one["article"] for one in json.loads(capsys.readouterr().out)["passages"]}
    assert paths == set(ARTICLES)


# --- ask --batch


def test_a_batch_answers_each_line_in_order(shared, tmp_path, capsys):
    questions = [QUESTION, "who leads product teams", "zebra", QUESTION]
    items = [{"id": f"q{n}", "question": question} for n, question in enumerate(questions)]
    assert shared.run("ask", "--batch", lines_of(tmp_path / "q.jsonl", *items)) == OK
    seen = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["id"] for one in seen] == ["q0", "q1", "q2", "q3"]
    for one, question in zip(seen, questions, strict=True):
        assert_is_a_reply(one, question)
    assert seen[0]["passages"] == seen[3]["passages"]


def test_a_batch_names_bad_lines_and_answers_the_others(shared, tmp_path, capsys):
    file = tmp_path / "q.jsonl"
    file.write_bytes(
        b'{"id": 1, "question": "what is a roadmap"}\n'
        b"\n"
        b"not JSON\n"
        b'["what is a roadmap"]\n'
        b'{"question": 5}\n'
        b'{"id": "no question"}\n'
        b'{"question": "bad byte \xff in it"}\n'
        b'{"question": "who leads", "context": 5}\n'
        b'{"id": "last", "question": "who leads"}'
    )
    assert shared.run("ask", "--batch", file) == FAILED
    seen = capsys.readouterr()
    assert [json.loads(line)["id"] for line in seen.out.splitlines()] == [1, None, None, "last"]
    wanted = 'an object with a "question" is wanted'
    errors = seen.err.splitlines()
    assert errors[0].startswith(f"pmrole: {file}, line 3: not JSON: ")
    assert errors[1:] == [f"pmrole: {file}, line {number}: {wanted}" for number in (4, 5, 6)]


def test_a_batch_is_read_from_standard_input(shared):
    lines = '{"id": "a", "question": "what is a roadmap – café"}\nnot JSON\n'
    seen = run(["ask", "--batch", "-"], shared.env, shared.folder, stdin=lines)
    assert seen.returncode == FAILED
    assert_is_a_reply(json.loads(seen.stdout), "what is a roadmap – café")
    assert seen.stderr.startswith("pmrole: -, line 2: not JSON: ")


def test_a_batch_of_nothing_prints_nothing(shared, tmp_path, capsys):
    assert shared.run("ask", "--batch", lines_of(tmp_path / "q.jsonl")) == OK
    assert capsys.readouterr().out == ""


def test_a_batch_that_is_not_there_is_named(shared, tmp_path, capsys):
    assert shared.run("ask", "--batch", tmp_path / "none.jsonl") == FAILED
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["ask"], ["ask", QUESTION, "--batch", "-"]])
def test_ask_wants_either_a_question_or_a_batch(shared, capsys, argv):
    assert shared.run(*argv) == USAGE
    assert 'ask "a question", or --batch FILE' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("context", "wanted"),
    [
        (None, ()),
        ([], ()),
        (
            [{"from": "user", "text": "what is a CPO"}, {"from": "bot", "text": "A chief."}],
            (Message("user", "what is a CPO"), Message("bot", "A chief.")),
        ),
        (
            [{"text": "no sender"}, {"from": "bot"}],
            (Message("user", "no sender"), Message("bot", "")),
        ),
        ([{"from": "somebody", "text": "x"}, "no object", 3], (Message("user", "x"),)),
        (
            "User: what is a CPO / Bot: A chief: of product. / and pay?",
            (
                Message("user", "what is a CPO"),
                Message("bot", "A chief: of product."),
                Message("user", "and pay?"),
            ),
        ),
        ("note: keep this", (Message("user", "note: keep this"),)),
        ("", ()),
        (5, ()),
        ({"from": "user"}, ()),
    ],
)
def test_the_context_of_a_question_is_its_thread(context, wanted):
    assert context_of({"question": "x", "context": context}) == wanted


def test_a_batch_may_carry_context_in_both_forms(shared, tmp_path, capsys):
    thread = [{"from": "user", "text": "what is a roadmap"}, {"from": "bot", "text": "A plan."}]
    items = [
        {"id": "list", "question": "and who makes it?", "context": thread},
        {"id": "text", "question": "and who makes it?", "context": "User: what is a roadmap"},
    ]
    assert shared.run("ask", "--batch", lines_of(tmp_path / "q.jsonl", *items)) == OK
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_chat_answers_line_after_line_until_the_input_ends(shared):
    text = "what is a roadmap\n\nwho leads product teams\n"
    seen = run(["chat"], shared.env, shared.folder, stdin=text)
    assert (seen.returncode, seen.stderr) == (OK, "")
    assert seen.stdout.strip()


# --- eval


CASES = [
    {"question": QUESTION, "gold_doc": "roadmap.md"},
    {
        "question": "who reports to the chief executive",
        "gold_doc": ["ladder/head-of-product"],
        "also_ok": ["vp-of-product"],
        "evidence": "The head of product reports to the chief executive.",
    },
    {
        "question": "and who reports to the VP",
        "context": [{"from": "user", "text": "what does a VP of product do"}],
        "gold_doc": "vp-of-product",
        "evidence": ["directors of product  report to the VP", "Nobody says this."],
        "gold_points": ["Directors of product report to the VP.", "Zebras have stripes."],
        "answerable": True,
    },
    {"question": "zebra giraffe", "answerable": False},
]
MEASURES = [
    "questions",
    *(f"article {name}" for name in ("recall@1", "recall@3", "recall@5", "recall@10")),
    "article MRR@10",
    "article nDCG@10",
    *(f"passage {name}" for name in ("recall@1", "recall@3", "recall@5", "recall@10")),
    "passage MRR@10",
    "passage nDCG@10",
    "answered of answerable",
    "answered, citing the gold article",
    "answer sentence hit rate",
    "gold points covered",
    "refusal precision",
    "refusal recall",
    "refusal F1",
    "confidence AUROC",
    "latency p50 ms",
    "latency p95 ms",
]


def test_eval_as_json_measures_retrieval_answers_refusals_and_time(shared, tmp_path, capsys):
    file = lines_of(tmp_path / "cases.jsonl", *CASES)
    assert shared.run("eval", file, "--json") == OK
    seen = json.loads(capsys.readouterr().out)
    assert set(MEASURES) <= set(seen)
    assert seen["questions"] == 4
    assert seen["article recall@10"] == 1.0
    assert seen["passage recall@10"] == 1.0
    assert seen["latency p95 ms"] >= seen["latency p50 ms"] > 0
    for name in MEASURES:
        assert seen[name] is None or seen[name] >= 0.0, name


def test_eval_prints_a_line_a_measure_and_the_worst_questions(shared, tmp_path, capsys):
    trap = {"question": QUESTION, "gold_doc": "no-such-article"}
    file = lines_of(tmp_path / "cases.jsonl", *CASES, trap)
    assert shared.run("eval", file, "--worst", "1") == OK
    *lines, worst = capsys.readouterr().out.splitlines()
    names = [line.split(":")[0].strip() for line in lines]
    assert set(MEASURES) <= set(names)
    assert worst.startswith(("WRONG 99 ", "rank  99 "))
    assert f"{QUESTION!r} wants no-such-article; found roadmap.md" in worst


def test_eval_leaves_undefined_what_the_questions_do_not_say(shared, tmp_path, capsys):
    file = lines_of(tmp_path / "cases.jsonl", {"question": QUESTION})
    assert shared.run("eval", file, "--json") == OK
    seen = json.loads(capsys.readouterr().out)
    assert seen["article recall@1"] is None
    assert seen["passage MRR@10"] is None
    assert seen["gold points covered"] is None
    assert seen["confidence AUROC"] is None
    assert shared.run("eval", file) == OK
    assert "article recall@1: -\n" in capsys.readouterr().out


def test_eval_of_several_gold_articles_counts_them_all(shared, tmp_path, capsys):
    golds = sorted(ARTICLES)
    file = lines_of(tmp_path / "cases.jsonl", {"question": QUESTION, "gold_doc": golds})
    assert shared.run("eval", file, "--json") == OK
    seen = json.loads(capsys.readouterr().out)
    assert seen["article nDCG@10"] == pytest.approx(1.0)


@pytest.mark.parametrize("mode", ["--dense", "--lexical"])
def test_eval_measures_one_signal_alone(shared, tmp_path, capsys, mode):
    file = lines_of(tmp_path / "cases.jsonl", *CASES)
    assert shared.run("eval", file, "--json", mode) == OK
    assert json.loads(capsys.readouterr().out)["article recall@10"] == 1.0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        ('{"question": "x"}\n\n{', "line 3: not JSON"),
        ('["x"]', 'line 1: an object with a "question" is wanted'),
        ('{"question": 1}', 'line 1: an object with a "question" is wanted'),
    ],
)
def test_eval_names_what_is_wrong_with_its_file(shared, tmp_path, capsys, content, reason):
    file = tmp_path / "cases.jsonl"
    if content is not None:
        file.write_text(content)
    assert shared.run("eval", file) == FAILED
    seen = capsys.readouterr()
    assert seen.err.startswith(f"pmrole: {file}: ")
    assert reason in seen.err
    assert seen.out == ""


# --- doctor


def test_doctor_finds_a_good_installation_good(shared, capsys):
    assert shared.run("doctor") == OK
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok   ") for line in lines), lines
    checks = [line[5:].split(":")[0] for line in lines]
    wanted = ["python", "disk", "articles", "model", "index", "answer"]
    assert [check for check in checks if check in wanted] == wanted


def test_doctor_runs_every_check_and_says_what_to_do(bare, tmp_path, capsys):
    (tmp_path / "none").mkdir()
    env = {**bare.env, "EMBEDDING_MODEL": str(tmp_path / "none")}
    assert main(["doctor", "--knowledge", str(tmp_path / "none")], env) == FAILED
    lines = capsys.readouterr().out.splitlines()
    failed = [line for line in lines if line.startswith("FAIL ")]
    for check, words in {
        "articles": "no readable article in",
        "model": "holds no sentence-transformers model",
        "index": "run `pmrole index build",
        "answer": "run `pmrole index build",
    }.items():
        assert any(line.startswith(f"FAIL {check}: ") and words in line for line in failed), lines


def test_doctor_names_a_damaged_file(installation, capsys):
    name = installation.store.current_name()
    (installation.store.folder / name / "lexical" / "rows.bin").unlink()
    assert installation.run("doctor") == FAILED
    assert f"FAIL index: {installation.store.folder / name / 'lexical/rows.bin'} is missing" in (
        capsys.readouterr().out
    )


# --- What goes wrong


@pytest.mark.parametrize("argv", READING.values(), ids=READING)
def test_without_an_index_the_message_names_the_command(bare, capsys, argv):
    assert bare.run(*argv) == FAILED
    seen = capsys.readouterr()
    folder = bare.store.folder
    assert f"no index in {folder}: run `pmrole index build --index {folder}`" in seen.err
    assert seen.out == ""


@pytest.mark.parametrize("argv", [READING["ask"], READING["explain"]], ids=["ask", "explain"])
def test_an_index_made_with_one_model_is_not_asked_with_another(shared, tiny_models, capsys, argv):
    other = replace(shared, model=str(tiny_models.folder("mpnet")))
    assert other.run(*argv) == FAILED
    err = capsys.readouterr().err
    assert f"made with the model '{shared.model}'" in err
    assert f"EMBEDDING_MODEL is '{other.model}': set it back, or run `pmrole index build`" in err


def test_settings_that_are_wrong_are_told_all_at_once(shared, capsys):
    env = {**shared.env, "CHUNK_TOKENS": "many", "LOG_LEVEL": "loud"}
    assert main(["index", "status"], env) == FAILED
    err = capsys.readouterr().err
    assert err.startswith("pmrole: these settings are wrong:\n  ")
    assert "CHUNK_TOKENS='many'" in err
    assert "LOG_LEVEL='loud'" in err


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["index"],
        ["nonsense"],
        ["ask", "a", "b"],
        ["eval"],
        ["index", "build", "--chunk-tokens", "3"],
        ["index", "build", "--chunk-tokens", "many"],
        ["index", "build", "--wait", "long"],
        ["index", "rollback", "--nonsense"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_returns_2_and_says_what_is_wrong(capsys, argv):
    assert main(argv, {}) == USAGE
    assert "usage: pmrole" in capsys.readouterr().err


@pytest.mark.parametrize("argv", [["--help"], ["ask", "--help"], ["index", "build", "--help"]])
def test_help_is_printed(capsys, argv):
    assert main(argv, {}) == OK
    assert capsys.readouterr().out.startswith("usage: pmrole")


def test_a_folder_that_cannot_be_made_is_named_without_a_traceback(bare, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert bare.run("index", "build", "--index", tmp_path / "file" / "index") == FAILED
    err = capsys.readouterr().err
    assert err.startswith("pmrole: ")
    assert str(tmp_path / "file") in err


# --- Folders, and the command as a process


COMMANDS = {**READING, "build": ["index", "build"], "doctor": ["doctor"]}


@pytest.mark.parametrize(("name", "argv"), COMMANDS.items(), ids=COMMANDS)
def test_every_command_takes_both_folders(shared, tmp_path, monkeypatch, name, argv):
    monkeypatch.chdir(tmp_path)
    lines_of(tmp_path / "questions.jsonl", {"question": QUESTION})
    shutil.copytree(shared.folder, tmp_path / "stranger")
    folders = ["--knowledge", "stranger/knowledge", "--index", "stranger/index"]
    env = {**shared.env, "KNOWLEDGE_DIR": "nowhere", "INDEX_DIR": "nowhere"}
    assert main([*argv, *folders], env) == (FAILED if name == "rollback" else OK)
    assert not (tmp_path / "nowhere").exists()


def test_settings_come_from_a_file_beside_which_it_runs_and_the_environment_wins(bare):
    (bare.folder / ".env").write_text("INDEX_DIR=from-the-file\nLOG_LEVEL=INFO\nKNOWLEDGE_DIR=\n")
    env = {name: value for name, value in bare.env.items() if name != "INDEX_DIR"}
    seen = run(["index", "status"], {**env, "LOG_LEVEL": "ERROR"}, bare.folder)
    assert seen.returncode == FAILED
    assert seen.stderr.startswith("pmrole: no index in from-the-file: ")


def test_a_strangers_folder_is_built_and_asked_from_two_commands(bare):
    folders = ["--knowledge", "knowledge", "--index", "handbook-index"]
    built = run(["index", "build", *folders], bare.env, bare.folder)
    assert (built.returncode, built.stdout[:10]) == (OK, "Indexed 3 ")
    asked = run(["ask", "--index", "handbook-index", QUESTION, "--json"], bare.env, bare.folder)
    assert (asked.returncode, asked.stderr) == (OK, "")
    assert json.loads(asked.stdout)["passages"][0]["article"] == "roadmap.md"


def test_a_second_build_at_once_is_refused_with_a_message(installation, capsys):
    with installation.store.building(wait_s=0):
        assert installation.run("index", "build") == FAILED
    assert "another build of" in capsys.readouterr().err
