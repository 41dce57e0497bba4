"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def wait_until(condition: Callable[..., object], within_s: float = PATIENCE_S) -> float:
    """Wait until something holds; return how long that took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < begun + within_s, "it never came"
        time.sleep(0.005)
    return time.monotonic() - begun
