"""The server harness: the real application, its database, its host."""
