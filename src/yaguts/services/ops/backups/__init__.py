"""Backups and moves: made, kept, tried, laid back."""
