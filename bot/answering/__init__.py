"""Question to reply. No Slack in here."""
