"""A process that waits for SIGTERM ends, however the signal reaches it."""

import signal
import subprocess
import sys

import pytest

from tests.commands import ROOT

# The system may hand a signal to any thread: here always to another than the one that waits.
_WAITS = """
import signal, sys, threading, time
from bot.cli.stopping import StopSignal

def told():
    time.sleep(0.3)  # until the main thread waits
    signal.pthread_kill(threading.get_ident(), int(sys.argv[1]))
    time.sleep(60)

stop = StopSignal()
stop.listen()
threading.Thread(target=told, daemon=True).start()
stop.wait()
stop.close()
print("stopped", flush=True)
signal.raise_signal(int(sys.argv[1]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_another_thread_is_given_ends_the_wait_and_a_second_one_the_process(number):
    command = [sys.executable, "-c", _WAITS, str(int(number))]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.stdout, ended.returncode) == ("stopped\n", -number), ended.stderr
