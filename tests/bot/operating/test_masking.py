"""Secrets are found whatever stands around them, and nothing else is changed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operating.masking import Masking
from bot.settings import Settings

SIGNING, CLIENT = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
SETTINGS = Settings(
    slack_bot_token="xoxb-1-2-abcdef",
    slack_app_token="xapp-1-A0-1-abcdef",
    slack_signing_secret=SIGNING,
    slack_client_secret=CLIENT,
    database_url="postgresql://pm:p%40ss-word@db/pmrole",
    metrics_token="a-token-for-prometheus",
)
SECRETS = [
    "xoxb-1-2-abcdef",
    "xapp-1-A0-1-abcdef",
    SIGNING,
    CLIENT,
    "p%40ss-word",
    "p@ss-word",
    "a-token-for-prometheus",
    "xoxp-99-of-somebody-else",
    "xoxe.xoxb-1-rotated-token",
]


@pytest.mark.parametrize("secret", SECRETS)
@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_secret_is_masked_wherever_it_stands(secret, before, after):
    masked = Masking.of(SETTINGS)(f"{before} {secret} {after}")
    assert secret not in masked
    assert "***" in masked


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("https://x.slack.com/commands/T1/22/abcDEF gone", "https://x.slack.com/commands/*** gone"),
        ('url="http://127.0.0.1:1/app/T1/abc"', 'url="http://127.0.0.1:1/app/***"'),
        ("wss://slack.com/link/?ticket=abc-def&app_id=A1", "wss://slack.com/link/?ticket=***&app_id=A1"),
        ("cannot reach postgres://ann:hush@db:5432/x", "cannot reach postgres://ann:***@db:5432/x"),
        ("token=xoxb-12-34-AbC.", "token=xoxb-***."),
    ],
)  # fmt: skip
def test_what_can_be_told_by_its_form_is_masked_without_knowing_it(written, left):
    assert Masking()(written) == left


@given(st.text(string.ascii_letters + string.digits + " .,:/?!\n", max_size=200))
def test_other_texts_stay_as_they_are(text):
    assert Masking.of(SETTINGS)(text) == text


def test_without_secrets_in_the_settings_nothing_is_known():
    text = "sqlite:///var/state.db and an empty password"
    assert Masking.of(Settings())(text) == text
