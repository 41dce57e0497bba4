"""The Slack surfaces: the only place that speaks to Slack."""
