"""What people could not find, how the bot is used, who is told, what admins approved. No Slack."""
