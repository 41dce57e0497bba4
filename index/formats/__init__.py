"""One module a file format: bytes in, a title and plain blocks out."""
