"""A process that reindexes a folder and waits at a step to be killed: FOLDER STEP [SETTINGS]."""

import json
import sys
import time
from pathlib import Path

from tests.bot.reindexing.folders import Folder


def wait(*_anything):
    sys.stdout.write("there\n")
    sys.stdout.flush()
    time.sleep(60)


def main(root, step, changes="{}"):
    folder = Folder(Path(root), json.loads(changes))
    reindexer = folder.reindexer()
    if step == "publishing":
        # Between the decision, which is written down, and what it decides.
        reindexer._publish = wait
        (row,) = folder.states[0].reindexes.with_status("blocked")
        reindexer.publish(row.id, "U1")
    else:
        reindexer.run("U1", lambda now: wait() if now.step == step else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
