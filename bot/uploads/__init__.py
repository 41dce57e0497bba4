"""Articles that admins bring: checked, previewed, stored. No Slack in here.

What arrives is not trusted: it is checked by name and content, and read in a process of its own
before this one reads it.
"""
