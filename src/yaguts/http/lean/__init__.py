"""Calls that come often, on the shortest way: those of dispensers, and of people about jobs."""
