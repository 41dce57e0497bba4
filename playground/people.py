"""The people of a workspace."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, or the bot's own user."""

    id: str
    name: str
    real_name: str
    team: str
    is_guest: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    bot_id: str = ""
    is_deactivated: bool = False


def people_of(team: str, suffix: str = "") -> tuple[Person, ...]:
    """Return a member, a guest, an admin and an owner; the suffix makes their ids unique."""
    return (
        Person(f"U0ANN{suffix}", "ann", "Ann Member", team),
        Person(f"U0GUS{suffix}", "gus", "Gus Guest", team, is_guest=True),
        Person(f"U0ADA{suffix}", "ada", "Ada Admin", team, is_admin=True),
        Person(f"U0OLE{suffix}", "ole", "Ole Owner", team, is_admin=True, is_owner=True),
    )


def shape_of(person: Person) -> dict[str, Any]:
    """Return a person as `users.info` shows it."""
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.is_deactivated,
        "color": "9f69e7",
        "real_name": person.real_name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "team": person.team,
            **({"bot_id": person.bot_id} if person.is_bot else {}),
        },
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": person.is_owner,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 1_700_000_000,
    }
