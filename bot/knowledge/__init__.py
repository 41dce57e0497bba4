"""`pmrole knowledge`: is a folder of articles fit to be quoted, and a template for a new one.

Reads the folder and never changes an article; what an article should say is its author's affair.
"""
