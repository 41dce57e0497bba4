"""Settings are read once, validated together, and every problem is told at once."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, chunk_tokens

YES, NO = ["true", "YES", "1", "on"], ["false", "No", "0", "off"]


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_env({}) == Settings()


def test_every_setting_is_read():
    seen = Settings.from_env(
        {
            "KNOWLEDGE_DIR": "/a/knowledge",
            "INDEX_DIR": "/a/index",
            "ENCODER_DIR": "/a/encoder",
            "EMBEDDING_MODEL": "intfloat/e5-small-v2",
            "CHUNK_TOKENS": "64",
            "KEEP_BOILERPLATE": "yes",
            "LOG_LEVEL": "debug",
            "SOMETHING_ELSE": "is not ours",
        }
    )
    assert (seen.knowledge_dir, seen.index_dir) == (Path("/a/knowledge"), Path("/a/index"))
    assert (seen.encoder_dir, seen.embedding_model) == (Path("/a/encoder"), "intfloat/e5-small-v2")
    assert (seen.chunk_tokens, seen.keep_boilerplate, seen.log_level) == (64, True, "DEBUG")


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_value_counts_as_not_set(value):
    assert Settings.from_env({"CHUNK_TOKENS": value, "INDEX_DIR": value}) == Settings()


def test_a_tilde_is_the_home_folder():
    assert Settings.from_env({"INDEX_DIR": "~/index"}).index_dir == Path.home() / "index"


@pytest.mark.parametrize(
    ("text", "value"),
    [*((one, True) for one in YES), *((one, False) for one in NO)],
)
def test_yes_and_no_are_written_in_several_ways(text, value):
    assert Settings.from_env({"KEEP_BOILERPLATE": text}).keep_boilerplate is value


def test_every_problem_is_told_at_once_with_what_is_wanted():
    with pytest.raises(SettingsError, match="these settings are wrong") as caught:
        Settings.from_env(
            {"CHUNK_TOKENS": "many", "KEEP_BOILERPLATE": "maybe", "LOG_LEVEL": "LOUD"}
        )
    assert str(caught.value).splitlines() == [
        "these settings are wrong:",
        "  CHUNK_TOKENS='many': a whole number from 16 to 100000 is wanted",
        "  KEEP_BOILERPLATE='maybe': true or false is wanted",
        "  LOG_LEVEL='LOUD': DEBUG, INFO, WARNING or ERROR is wanted",
    ]


@pytest.mark.parametrize("text", ["15", "100001", "-96", "9.6", "", "many", "²", "٩٦٠٠٠٠"])
def test_a_passage_size_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match="a whole number from 16 to 100000 is wanted"):
        chunk_tokens(text)


@pytest.mark.parametrize(("text", "value"), [("16", 16), ("096", 96), ("100000", 100_000)])
def test_a_passage_size_is_a_whole_number(text, value):
    assert chunk_tokens(text) == value


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///state.db",
        "sqlite:////srv/pmrole/state.db",
        "postgres://ann:geheim@host:5432/state",
        "postgresql://host/state?user=ann&password=geheim",
        "postgresql+psycopg:///state",
    ],
)
def test_a_database_is_a_file_or_a_postgres(url):
    settings = Settings.from_env({"DATABASE_URL": url})
    assert settings.database_url == url
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ann:geheim@host/state",
        "geheim",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://geheim/state.db",
        "sqlite:///file:geheim?mode=memory",
        "postgresql://",
    ],
)
def test_another_database_is_refused_without_showing_its_password(url):
    with pytest.raises(SettingsError, match=r"DATABASE_URL='\*\*\*': sqlite:///var") as caught:
        Settings.from_env({"DATABASE_URL": url})
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("text", ["full", "redacted", "OFF"])
def test_the_question_log_is_one_of_three(text):
    assert Settings.from_env({"QUESTION_LOG": text}).question_log == text.lower()


@pytest.mark.parametrize(("text", "days"), [("1", 1), ("030", 30), ("3650", 3650)])
def test_retention_is_a_number_of_days(text, days):
    assert Settings.from_env({"RETENTION_DAYS": text}).retention_days == days


def test_what_is_wrong_with_keeping_is_told_at_once():
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"QUESTION_LOG": "some", "RETENTION_DAYS": "0"})
    assert str(caught.value).splitlines()[1:] == [
        "  QUESTION_LOG='some': full, redacted or off is wanted",
        "  RETENTION_DAYS='0': a whole number from 1 to 3650 is wanted",
    ]


@pytest.mark.parametrize("text", ["-1", "3651", "9.5", "forever", "²", "20261123"])
def test_days_that_make_no_sense_are_refused(text):
    with pytest.raises(SettingsError, match="from 1 to 3650 is wanted"):
        Settings.from_env({"RETENTION_DAYS": text})


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError, match="cannot assign to field"):
        Settings().log_level = "DEBUG"  # type: ignore[misc]


# --- Where the index is kept


@pytest.mark.parametrize("store", ["postgres", "postgres+faiss", "Postgres+FAISS"])
def test_an_index_in_postgres_needs_one(store: str) -> None:
    env = {"INDEX_STORE": store, "DATABASE_URL": "postgresql://a:b@host/name"}
    assert Settings.from_env(env).index_store == store.lower()
    for url in ("", "sqlite:///var/state.db"):
        with pytest.raises(SettingsError, match="DATABASE_URL must name a Postgres for that"):
            Settings.from_env({**env, "DATABASE_URL": url})


def test_another_store_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="INDEX_STORE='faiss': folder, postgres or postgres"):
        Settings.from_env({"INDEX_STORE": "faiss"})
    assert Settings.from_env({"INDEX_STORE": "folder"}) == Settings()
