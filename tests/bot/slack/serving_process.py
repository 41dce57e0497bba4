"""`pmrole serve` as a process, with the small index of the tests.

That index was made by a fake embedder, which the real command line could not open; everything else
is the real program. Run as a module with the folder of the index, the seconds that opening it
takes, the seconds that a question with the word "slow" takes, and the arguments of `pmrole`.
"""

import importlib
import sys
import time
from types import ModuleType


class Opening(ModuleType):
    """Stands in for bot.cli.asking, which loads what answers; so does this, when it is asked."""

    def open_answerer(self, _settings: object, *, store: object) -> object:  # noqa: ARG002 - as it is called
        """Open the small index."""
        sys.stderr.write("opening\n")
        sys.stderr.flush()
        time.sleep(OPENING_S)
        return importlib.import_module("tests.bot.slack.slow_index").open_answerer(FOLDER, DELAY_S)


if __name__ == "__main__":
    FOLDER, OPENING_S, DELAY_S = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    del sys.argv[1:4]
    sys.modules["bot.cli.asking"] = Opening("bot.cli.asking")
    importlib.import_module("bot.__main__").run()
