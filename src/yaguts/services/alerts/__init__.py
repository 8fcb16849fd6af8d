"""Alerts: people are told what is in trouble, and when it is well again."""
