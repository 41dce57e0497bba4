"""The steps by which a state database reaches the present tables."""
