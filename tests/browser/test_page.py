"""What a newcomer does on the page, in a real browser, with the real bot."""

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.browser.conftest import CAREERS, INDEXING_MS, PATIENCE_MS

pytestmark = pytest.mark.timeout(900)

ASKED = "@PM Role what does a VP of Product do"
COMPARED = "/pmrole cpo vs head of product"


def text_of(locator, words):
    expect(locator.get_by_text(words).first).to_be_visible()


def test_a_mention_is_answered_in_its_thread(screen):
    screen.types(ASKED)
    text_of(screen.thread, "functional leader")
    expect(screen.main.get_by_role("button", name="1 reply")).to_be_visible()


def test_a_follow_up_in_the_thread_needs_no_mention(screen):
    screen.types(ASKED)
    text_of(screen.thread, "functional leader")
    screen.types("and how do I become one?", "Reply")
    text_of(screen.thread, "the way there and on")


def test_a_command_is_answered_to_its_asker_alone_until_it_is_shared(screen):
    screen.types(COMPARED)
    alone = screen.main.get_by_role("article").filter(has_text="Only visible to you")
    expect(alone.get_by_role("table")).to_be_visible()
    screen.press("Share to channel", alone)
    screen.press("Share", screen.modal)
    everybody = screen.main.get_by_role("article").filter(has_not_text="Only visible to you")
    expect(everybody.get_by_role("table")).to_be_visible()
    screen.open(f"gus/{CAREERS}")
    expect(screen.main.get_by_role("table")).to_have_count(1)


def test_a_comparison_is_a_table_with_a_column_for_each_title(screen):
    screen.types(COMPARED)
    heads = screen.main.get_by_role("table").get_by_role("columnheader")
    expect(heads).to_have_count(3)
    expect(heads.nth(2)).to_have_text("Head of product")


def test_compare_with_asks_for_titles_and_answers_in_the_thread(screen):
    screen.types(ASKED)
    screen.press("Compare with…", screen.thread)
    second = screen.modal.get_by_role("combobox", name="Second title")
    second.select_option(label="Chief product officer")
    screen.press("Compare", screen.modal)
    expect(screen.thread.get_by_role("table")).to_be_visible()
    expect(screen.modal).to_have_count(0)


def test_an_empty_modal_says_what_is_missing(screen):
    screen.main.get_by_label("Shortcuts").click()
    screen.press("Compare product titles")
    screen.press("Compare", screen.modal)
    expect(screen.modal.get_by_role("alert").first).to_contain_text("required")
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_have_count(0)


def test_a_thumb_down_asks_for_the_reason_and_thanks(screen, playground):
    screen.types(ASKED)
    screen.press("Not helpful", screen.thread)
    screen.modal.get_by_role("radio", name="It is hard to understand").check()
    screen.modal.get_by_role("textbox").fill("Fewer abbreviations")
    screen.press("Send", screen.modal)
    expect(screen.modal).to_have_count(0)
    sent = [one for one in playground.slack.deliveries if "view" in one.payload]
    assert [one.error for one in sent if one.payload["type"] == "view_submission"] == [""]


def test_a_thumb_up_is_thanked_for(screen):
    screen.types(ASKED)
    screen.press("Helpful", screen.thread, exact=True)
    text_of(screen.thread, "Your vote is counted")


def test_the_home_offers_titles_to_press(screen):
    screen.press("Home")
    home = screen.page.get_by_role("region", name="App Home")
    text_of(home, "The usual ladder")
    screen.press("Senior product manager", home)
    text_of(screen.modal, "senior product manager")


def test_direct_messages_offer_prompts(screen):
    screen.press("Messages")
    screen.press("What's next after senior PM?")
    expect(screen.main.get_by_role("article").nth(1)).to_contain_text("PM Role")


def test_a_reload_changes_nothing(screen):
    screen.types(ASKED)
    text_of(screen.thread, "functional leader")
    before = screen.thread.inner_text()
    screen.page.reload()
    text_of(screen.thread, "functional leader")
    assert screen.thread.inner_text() == before


def test_messages_of_one_person_reach_the_page_of_another_at_once(screen, playground):
    playground.slack.person("gus").says("#careers", "Is anybody here?")
    expect(screen.main.get_by_text("Is anybody here?")).to_be_visible()


def test_own_messages_are_edited_and_deleted(screen):
    screen.types("Good mornin")
    message = screen.main.get_by_role("article")
    for wanted in ("Edit message", "Delete message"):
        message.get_by_label("More actions").click()
        message.get_by_role("button", name=wanted).click()
        if wanted == "Edit message":
            message.get_by_role("textbox").fill("Good morning")
            message.get_by_role("button", name="Save").click()
            expect(message.get_by_text("(edited)")).to_be_visible()
    expect(message).to_have_count(0)


def test_a_message_shortcut_answers_to_its_user_alone(screen, playground):
    playground.slack.person("gus").says("#careers", "What does a VP of Product do?")
    message = screen.main.get_by_role("article").first
    message.get_by_label("More actions").click()
    message.get_by_role("button", name="Answer with PM Role").click()
    text_of(screen.main, "Only visible to you")


def test_a_command_that_there_is_not_is_refused_in_red(screen):
    screen.page.get_by_role("textbox", name="Message").fill("/nothing")
    screen.page.keyboard.press("Enter")
    expect(screen.main.get_by_role("alert")).to_contain_text("/nothing is not a valid command")


def test_what_slack_refuses_is_shown_in_red_with_the_reason(screen, playground):
    slack = playground.slack
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=CAREERS, text="Too long", blocks=blocks)
    refused = screen.main.get_by_role("alert")
    expect(refused).to_contain_text("Slack refused chat.postMessage: invalid_blocks")
    expect(refused).to_contain_text("must be less than 151 characters")


def test_the_inspector_shows_calls_envelopes_and_acknowledgements(screen):
    screen.types(ASKED)
    text_of(screen.thread, "functional leader")
    screen.press("Inspector")
    inspector = screen.page.get_by_role("complementary", name="Inspector")
    inspector.get_by_text("chat.postMessage").first.click()
    text_of(inspector, '"blocks"')
    screen.press("Envelopes", inspector)
    row = inspector.get_by_role("listitem").filter(has_text="app_mention")
    expect(row).to_contain_text("ms")


def test_the_inspector_shows_redeliveries(screen, playground):
    playground.slack.ack_within_s = 0.0
    playground.slack.redeliver_after = (0.0,)
    playground.slack.person("ann").says("#careers", "Nobody hears this in time")
    screen.press("Inspector")
    inspector = screen.page.get_by_role("complementary", name="Inspector")
    screen.press("Envelopes", inspector)
    expect(inspector.get_by_text("redelivered ×1").first).to_be_visible()
    text_of(inspector, "attempt 2 because of timeout")


def test_blocks_that_are_pasted_are_checked(screen):
    screen.press("Inspector")
    inspector = screen.page.get_by_role("complementary", name="Inspector")
    screen.press("Check blocks", inspector)
    inspector.get_by_role("textbox").fill('[{"type": "divider"}, {"type": "nothing"}]')
    screen.press("Check", inspector.locator(".checking"))
    expect(inspector.get_by_role("alert")).to_contain_text("unsupported type: nothing")


def test_a_reset_forgets_everything(screen):
    screen.types("Good morning")
    expect(screen.main.get_by_role("article")).to_have_count(1)
    screen.press("Reset")
    screen.press("Reset", screen.modal)
    expect(screen.main.get_by_role("article")).to_have_count(0)
    screen.types(ASKED)
    text_of(screen.thread, "functional leader")


def test_an_admin_adds_an_article_and_it_answers(screen):
    screen.press("Add an article as the admin")
    expect(screen.page.get_by_role("combobox", name="You are")).to_have_value("ada")
    screen.press("Send")
    preview = screen.main.get_by_role("article").last
    expect(preview).to_contain_text("How often does a product guild meet?", timeout=PATIENCE_MS)
    screen.press("Add", preview)
    expect(screen.main.get_by_text("is stored").first).to_be_visible()
    expect(screen.main.get_by_text("answer from it now").first).to_be_visible(timeout=INDEXING_MS)
    screen.types("How often does a product guild meet?")
    answer = screen.main.get_by_role("article").last
    expect(answer).to_contain_text("every second Thursday")


def test_a_gap_is_closed_by_an_article_and_who_asked_is_told(screen):
    question = "What is a lantern review?"
    screen.open("gus/D0GUS")
    screen.types(question)
    screen.press("Tell me when you know", screen.main)
    screen.press("Tell me", screen.modal, exact=True)
    expect(screen.main.get_by_role("article")).to_have_count(3)
    screen.open("ada/D0ADA")
    answer = "A lantern review is a meeting where each product manager shows one failed idea."
    article = f"# Lantern reviews\n\n## {question}\n\n{answer}\n"
    file = {"name": "Lantern reviews.md", "mimeType": "text/markdown", "buffer": article.encode()}
    screen.main.locator("input[type=file]").set_input_files(file)
    screen.press("Send", screen.main)
    screen.press("Add", screen.main, exact=True)
    expect(screen.main.get_by_text("answer from it now").first).to_be_visible(timeout=INDEXING_MS)
    screen.open("gus/D0GUS")
    told = screen.main.get_by_text("each product manager shows one failed idea")
    expect(told.first).to_be_visible(timeout=INDEXING_MS)
