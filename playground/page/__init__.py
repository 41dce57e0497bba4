"""The page of the local Slack: what a person sees, live, and what the app does, in a browser."""
