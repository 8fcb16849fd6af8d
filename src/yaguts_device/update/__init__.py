"""Signed updates: fetched into the slot that does not run, verified, tried, confirmed or left.

Loaded only while there is something to do, and let go afterwards: see `flow.updates`.
"""

NAMESPACE = "slot"
"""Of the cells in NVS, for the loader as well: see `cells`."""
