"""The dispensers of a kitchen: pairing, tokens, heartbeats, settings."""
