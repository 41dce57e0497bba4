"""A state in a real SQLite file or a real Postgres, and a clock that tests set."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.state.store import State
from tests.postgres import Postgres

NOON = 1_795_435_200.0  # some day, in seconds since 1970


class Clock:
    """Seconds since 1970 that go on only when a test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/state.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(tables=request.param == "postgres") as address:
        yield address


# What a test is about may be SQLite's own, or a database that has no tables yet.
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_empty = pytest.mark.parametrize("url", ["sqlite", "empty postgres"], indirect=True)


OpenState = Callable[..., State]


@pytest.fixture
def open_state(url: str, clock: Clock) -> Iterator[OpenState]:
    """Open the same state any number of times, as several processes do."""
    opened: list[State] = []

    def one(**options) -> State:
        opened.append(State.open(url, clock=clock, **options))
        return opened[-1]

    yield one
    for state in opened:
        state.close()


@pytest.fixture
def state(open_state: OpenState) -> State:
    return open_state()
