"""A thread that lets those that answer go first."""

import contextlib
import os
import sys
import threading

# Half way to the politest; measured in docs/architecture.md.
_NICE = 10


def give_way() -> None:
    """Let other threads go before the calling one and those it starts, where the system can.

    Linux keeps a priority a thread; elsewhere nothing changes.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
