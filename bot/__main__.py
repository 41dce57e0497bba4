"""The only place that reads the environment and leaves the process."""

import os
import sys

from dotenv import dotenv_values

from bot.cli import main


def run() -> None:
    """Run `pmrole` with this process's arguments, ``.env`` first, then the environment."""
    stored = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    env = {**stored, **os.environ}
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        # Bolt reads these by itself, and would turn OAuth on where both a token and a client id
        # are set. What holds is what the settings say.
        del os.environ[name]
    sys.exit(main(sys.argv[1:], env))


if __name__ == "__main__":
    run()
