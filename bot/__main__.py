"""The only place that reads the environment and leaves the process."""

import os
import sys

from dotenv import dotenv_values

from bot.cli import main


def run() -> None:
    """Run `pmrole` with this process's arguments, ``.env`` first, then the environment."""
    stored = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    sys.exit(main(sys.argv[1:], {**stored, **os.environ}))


if __name__ == "__main__":
    run()
