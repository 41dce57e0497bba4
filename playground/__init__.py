"""A local Slack, good enough to run a real Bolt app without a workspace: to test, and to try."""
