"""The articles indexed anew, and what that does to answers, before it is published.

No Slack in here. `Reindexer` is what the command line, Slack and the watch share.
"""
