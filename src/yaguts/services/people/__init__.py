"""Accounts, sessions, passwords, rate limits and the people of a kitchen."""
