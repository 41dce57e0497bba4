"""Speed, memory and quality, measured beside peers; the figures printed lie in this folder."""
