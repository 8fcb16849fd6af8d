"""Alerts: what is in trouble, who is told of it, where to and when."""
