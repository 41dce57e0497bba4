"""The few pages that a browser meets on the way through the local Slack."""

from collections.abc import Iterable
from html import escape

from playground.oauth import Wish
from playground.workspace import Workspace

LOGIN = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Login | Slack</title>
</head><body><h1>Sign in to your workspace</h1></body></html>"""


def consent(wish: Wish, workspaces: Iterable[Workspace]) -> str:
    """Return the page that asks whether the app may be installed, and where."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in (
            ("client_id", wish.client_id),
            ("scope", ",".join(sorted(wish.scopes))),
            ("redirect_uri", wish.redirect_uri),
            ("state", wish.state),
        )
    )
    options = "".join(
        f'<option value="{escape(one.team)}">{escape(one.name)}</option>' for one in workspaces
    )
    asked = "".join(f"<li>{escape(one)}</li>" for one in sorted(wish.scopes))
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Install</title></head>'
        f'<body><h1>PM Role asks to</h1><ul>{asked}</ul><form method="post">{hidden}'
        f'<label>Workspace <select name="team">{options}</select></label>'
        '<button name="verdict" value="allow">Allow</button>'
        '<button name="verdict" value="deny">Cancel</button></form></body></html>'
    )
