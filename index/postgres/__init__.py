"""Generations in Postgres, so that replicas share one index. The only door to psycopg."""
