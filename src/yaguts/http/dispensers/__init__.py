"""Calls of dispensers, which are nearly all calls: on the shortest way."""
