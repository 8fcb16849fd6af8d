"""Releases on their way to boards: published, offered, watched, and what the owner says to it."""
