"""Releases of the firmware: which board gets which, and when a rollout halts."""
