"""The app's secrets, and which tokens are good for what."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class App:
    """The app's ids and secrets, as its settings pages show them; made anew for every run."""

    id: str = "A0LOCAL"
    client_id: str = "1000000000.2000000000"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12), repr=False)
    app_token: str = field(
        default_factory=lambda: f"xapp-1-A0LOCAL-{secrets.token_hex(16)}", repr=False
    )


@dataclass(frozen=True, slots=True)
class Token:
    """A bot token, and what became of it."""

    text: str = field(repr=False)
    team: str
    scopes: frozenset[str] | None
    state: Literal["alive", "token_revoked", "account_inactive"] = "alive"


class Tokens:
    """Every bot token that was ever given out."""

    def __init__(self) -> None:
        self._by_text: dict[str, Token] = {}

    def install(self, team: str, scopes: frozenset[str] | None) -> Token:
        """Give out the token of an installation.

        Installed again with the same scopes the old token goes on; with others it is replaced.
        """
        alive = self.alive(team)
        if alive and alive.scopes == scopes:
            return alive
        self.end(team, "token_revoked")
        token = Token(f"xoxb-{team}-{secrets.token_hex(12)}", team, scopes)
        self._by_text[token.text] = token
        return token

    def find(self, text: str) -> Token | None:
        """Find a token, good or not."""
        return self._by_text.get(text)

    def alive(self, team: str) -> Token | None:
        """Return the token that is good in a workspace."""
        tokens = self._by_text.values()
        return next((one for one in tokens if one.team == team and one.state == "alive"), None)

    def end(self, team: str, state: Literal["token_revoked", "account_inactive"]) -> None:
        """Make the tokens of a workspace fail with an error of that name."""
        for text, token in self._by_text.items():
            if token.team == team and (token.state == "alive" or state == "account_inactive"):
                self._by_text[text] = replace(token, state=state)
