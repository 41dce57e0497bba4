"""The base of every error that the bot raises on purpose; its text is fit for an operator."""


class BotError(Exception):
    """Something is wrong that an admin or operator can mend; the text says how."""
