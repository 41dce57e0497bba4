"""A folder of a test's own, indexed once."""

import pytest

from tests.bot.reindexing.folders import Folder


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path).begin()
    yield made
    made.close()
