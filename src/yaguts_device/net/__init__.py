"""HTTP to the server: one connection, one answer at a time."""
