"""A release: its keys, its manifest, its file."""
