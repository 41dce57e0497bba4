"""What could tell who wrote a question, or about whom, is taken out of it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.state.privacy import kept, redact

WORDS = frozenset(
    "a an and any are ask can cpo do does for from how i in is it just manager me my of okrs on"
    " or pm product say says should tell than the to vp what when who why will with you"
    " interview salary at after he she we call".split()
)


def known(word):
    return word in WORDS


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("What does a VP of Product do?", "What does a VP of Product do?"),
        ("Sarah says I'm no PM", "[name] says I'm no PM"),
        ("my manager Sarah Connor-Müller says", "my manager [name] says"),
        ("should I tell O'Brien's manager?", "should I tell [name] manager?"),
        ("Why is the CPO's salary...", "Why is the CPO's salary..."),
        ("SARAH and McDonald", "[name] and [name]"),
        ("from L5 to L6 in Q3", "from L5 to L6 in Q3"),
        ("Élodie, Øyvind and Ðorđe", "[name], [name] and [name]"),
        ("ask <@U024BE7LH> or <@U1|sarah>", "ask [someone] or [someone]"),
        ("<!channel> and <!subteam^S1|@leads>", "[someone] and [someone]"),
        ("in <#C1|acme-layoffs>", "in [channel]"),
        ("see <https://acme.example/sarah|my page>", "see [link]"),
        ("see https://acme.example/?q=sarah.", "see [link]"),
        ("(www.acme.example)", "[link]"),
        ("mail sarah.connor+pm@acme.example", "mail [email]"),
        ("mail <mailto:sarah@acme.example|sarah>", "mail [link]"),
        ("sarah@acme, or @sarah.connor", "[email] or [someone]"),
        ("call +49 (0)30 123 45-67 after", "call [number] after"),
        ("call 030/1234567", "call [number]"),
        ("call 555-0199", "call [number]"),
        ("grew 555-019 percent", "grew 555-019 percent"),
        ("salary 120000 or 150,000", "salary 120000 or 150,000"),
        ("ticket 12345678901", "ticket [number]"),
        ("٠١٢٣٤٥٦٧٨", "[number]"),
        ("U024BE7LH says", "[name] says"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_question(written, left):
    assert redact(written, known) == left


def test_without_knowing_any_word_every_capital_is_a_name():
    assert redact("What does Sarah do?", lambda _word: False) == "[name] does [name] do?"


def test_words_are_looked_up_in_small_letters_without_their_s():
    asked: list[str] = []

    def note(word):
        asked.append(word)
        return True

    assert redact("Sarah’s CPO", note) == "Sarah’s CPO"
    assert asked == ["sarah", "cpo"]


SECRETS = st.sampled_from(
    ["<@U123ABC456>", "<!here>", "sarah@acme.example", "https://acme.example/x", "+1 555 010 9999"]
)
TEXTS = st.lists(st.text(max_size=12) | SECRETS | st.sampled_from(sorted(WORDS)), max_size=8)


@given(st.text() | TEXTS.map(" ".join))
@example("[name][name] 123 4567 Sarah. Connor")
@example("[Name] [name]")
@example("1234567[name]")
def test_redacting_again_changes_nothing(text):
    once = redact(text, known)
    assert redact(once, known) == once


@given(TEXTS.map(" ".join))
def test_nothing_that_names_someone_is_left(text):
    left = redact(text, known)
    assert not re.search(r"\S@|@\S", left)
    assert not re.search(r"<[@!#][^<>]*>", left)
    assert not re.search(r"(?:\d[ ().-]?){7}", left)
    assert not re.search(r"(?i)(?<![^\s<>])https?://", left)
    for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)*", left):
        capitals = any(letter.isupper() for letter in word)
        plain = word.lower().replace("’", "'").removesuffix("'s")
        assert not capitals or known(plain) or re.fullmatch(r"[A-Z]\d\d?", word)


@given(
    st.lists(st.sampled_from(sorted(WORDS)), max_size=12), st.sampled_from(["", "?", "...", "!"])
)
def test_ordinary_questions_stay_as_they_are(words, end):
    text = " ".join(words).capitalize() + end
    assert redact(text, known) == text


@pytest.mark.parametrize("sign", ["a", "@", "A", "1", "<", "1 ", "A-", "[name]", "a@", "'", "://"])
def test_long_texts_take_no_longer_than_they_are(sign):
    # Forty thousand characters are what Slack takes at most; time that grew with their square
    # would be minutes here.
    redact(sign * (40_000 // len(sign)), known)


@pytest.mark.parametrize(
    ("policy", "left"),
    [("full", "Sarah and a PM"), ("redacted", "[name] and a PM"), ("off", "")],
)
def test_the_setting_decides_what_is_kept(policy, left):
    assert kept("Sarah and a PM", policy, known) == left
