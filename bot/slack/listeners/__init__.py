"""One module a surface; each registers what it listens to. They never call each other."""
