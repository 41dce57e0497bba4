"""What whoever runs the bot looks at and keeps: figures, log, backups. No Slack in here."""
