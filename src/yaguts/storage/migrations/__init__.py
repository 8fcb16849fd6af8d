"""How a database gets from any earlier schema to today's, step by step.

A revision is written by hand and, once released, never changed. It says everything itself, names
of constraints included: `storage.tables` moves on, and a test holds that all revisions together
make what stands there.
"""
