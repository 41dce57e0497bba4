"""Compare with..., under an answer."""

from tests.scenarios.conftest import VP, Office, buttons_of, text_of

PICKED = {"second_title": "Chief product officer"}


def form(office: Office, person, answer):
    """Open the form from an answer."""
    office.settle()
    person.clicks(answer, "compare_with")
    return office.view(person, "Compare titles")


def test_the_form_begins_with_the_title_of_the_answer(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    first = form(shared_office, shared_office.ann, reply).blocks[0]
    assert first["element"]["initial_option"]["text"]["text"] == "VP of product"


def test_the_comparison_stands_in_the_thread_of_the_answer(shared_office):
    asked = shared_office.ann.says("#careers", f"{shared_office.mention} {VP}")
    (reply,) = shared_office.replies(shared_office.ann, asked)
    shared_office.gus.submits(form(shared_office, shared_office.gus, reply), PICKED)
    _, compared = shared_office.replies(shared_office.ann, asked, 2)
    assert "VP of product vs Chief product officer" in text_of(compared)
    assert [one["type"] for one in compared.blocks].count("table") == 1
    assert shared_office.gus.views() == []


def test_in_a_direct_message_it_stands_below_the_answer(shared_office):
    shared_office.ann.writes(VP)
    (reply,) = shared_office.direct_replies(shared_office.ann)
    shared_office.ann.submits(form(shared_office, shared_office.ann, reply), PICKED)
    _, compared = shared_office.direct_replies(shared_office.ann, 2)
    assert compared.thread_ts == ""
    assert "table" in {one["type"] for one in compared.blocks}


def test_from_a_private_answer_it_stands_in_the_form(shared_office):
    shared_office.ann.commands("/pmrole", VP, "#elsewhere")
    (answer,) = shared_office.whispers(shared_office.ann, "#elsewhere")
    shared_office.ann.submits(form(shared_office, shared_office.ann, answer), PICKED)
    shared_office.wait(
        lambda: "Reports to" in text_of(shared_office.view(shared_office.ann)), "a comparison"
    )
    assert shared_office.called("chat.postMessage") == []


def test_the_same_title_again_is_refused(shared_office):
    shared_office.ann.writes(VP)
    (reply,) = shared_office.direct_replies(shared_office.ann)
    opened = form(shared_office, shared_office.ann, reply)
    response = shared_office.ann.submits(opened, {"second_title": "VP of product"})
    assert response["errors"] == {"second_title": "Pick another title than the first."}


def test_the_form_outlives_a_restart(office):
    office.ann.writes(VP)
    (reply,) = office.direct_replies(office.ann)
    opened = form(office, office.ann, reply)
    office.restart()
    office.ann.submits(opened, PICKED)
    office.direct_replies(office.ann, 2)


def test_an_answer_about_no_title_or_two_offers_no_comparison(shared_office):
    for question in ("what is a roadmap?", "CPO vs head of product"):
        asked = shared_office.ann.says("#careers", f"{shared_office.mention} {question}")
        (reply,) = shared_office.replies(shared_office.ann, asked)
        assert "Compare with…" not in buttons_of(reply)
