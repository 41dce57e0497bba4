"""Articles in, ranked hits out. Never sees Slack, nor the bot."""
