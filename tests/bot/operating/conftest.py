"""A full state, its export, and another database."""

import pytest

from bot.operating.backup import export_state
from bot.state.database import open_database
from bot.state.store import State
from tests.bot.operating.states import fill


@pytest.fixture
def state(tmp_path):
    opened = State.open(f"sqlite:///{tmp_path}/state.db")
    fill(opened)
    yield opened
    opened.close()


@pytest.fixture
def exported(state, tmp_path):
    file = tmp_path / "backup.zip"
    export_state(state.engine, file)
    return file


@pytest.fixture
def other(tmp_path):
    """Another database, with nothing in it."""
    engine = open_database(f"sqlite:///{tmp_path}/other.db")
    yield engine
    engine.dispose()
