"""The migrations: how a database gets from any earlier schema to today's, step by step.

A migration is written by hand and, once released, never changed. It names everything itself,
because `storage.tables` goes on changing. A test checks that all migrations together make today's
schema.
"""
