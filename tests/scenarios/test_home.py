"""The Home tab."""

from tests.scenarios.conftest import Office, buttons_of, text_of


def home_of(office: Office, person):
    """Open the Home tab; return it once the bot has drawn it anew."""
    office.settle()
    before = len(office.slack.called("views.publish"))
    person.opens_home()
    office.wait(lambda: len(office.slack.called("views.publish")) > before, "the Home tab")
    home = person.home()
    assert home is not None
    return home


def answered(office: Office, person, containing: str):
    """Return a modal once an answer stands in it."""
    office.wait(lambda: containing in text_of(office.view(person)), f"{containing!r} in a modal")
    return office.view(person)


def test_it_tells_how_to_ask_and_what_the_bot_knows(shared_office):
    shown = text_of(home_of(shared_office, shared_office.ann))
    assert "/pmrole" in shown
    assert "What I know" in shown
    assert "Chief product officer (CPO)" in shown
    assert "updated 23 November 2026" in shown


def test_every_step_of_the_ladder_can_be_pressed_lowest_first(shared_office):
    buttons = buttons_of(home_of(shared_office, shared_office.ann))
    ladder = buttons[buttons.index("Compare titles…") + 1 :]
    assert ladder[0] == "Associate product manager"
    assert ladder[-1] == "Chief product officer"
    assert "VP of product" in ladder


def test_a_step_of_the_ladder_is_answered_in_a_pop_up(shared_office):
    home = home_of(shared_office, shared_office.ann)
    number = 5 + buttons_of(home)[5:].index("VP of product")
    shared_office.ann.clicks(home, f"ask:{number}")
    modal = answered(shared_office, shared_office.ann, "[1]")
    assert "VP of product" in text_of(modal)
    assert shared_office.called("chat.postMessage") == []


def test_an_example_is_answered_in_a_pop_up_and_leads_on_in_it(shared_office):
    home = home_of(shared_office, shared_office.gus)
    shared_office.gus.clicks(home, "ask:0")
    modal = answered(shared_office, shared_office.gus, "[1]")
    suggestion = buttons_of(modal)[0]
    before = text_of(modal)
    shared_office.gus.clicks(modal, "ask:0")
    shared_office.wait(
        lambda: text_of(shared_office.view(shared_office.gus)) != before, "another answer"
    )
    assert suggestion not in buttons_of(shared_office.view(shared_office.gus))
    assert len(shared_office.gus.views()) == 1


def test_a_comparison_is_a_list_in_a_pop_up(shared_office):
    home = home_of(shared_office, shared_office.ann)
    number = buttons_of(home).index("CPO vs Head of Product")
    shared_office.ann.clicks(home, f"ask:{number}")
    modal = answered(shared_office, shared_office.ann, "Reports to")
    assert "table" not in {one["type"] for one in modal.blocks}


def test_a_pop_up_closed_before_its_answer_is_not_spoken_of(shared_office):
    home = home_of(shared_office, shared_office.ann)
    shared_office.slack.refuse("views.update", "not_found")
    shared_office.ann.clicks(home, "ask:0")
    shared_office.wait(lambda: shared_office.called("views.update"), "an answer")
    shared_office.settle()
    assert shared_office.direct_replies(shared_office.ann, 0) == []


def test_titles_picked_on_the_home_tab_are_compared(shared_office):
    shared_office.ann.clicks(home_of(shared_office, shared_office.ann), "home_compare")
    form = shared_office.view(shared_office.ann, "Compare titles")
    picked = {"first_title": "Product manager", "second_title": "Product owner"}
    shared_office.ann.submits(form, picked)
    answered(shared_office, shared_office.ann, "Product manager vs Product owner")


def test_only_admins_see_how_the_bot_is(shared_office):
    for person in (shared_office.ada, shared_office.ole):
        assert "For admins" in text_of(home_of(shared_office, person))
    for person in (shared_office.ann, shared_office.gus):
        assert "For admins" not in text_of(home_of(shared_office, person))


def test_admins_see_how_many_questions_were_asked_and_not_answered(office):
    office.ann.writes("what does a CPO do?")
    office.ann.writes("when do zebras migrate?")
    office.ann.writes("thanks")
    office.direct_replies(office.ann, 3)
    office.settle()
    assert "2 questions today, 1 without an answer" in text_of(home_of(office, office.ada))


def test_it_is_drawn_anew_every_time_it_is_opened(shared_office):
    home_of(shared_office, shared_office.ann)
    home_of(shared_office, shared_office.ann)
    assert len(shared_office.called("views.publish")) == 2


def test_a_home_tab_that_slack_refuses_is_told_to_nobody(shared_office):
    shared_office.slack.refuse("views.publish", "internal_error")
    shared_office.ann.opens_home()
    shared_office.wait(lambda: shared_office.called("views.publish"), "a try")
    shared_office.settle()
    assert shared_office.direct_replies(shared_office.ann, 0) == []
