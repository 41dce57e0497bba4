"""What `make bench-peers` makes of its measurements; the peers themselves are not needed here."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.measuring import Worker, run
from bench.peers.environments import pins
from bench.peers.kept import Kept
from bench.peers.pipelines import EVERY, OURS, PEERS, ways
from bench.peers.showing import show
from bench.peers.summing import recall, summarise
from bench.peers.texts import Asked, questions, write_articles

ASKED = (
    Asked("what is a CPO", "cpo.md", declared=True),
    Asked("what is a GPM", "gpm.md", declared=True),
    Asked("cpo?", "cpo.md", declared=False),
)


def figures_of(ms: float, rss: float) -> dict[str, Any]:
    return {"ms": [ms, 2 * ms, 3 * ms], "cpu_ms": 6 * ms, "rss": rss, "peak": 2 * rss}


def kept_of(cold: float, ms: float, rss: float, **found: list[list[str]]) -> dict[str, Any]:
    """Return figures of a pipeline that is asked in some ways, each finding this."""
    answered = {"one": figures_of(ms, rss)}
    if "whole" not in found:
        answered = {"default": figures_of(9 * ms, rss), **answered}
    cold_turns = {
        str(turn): {"seconds": cold + turn, "cpu": cold + 2 * turn, "load": 0.5}
        for turn in (2, 0, 1)
    }
    build = {"seconds": 50.0, "cpu": 70.0, "peak": 300.0, "pieces": 2000, "load": 2.0}
    return {
        "articles": 2,
        "size_mb": 1000.0,
        "recall": {"0": {"pieces": 12, **found}},
        "build": {"0": build},
        "cold": cold_turns,
        "warm": {"0": {**dict.fromkeys(found, answered), "load": 1.0}},
    }


RIGHT = [["cpo.md", "gpm.md"], ["cpo.md", "gpm.md"], ["gpm.md"]]


def test_a_hit_counts_if_it_is_among_the_first_ones() -> None:
    assert recall(RIGHT, ASKED, 1) == pytest.approx(1 / 3)
    assert recall(RIGHT, ASKED, 2) == pytest.approx(2 / 3)


def test_an_answer_may_quote_the_right_article_at_any_place() -> None:
    found = [["gpm.md"] * 9 + ["cpo.md"], [], ["cpo.md"]]
    assert recall(found, ASKED, None) == pytest.approx(2 / 3)
    assert recall(found, ASKED, 5) == pytest.approx(1 / 3)


def test_lists_that_do_not_belong_to_the_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        recall(RIGHT[:2], ASKED, 5)
    with pytest.raises(ValueError, match="no question"):
        recall([], [], 5)


def test_a_summary_is_of_medians_and_of_the_better_number_of_threads() -> None:
    found = summarise("txtai", "retrieval", kept_of(4.0, 10.0, 500.0, retrieval=RIGHT))
    assert (found.cold_s, found.cold_cpu_s, found.build_s) == (5.0, 6.0, 50.0)
    assert (found.rss_mb, found.peak_mb) == (500.0, 1000.0)
    assert found.best_ms == found.warm_ms["one"]
    assert (found.best_ms[0], found.cpu_ms) == (20.0, 20.0)


def test_only_the_whole_question_of_ours_has_a_cold_start() -> None:
    values = kept_of(0.4, 2.0, 150.0, retrieval=RIGHT, whole=RIGHT)
    assert not summarise("ours", "retrieval", values).has_cold
    assert summarise("ours", "whole", values).has_cold
    assert summarise("txtai", "retrieval", kept_of(4.0, 9.0, 9.0, retrieval=RIGHT)).has_cold


def shown(*, cold: float, ms: float, rss: float) -> tuple[str, dict[str, bool | None]]:
    """Show ours, needing this much, beside two peers of which the quicker is not the leaner."""
    quick, lean = PEERS[:2]
    kept = {
        OURS.key: kept_of(cold, ms, rss, retrieval=RIGHT, whole=RIGHT),
        quick.key: kept_of(7.0, 10.0, 900.0, retrieval=RIGHT),
        lean.key: kept_of(15.0, 20.0, 400.0, retrieval=RIGHT),
    }
    text, figures = show(ways((OURS, quick, lean), "a model"), kept, ASKED)
    return text, {one.what: one.held for one in figures}


def test_bars_are_held_against_whichever_peer_is_best_at_each() -> None:
    _, held = shown(cold=0.0, ms=3.3, rss=199.0)
    assert all(held.values())
    assert any("the fastest peer, LlamaIndex" in what for what in held)
    assert any("the leanest peer, LangChain" in what for what in held)


def test_bars_that_are_missed_are_not_called_held() -> None:
    text, held = shown(cold=0.1, ms=6.7, rss=257.0)
    assert not any(held.values())
    assert text.count("**not held**") == 5


def test_ratios_come_first_and_say_what_a_peer_needs_where_ours_needs_one() -> None:
    text, _ = shown(cold=0.0, ms=2.0, rss=100.0)
    ratios = text.split("\n\n")[0]
    row = "| LlamaIndex + FAISS | 8.00 (4.50) | 5.00 / 5.00 (5.00) | 5.00 / 5.00 (5.00) | 9.00 |"
    assert row in ratios
    assert "PM Role, whole" not in ratios


def test_every_kind_of_question_has_its_recall() -> None:
    text, _ = shown(cold=0.0, ms=2.0, rss=100.0)
    assert "| 12 | 1.000 | 0.500 | 0.000 | 0.000 |" in text
    assert "| 12 | 1.000 quoted |  | 0.000 quoted |  |" in text


def test_figures_outlive_the_run_and_those_of_other_versions_do_not(tmp_path: Path) -> None:
    kept = Kept(tmp_path, PEERS[0])
    kept.keep("cold", 1, {"seconds": 2.0})
    kept.keep("cold", 0, {"seconds": 1.0})
    again = Kept(tmp_path, PEERS[0])
    assert [turn["seconds"] for turn in again.turns("cold")] == [1.0, 2.0]
    assert again.has("cold", 1)
    assert not again.has("warm", 1)
    file = tmp_path / f"{PEERS[0].key}.json"
    file.write_text(json.dumps(again.values | {"pins": "others"}), encoding="utf-8")
    assert not Kept(tmp_path, PEERS[0]).has("cold", 1)


@pytest.mark.parametrize("peer", PEERS, ids=lambda one: one.key)
def test_every_requirement_is_pinned_and_torch_is_the_one_of_ours(peer: Any) -> None:
    lines = pins(peer).read_text("utf-8").splitlines()
    wanted = [line for line in lines if not line.startswith("#")]
    assert all(line.count("==") == 1 and line == line.strip() for line in wanted)
    torch = [line for line in pins(OURS).read_text("utf-8").splitlines() if "torch==" in line]
    assert set(torch) <= set(wanted)


def test_articles_are_written_without_what_declares_their_questions(tmp_path: Path) -> None:
    count = write_articles(tmp_path)
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")}
    assert len(written) == count
    asked = questions()
    assert {one.article for one in asked} <= written
    for one in asked:
        text = (tmp_path / one.article).read_text("utf-8")
        assert text.startswith("# ")
        assert "questions:\n" not in text


def test_a_pipeline_builds_answers_and_serves_in_processes_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "pipeline.py"
    script.write_text(
        "from pathlib import Path\n"
        "from bench.peers.acting import act, within\n"
        "def build(model, texts, index):\n"
        "    files = sorted(texts.rglob('*.txt'))\n"
        "    index.write_text('\\n'.join(within(texts, one) for one in files))\n"
        "    return len(files)\n"
        "def open_saved(model, index):\n"
        "    return lambda question: index.read_text().splitlines()\n"
        "raise SystemExit(act(build, open_saved))\n",
        encoding="utf-8",
    )
    texts, index = tmp_path / "texts", tmp_path / "index"
    (texts / "deep").mkdir(parents=True)
    for name in ("a.txt", "deep/b.txt"):
        (texts / name).write_text("text", encoding="utf-8")
    program = ("env", f"PYTHONPATH={Path.cwd()}", sys.executable, str(script))
    built = json.loads(run("build", "m", str(texts), str(index), program=program).stdout)
    assert built["pieces"] == 2
    assert built["peak"] > 1
    assert run("ask", "m", str(index), "who", program=program).stdout == "['a.txt', 'deep/b.txt']\n"
    worker = Worker("serve", "m", str(index), program=program)
    seen = worker.work({"first": "who", "questions": ["who", "what", "why"]})
    worker.close()
    assert seen["found"] == [["a.txt", "deep/b.txt"]] * 3
    assert len(seen["ms"]) == 3
    assert seen["cpu_ms"] > 0
    assert seen["peak"] >= seen["rss"] > 1


def test_every_pipeline_has_a_script_and_pins() -> None:
    for one in EVERY:
        assert (Path("bench/peers") / f"{one.key}.py").is_file()
        assert pins(one).is_file()
